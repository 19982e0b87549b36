// Turns a receipt into a tree: deleted rows grouped by foreign key, each group below its owner.
import type { Receipt, Resource } from '../../control/schemas.ts';
import { listed, rowsOf } from './format.ts';
import { resourceOf } from './resource-tree.ts';

/** Rows of one resource that were deleted through the same foreign key. */
export interface Group {
  readonly resource: string;
  /** The foreign key; null for the row named in the request. */
  readonly via: string | null;
  readonly ids: readonly string[];
  readonly below: readonly Group[];
}

/** Rows that stay with a reference set to null. */
export interface Detachment {
  readonly resource: string;
  readonly field: string;
  readonly ids: readonly string[];
}

/** The root with everything deleted with it, each group below its owner. */
export function cascadeOf({ provider, root, deleted }: Receipt, resources: readonly Resource[]): Group {
  const groups = new Map<string, { resource: string; via: string | null; ids: string[] }>();
  for (const { resource, id, via } of deleted) {
    const key = `${resource} ${via}`;
    const group = groups.get(key) ?? { resource, via, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  const left = new Set(groups.values());
  const below = (owner: string): Group[] =>
    [...left]
      .filter((group) => takenBy(provider, group, resources) === owner)
      .map((group) => {
        left.delete(group);
        return { ...group, below: below(group.resource) };
      });
  const taken = below(root.resource);
  // Rows named in the request, and those whose owner is not deleted, are listed below the root.
  const beside = [...left].map((group) => ({ ...group, below: [] }));
  return { resource: root.resource, via: null, ids: [root.id], below: [...taken, ...beside] };
}

function takenBy(
  provider: string,
  { resource, via }: { resource: string; via: string | null },
  resources: readonly Resource[],
): string | undefined {
  const column = via?.slice(resource.length + 1);
  return resourceOf(resources, provider, resource)?.owners.find((owner) => owner.column === column)?.resource;
}

/** The detached rows by resource and column. */
export function detachments({ detached }: Receipt): Detachment[] {
  const groups = new Map<string, { resource: string; field: string; ids: string[] }>();
  for (const { resource, id, field } of detached) {
    const key = `${resource} ${field}`;
    const group = groups.get(key) ?? { resource, field, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** `1 user, 3 interactions and 12 messages`. */
export function countsText(counts: Receipt['counts']): string {
  return listed(Object.entries(counts).map(([resource, rows]) => rowsOf(rows, resource)));
}

/** The number of rows a receipt counts. */
export function totalOf(counts: Receipt['counts']): number {
  return Object.values(counts).reduce((sum, rows) => sum + rows, 0);
}

/** What happens to a row, by `provider/resource/id`. */
export function marksOf({ provider, root, deleted, detached }: Receipt): Map<string, 'goes' | 'stays'> {
  return new Map([
    ...detached.map(({ resource, id }): [string, 'stays'] => [markKey(provider, resource, id), 'stays']),
    ...[root, ...deleted].map(({ resource, id }): [string, 'goes'] => [markKey(provider, resource, id), 'goes']),
  ]);
}

/** The key of a row in `marksOf`. */
export function markKey(provider: string, resource: string, id: string): string {
  return `${provider}/${resource}/${id}`;
}
