// Who owns whom, made into trees: resources below their owners, and what a row owns.
import type { Owned, Resource, Row } from './answers.ts';

/** A resource and those that are owned by it. */
export interface TreeNode {
  readonly resource: Resource;
  readonly depth: number;
}

/** One provider's resources, each below its owner. */
export interface ProviderTree {
  readonly provider: string;
  readonly title: string;
  readonly nodes: readonly TreeNode[];
}

/** The resources by provider; one with several owners stands below the first that takes it along. */
export function resourceTrees(resources: readonly Resource[]): ProviderTree[] {
  const names = [...new Set(resources.map(({ provider }) => provider))];
  return names.map((provider) => {
    const own = resources.filter((resource) => resource.provider === provider);
    const below = (owner: string | null, depth: number): TreeNode[] =>
      own
        .filter((resource) => ownerOf(resource) === owner)
        .flatMap((resource) => [{ resource, depth }, ...below(resource.name, depth + 1)]);
    return { provider, title: (own[0] as Resource).title, nodes: below(null, 0) };
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

/** Rows of a resource that belong to one row. */
export interface OwnedGroup {
  readonly resource: Resource;
  readonly column: string;
  readonly value: string;
  readonly tie: 'owned' | 'detached' | 'loose';
  readonly rows: number;
}

/** What a row owns, by resource; kinds of which it has none are in it too, so that a person sees there are none. */
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
