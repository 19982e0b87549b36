// A receipt as a tree: which rows went through which foreign key, grouped, below the rows that took them.
import type { Receipt, Resource } from './answers.ts';
import { listed, rowsOf } from './format.ts';
import { resourceOf } from './resource-tree.ts';

/** Rows of one resource that went the same way. */
export interface Group {
  readonly resource: string;
  /** The foreign key that took them; null for the row that was named. */
  readonly via: string | null;
  readonly ids: readonly string[];
  readonly below: readonly Group[];
}

/** Rows that stay and lose a value. */
export interface Detachment {
  readonly resource: string;
  readonly field: string;
  readonly ids: readonly string[];
}

/** The root with everything that goes along, each below what took it. */
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
  // Rows that were named themselves, or whose owner is not among them, stand beside.
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

/** What stays, by resource and column. */
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

/** How many rows a receipt counts. */
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

/** By what a row is known to `marksOf`. */
export function markKey(provider: string, resource: string, id: string): string {
  return `${provider}/${resource}/${id}`;
}
