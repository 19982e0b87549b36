// Ownership of rows: the person a row belongs to, and the rows that its DELETE would also delete.
import { isRemovable, type Pointer } from '../provider/ownership.ts';
import { fieldValue, type KeptRecords, removalPath } from '../provider/resource.ts';
import type { Row } from '../row.ts';
import type { Database } from '../storage/database.ts';
import type { OwnRows, SearchedTable } from './erasure-state.ts';
import type { Subjects } from './erasure-subjects.ts';

/** Rows that are read at a time. */
const ROWS = 100;

/** A row and its table. */
export interface Placed {
  readonly searched: SearchedTable;
  readonly row: Row;
}

/** Whether a row belongs to a subject, to another person, or to no one, such as a room without a creator. */
export type Ownership = 'subject' | 'other' | 'none';

/** Ownership for one check; caches the rows it reads. */
export class RowOwners {
  readonly #db: Database;
  readonly #tables: readonly SearchedTable[];
  readonly #own: OwnRows;
  readonly #subjects: Subjects;
  readonly #rows = new Map<string, Placed | null>();
  readonly #removable = new Map<SearchedTable, boolean>();

  constructor(db: Database, tables: readonly SearchedTable[], own: OwnRows, subjects: Subjects) {
    this.#db = db;
    this.#tables = tables;
    this.#own = own;
    this.#subjects = subjects;
  }

  /** The row and the owners whose removal cascades to it, nearest first. */
  upward(placed: Placed): Placed[] {
    const found = [placed];
    for (const { searched, row } of found) {
      for (const pointer of searched.pointers.filter(({ tie }) => tie === 'owned')) {
        const owner = this.target(pointer, row);
        if (owner !== null && !found.some((one) => one.row === owner.row)) found.push(owner);
      }
    }
    return found;
  }

  /** The row that a column with a value refers to; null if there is none. */
  target(pointer: Pointer, row: Row): Placed | null {
    const value = row[pointer.column] as string;
    const name = `${pointer.target} ${value}`;
    let found = this.#rows.get(name);
    if (found === undefined) {
      const table = pointer.target.slice(0, -pointer.field.length - 1);
      const searched = this.#tables.find((one) => one.table === table) as SearchedTable;
      const [row] = this.#db.once(`select * from ${searched.source} where "${pointer.field}" = ?`, value);
      found = row === undefined ? null : { searched, row };
      this.#rows.set(name, found);
    }
    return found;
  }

  /** The DELETE request of this row itself; null if the provider has none. */
  removal({ searched, row }: Placed): string | null {
    const { provider, resource } = searched;
    let removable = this.#removable.get(searched);
    if (removable === undefined) {
      removable = isRemovable(this.#db, provider, resource);
      this.#removable.set(searched, removable);
    }
    return removable ? `DELETE ${removalPath(resource.removal, provider.mount + provider.base, row)}` : null;
  }

  /** Whether a row belongs to a subject, to another person, or to no one. */
  ownership({ searched, row }: Placed): Ownership {
    const { resource, source, pointers } = searched;
    if (this.#own.rows.get(source)?.has(row[resource.key] as string) === true) return 'subject';
    if (resource.identity !== undefined) return 'other';
    if (resource.kept !== undefined) return this.#ofPersons({ searched, row }, resource.kept);
    // A person the row refers to counts before the owner of its parent.
    const persons = pointers.filter(({ owner, column }) => owner.identity !== undefined && row[column] !== null);
    const named = persons.map((pointer): Ownership => {
      const person = this.target(pointer, row);
      if (person !== null) return this.ownership(person);
      return this.#subjects.include(row[pointer.column] as string) ? 'subject' : 'other';
    });
    if (named.length > 0) return named.includes('subject') ? 'subject' : 'other';
    const above = pointers.flatMap((pointer): Ownership[] => {
      const owner = pointer.owner.identity === undefined ? this.target(pointer, row) : null;
      return owner === null ? [] : [this.ownership(owner)];
    });
    return above.find((one) => one === 'other') ?? above.find((one) => one === 'subject') ?? 'none';
  }

  /** Whom a record belongs to: the persons it is about. One who is gone is known by the key. */
  #ofPersons({ searched, row }: Placed, { about }: KeptRecords): Ownership {
    const found = about.flatMap(({ field, resources }): Ownership[] => {
      const key = fieldValue(row, field);
      if (key === null) return [];
      const persons = this.#tables
        .filter((one) => one.provider === searched.provider && resources.includes(one.resource.name))
        .flatMap((one) =>
          this.#db
            .once(`select * from ${one.source} where "${one.resource.key}" = ?`, key)
            .map((person) => this.ownership({ searched: one, row: person })),
        );
      return persons.length > 0 ? persons : [this.#subjects.include(key) ? 'subject' : 'other'];
    });
    return found.find((one) => one === 'subject') ?? found[0] ?? 'none';
  }

  /** The header that the DELETE of this row needs besides credentials; null for none. */
  header({ searched: { resource }, row }: Placed): Readonly<Record<string, string>> | null {
    if (resource.kept === undefined) return null;
    const { name, column } = resource.kept.header;
    return { [name]: String(row[column]) };
  }

  /** Another person's row that removing this one deletes, itself included; null if there is none. */
  bystander(placed: Placed): Placed | null {
    const { resource } = placed.searched;
    // The subject's own account: its DELETE is the erasure, whatever the provider cascades to.
    if (resource.identity !== undefined && this.ownership(placed) === 'subject') return null;
    const deleted: Iterable<Placed>[] = [[placed]];
    for (const rows of deleted) {
      for (const one of rows) {
        if (this.ownership(one) === 'other') return one;
        deleted.push(this.#ownedBy(one));
      }
    }
    return null;
  }

  /** The rows that a row owns directly, read a few at a time: a room has many, and the first may decide. */
  *#ownedBy({ searched: { table }, row: owner }: Placed): Generator<Placed> {
    for (const child of this.#tables) {
      for (const { column, field, target, tie } of child.pointers) {
        if (tie !== 'owned' || target !== `${table}.${field}`) continue;
        const sql = `select * from ${child.source} where "${column}" = ? and seq > ? order by seq limit ${ROWS}`;
        for (let after = Number.MIN_SAFE_INTEGER, read = ROWS; read === ROWS; ) {
          const rows = this.#db.once(sql, owner[field] as string, after);
          for (const row of rows) yield { searched: child, row };
          read = rows.length;
          after = (rows.at(-1)?.seq ?? after) as number;
        }
      }
    }
  }
}
