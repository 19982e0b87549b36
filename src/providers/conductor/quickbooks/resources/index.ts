// The table of resources: one entry a resource, one file a family. What is not here answers 404 as an unknown route.
import type { ResourceEntry } from '../resource-entry.ts';
import { BANKING } from './banking.ts';
import { BILL_PAYMENTS, BILLS_TO_PAY } from './bill-payments.ts';
import { BUILD_ASSEMBLIES } from './build-assemblies.ts';
import { derivedResources } from './derived.ts';
import { INVENTORY_ADJUSTMENTS } from './inventory-adjustments.ts';
import { ITEM_SITES } from './item-sites.ts';
import { ITEM_FAMILIES } from './items.ts';
import { LISTS } from './lists.ts';
import { MONEY_OUT } from './money-out.ts';
import { PAYMENTS } from './payments.ts';
import { PEOPLE } from './people.ts';
import { PRICE_LEVELS } from './price-levels.ts';
import { PURCHASES } from './purchases.ts';
import { REPORTS } from './reports.ts';
import { SALES } from './sales.ts';
import { TIME_ACTIVITIES } from './time.ts';
import { transactionsFeed } from './transactions.ts';

/** All resources; those that others link to come before those that link to them. */
export const RESOURCE_TABLE: readonly ResourceEntry[] = [
  ...LISTS,
  ...PEOPLE,
  ...ITEM_FAMILIES,
  PRICE_LEVELS,
  ...SALES,
  ...PAYMENTS,
  ...PURCHASES,
  ...BILL_PAYMENTS,
  ...MONEY_OUT,
  BILLS_TO_PAY,
  ...BANKING,
  INVENTORY_ADJUSTMENTS,
  BUILD_ASSEMBLIES,
  ITEM_SITES,
  TIME_ACTIVITIES,
  ...derivedResources(() => RESOURCE_TABLE),
  transactionsFeed(() => RESOURCE_TABLE),
  ...REPORTS,
];
