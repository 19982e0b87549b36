// Ownership: the columns of a resource that refer to other rows, derived from the schema's foreign keys.
import type { Database } from '../storage/database.ts';
import type { Provider } from './provider.ts';
import { type Resource, tableOf } from './resource.ts';

/** A column that refers to another row. */
export interface Pointer {
  readonly column: string;
  /** The referenced resource, and the column there. */
  readonly owner: Resource;
  readonly field: string;
  /** The referenced `table.column`. */
  readonly target: string;
  /** When the owner is deleted, `owned` deletes the row, `detached` clears the column, `loose` leaves it dangling. */
  readonly tie: 'owned' | 'detached' | 'loose';
  /** The path whose DELETE removes the owner, as a template over this column. */
  readonly removal: string;
}

/**
 * The pointers of a resource: foreign keys with an `on delete` action, and references without a foreign key. Foreign
 * keys without an action only relate rows of the same owner.
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

/** Whether a row of the resource has a DELETE of its own, rather than only its owner's. */
export function isRemovable(db: Database, provider: Provider, resource: Resource): boolean {
  return pointersOf(db, provider, resource).every(({ removal }) => removal !== resource.removal);
}
