// Ownership trees: resources below their owners, and the rows a row owns.
import type { Owned, Resource, Row } from '../../control/schemas.ts';
import { isCompanyRow } from './company-record.ts';

/** A resource at its depth in the tree. */
export interface TreeNode {
  readonly resource: Resource;
  readonly depth: number;
}

/** A provider's resources in depth-first order, each below its owner. */
export interface ProviderTree {
  readonly provider: string;
  readonly title: string;
  readonly nodes: readonly TreeNode[];
  /** The resources whose rows are kept in company files, which are too many to be listed beside the others. */
  readonly books: readonly Resource[];
}

/** The resources by provider; one with several owners is below the first whose deletion deletes it. */
export function resourceTrees(resources: readonly Resource[]): ProviderTree[] {
  const names = [...new Set(resources.map(({ provider }) => provider))];
  return names.map((provider) => {
    const all = resources.filter((resource) => resource.provider === provider);
    const own = all.filter((resource) => !isCompanyRow(resource));
    const below = (owner: string | null, depth: number): TreeNode[] =>
      own
        .filter((resource) => ownerOf(resource) === owner)
        .flatMap((resource) => [{ resource, depth }, ...below(resource.name, depth + 1)]);
    return { provider, title: (all[0] as Resource).title, nodes: below(null, 0), books: all.filter(isCompanyRow) };
  });
}

function ownerOf({ owners }: Resource): string | null {
  return owners.find(({ tie }) => tie === 'owned')?.resource ?? null;
}

/** The resource of that name. */
export function resourceOf(
  resources: readonly Resource[],
  provider: string | undefined,
  name: string | undefined,
): Resource | undefined {
  return resources.find((one) => one.provider === provider && one.name === name);
}

/** The rows of one resource that a row owns. */
export interface OwnedGroup {
  readonly resource: Resource;
  readonly column: string;
  readonly value: string;
  readonly tie: 'owned' | 'detached' | 'loose';
  readonly rows: number;
}

/** What a row owns, by resource, including resources with no rows. */
export function ownedGroups(
  resources: readonly Resource[],
  resource: Resource,
  row: Row,
  owned: readonly Owned[],
): OwnedGroup[] {
  return owned.flatMap(({ resource: name, column, counts }) => {
    const child = resourceOf(resources, resource.provider, name);
    const owner = child?.owners.find((one) => one.column === column && one.resource === resource.name);
    if (child === undefined || owner === undefined) return [];
    const value = String(row[owner.field]);
    return [{ resource: child, column, value, tie: owner.tie, rows: counts[value] ?? 0 }];
  });
}

/** The number of rows of resources or groups together. */
export function rowsIn(counted: readonly { readonly rows: number }[]): number {
  return counted.reduce((sum, { rows }) => sum + rows, 0);
}
