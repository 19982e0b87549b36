// The table of resources: one entry a resource, one file a family. What is not here answers 404 as an unknown route.
import type { ResourceEntry } from '../resource-entry.ts';
import { derivedResources } from './derived.ts';
import { ITEM_FAMILIES } from './items.ts';
import { LISTS } from './lists.ts';
import { PAYMENTS } from './payments.ts';
import { PEOPLE } from './people.ts';
import { PRICE_LEVELS } from './price-levels.ts';
import { SALES } from './sales.ts';

/** All resources; those that others link to come before those that link to them. */
export const RESOURCE_TABLE: readonly ResourceEntry[] = [
  ...LISTS,
  ...PEOPLE,
  ...ITEM_FAMILIES,
  PRICE_LEVELS,
  ...SALES,
  ...PAYMENTS,
  ...derivedResources(() => RESOURCE_TABLE),
];
