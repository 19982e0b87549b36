// Who owns whom: which columns of a resource hold another row's key, read off the schema's foreign keys.
import type { Database } from '../storage/database.ts';
import type { Provider } from './provider.ts';
import { type Resource, tableOf } from './resource.ts';

/** A column that holds another row's key. */
export interface Pointer {
  readonly column: string;
  /** The resource it points at, and the column there. */
  readonly owner: Resource;
  readonly field: string;
  /** `table.column` of what it points at. */
  readonly target: string;
  /** The owner's removal takes the row along, takes only the value out, or leaves it pointing at nothing. */
  readonly tie: 'owned' | 'detached' | 'loose';
  /** The path that removes the owner, written with this column's value. */
  readonly removal: string;
}

/**
 * Foreign keys that do something when their owner goes, and keys kept without one. A foreign key without an
 * action only ties rows of one owner to each other.
 */
export function pointersOf(db: Database, provider: Provider, resource: Resource): Pointer[] {
  const keys = db
    .pragma<{ table: string; from: string; to: string; on_delete: string }>(
      `foreign_key_list("${tableOf(provider.name, resource)}")`,
    )
    .filter(({ on_delete }) => on_delete !== 'NO ACTION')
    .map(({ table, from, to, on_delete }): Pointer => {
      const owner = provider.resources.find((one) => tableOf(provider.name, one) === table) as Resource;
      return {
        column: from,
        owner,
        field: to,
        target: `${table}.${to}`,
        tie: on_delete === 'CASCADE' ? 'owned' : 'detached',
        removal: owner.removal.replace(`{${to}}`, `{${from}}`),
      };
    });
  const loose = Object.entries(resource.refersTo ?? {}).map(([column, name]): Pointer => {
    const owner = provider.resources.find((one) => one.name === name) as Resource;
    return {
      column,
      owner,
      field: owner.key,
      target: `${tableOf(provider.name, owner)}.${owner.key}`,
      tie: 'loose',
      removal: owner.removal.replace(`{${owner.key}}`, `{${column}}`),
    };
  });
  return [...keys, ...loose];
}

/** Whether the DELETE that removes such a row is its own, and not its owner's. */
export function isRemovable(db: Database, provider: Provider, resource: Resource): boolean {
  return pointersOf(db, provider, resource).every(({ removal }) => removal !== resource.removal);
}
