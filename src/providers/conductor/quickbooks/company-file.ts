// One end-user's company file: its objects, ids, revision numbers, settings and dates.
import type { Sandbox } from '../../../core/sandbox/sandbox.ts';
import type { Database } from '../../../core/storage/database.ts';
import { dateAt, shownTime } from './file-time.ts';
import { camelCase } from './operations.ts';
import type { CompanyFileFixture, Desk } from './schema.ts';

/** A JSON object. */
export type Json = Record<string, unknown>;

/** A stored object. `resource` is its path segment. */
export interface StoredObject {
  readonly seq: number;
  readonly resource: string;
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly revisionNumber: string;
  readonly body: Json;
}

/** A row of the table of objects. */
export interface ObjectRow {
  seq: number;
  resource: string;
  id: string;
  createdAt: string;
  updatedAt: string;
  revisionNumber: string;
  body: string;
}

/** The columns that are read; the generated ones cost reading the whole body once more. */
const COLUMNS = ['seq', 'resource', 'id', 'createdAt', 'updatedAt', 'revisionNumber', 'body']
  .map((column) => `object.${column}`)
  .join(', ');

const paths = new Map<string, string>();

/** The path segment of a resource as it is stored: `salesOrders` is `sales-orders`. */
export function pathOf(resource: string): string {
  let path = paths.get(resource);
  if (path === undefined) {
    path = resource.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    paths.set(resource, path);
  }
  return path;
}

/** A stored row with its body parsed. */
export function objectOf(row: ObjectRow): StoredObject {
  return { ...row, resource: pathOf(row.resource), body: JSON.parse(row.body) as Json };
}

/** Settings whose references name objects, `{"fullName": "Tax"}`, with the ids of these. */
function withIds(node: Json, ids: ReadonlyMap<string, string>): Json {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [key, value];
      const { fullName } = value as Json;
      return [key, fullName === undefined ? withIds(value as Json, ids) : { id: ids.get(String(fullName)) }];
    }),
  );
}

type FileRow = Record<'timeZone' | 'company' | 'preferences' | 'desk', string>;

/** The company file of one end-user. Nothing is shared between files but the counters of ids. */
export class CompanyFile {
  readonly sandbox: Sandbox;
  readonly endUserId: string;
  readonly timeZone: string;
  /** Whether the work is done at the customer's desk, where a record that is locked for others is open. */
  readonly atDesk: boolean;
  readonly #row: FileRow;
  #preferences: Json | undefined;

  private constructor(sandbox: Sandbox, endUserId: string, row: FileRow, atDesk: boolean) {
    this.sandbox = sandbox;
    this.endUserId = endUserId;
    this.atDesk = atDesk;
    this.timeZone = row.timeZone;
    this.#row = row;
  }

  /** The file of an end-user; undefined where there is none yet. */
  static existing(sandbox: Sandbox, endUserId: string, { atDesk = false } = {}): CompanyFile | undefined {
    const row = sandbox.db.get<FileRow>('select * from conductor_companyFiles where endUserId = ?', endUserId);
    return row && new CompanyFile(sandbox, endUserId, row, atDesk);
  }

  /** The file of an end-user; one that has none yet starts with its name and `companyFile.json` (our choice). */
  static open(sandbox: Sandbox, endUserId: string, options: { readonly atDesk?: boolean } = {}): CompanyFile {
    const found = () => CompanyFile.existing(sandbox, endUserId, options);
    const file = found();
    if (file !== undefined) return file;
    return sandbox.db.transaction(() => {
      const { timeZone, company, preferences, objects } = sandbox.document<CompanyFileFixture>(
        'conductor',
        'companyFile',
      );
      sandbox.db.run(
        'insert into conductor_companyFiles (endUserId, timeZone, company, preferences) values (?, ?, ?, ?)',
        endUserId,
        timeZone,
        JSON.stringify({
          ...sandbox.db.get('select companyName from conductor_endUsers where id = ?', endUserId),
          ...company,
        }),
        JSON.stringify(preferences),
      );
      const file = found() as CompanyFile;
      const ids = new Map<string, string>();
      for (const [resource, bodies] of Object.entries(objects)) {
        for (const body of bodies) {
          const { id } = file.insert(pathOf(resource), file.nextId('list'), body);
          ids.set(String(body.name), id);
        }
      }
      sandbox.db.run(
        'update conductor_companyFiles set preferences = ? where endUserId = ?',
        JSON.stringify(withIds(preferences, ids)),
        endUserId,
      );
      return found() as CompanyFile;
    });
  }

  get db(): Database {
    return this.sandbox.db;
  }

  /** The company, as `GET /company` shows it. */
  get company(): Json {
    return JSON.parse(this.#row.company) as Json;
  }

  /** The preferences, as `GET /preferences` shows them. */
  get preferences(): Json {
    this.#preferences ??= JSON.parse(this.#row.preferences) as Json;
    return this.#preferences;
  }

  /** A group of preferences; empty when it is switched off. */
  preference(group: string): Json {
    return (this.preferences[group] ?? {}) as Json;
  }

  /** Stores changed preferences. */
  savePreferences(preferences: Json): void {
    this.#save('preferences', preferences);
    this.#preferences = preferences;
  }

  /** What is going on at the customer's desk. */
  get desk(): Desk {
    return JSON.parse(this.#row.desk) as Desk;
  }

  /** Stores what is going on at the customer's desk. */
  saveDesk(desk: Desk): void {
    this.#save('desk', desk);
  }

  #save(column: 'preferences' | 'desk', value: object): void {
    this.#row[column] = JSON.stringify(value);
    const sql = `update conductor_companyFiles set ${column} = ? where endUserId = ?`;
    this.db.run(sql, this.#row[column], this.endUserId);
  }

  /** Today in the time zone of the file. */
  get today(): string {
    return dateAt(this.sandbox.clock.now(), this.timeZone);
  }

  /** A stored time as responses show it. */
  shown(time: string): string {
    return shownTime(time, this.timeZone);
  }

  /** The object of that id in one of the resources. */
  find(resources: string | readonly string[], id: string): StoredObject | undefined {
    // The plus keeps SQLite from reading the whole file by the index of its end-user.
    const rows = this.db.all<ObjectRow>(
      `select ${COLUMNS} from conductor_quickbooksObjects as object where id = ? and +endUserId = ?`,
      id,
      this.endUserId,
    );
    const row = rows.find(({ resource }) => [resources].flat().includes(pathOf(resource)));
    return row && objectOf(row);
  }

  /** The object of that id, of whatever resource; ids are unique in a sandbox. */
  findAny(id: string): StoredObject | undefined {
    const row = this.db.get<ObjectRow>(
      `select ${COLUMNS} from conductor_quickbooksObjects as object where id = ? and +endUserId = ?`,
      id,
      this.endUserId,
    );
    return row && objectOf(row);
  }

  /** The objects with these `seq`, in that order. */
  read(seqs: readonly number[]): StoredObject[] {
    const rows = this.db.all<ObjectRow>(
      `select ${COLUMNS} from json_each(?) as wanted cross join conductor_quickbooksObjects as object on object.seq = wanted.value
       order by wanted.key`,
      JSON.stringify(seqs),
    );
    return rows.map(objectOf);
  }

  /** All objects of a resource, by name. */
  all(resource: string): StoredObject[] {
    return this.db
      .all<ObjectRow>(
        `select ${COLUMNS} from conductor_quickbooksObjects as object
         where endUserId = ? and resource = ? order by label collate nocase, seq`,
        this.endUserId,
        camelCase(resource),
      )
      .map(objectOf);
  }

  /** The first object of a resource, by age, that a condition accepts. */
  first(resource: string, accepts: (body: Json) => boolean): StoredObject | undefined {
    return this.all(resource)
      .sort((one, other) => one.seq - other.seq)
      .find(({ body }) => accepts(body));
  }

  /** Stores a new object. */
  insert(resource: string, id: string, body: Json): StoredObject {
    const now = this.sandbox.clock.iso();
    const revisionNumber = this.#nextRevision(null);
    const seq = this.db.insert(
      `insert into conductor_quickbooksObjects (endUserId, resource, id, createdAt, updatedAt, revisionNumber, body)
       values (?, ?, ?, ?, ?, ?, ?)`,
      this.endUserId,
      camelCase(resource),
      id,
      now,
      now,
      revisionNumber,
      JSON.stringify(body),
    );
    return { seq, resource, id, createdAt: now, updatedAt: now, revisionNumber, body };
  }

  /** Stores an object's new body under a new revision number. */
  replace(object: StoredObject, body: Json): StoredObject {
    const updatedAt = this.sandbox.clock.iso();
    const revisionNumber = this.#nextRevision(object.revisionNumber);
    this.db.run(
      'update conductor_quickbooksObjects set updatedAt = ?, revisionNumber = ?, body = ? where seq = ?',
      updatedAt,
      revisionNumber,
      JSON.stringify(body),
      object.seq,
    );
    return { ...object, updatedAt, revisionNumber, body };
  }

  /** Stores what follows from another object, such as a full name or a link, under the same revision number. */
  amend(object: StoredObject, body: Json): void {
    this.db.run('update conductor_quickbooksObjects set body = ? where seq = ?', JSON.stringify(body), object.seq);
  }

  /** Deletes an object; its references, links and postings go with it. */
  delete(object: StoredObject): void {
    this.db.run('delete from conductor_quickbooksObjects where seq = ?', object.seq);
  }

  /**
   * A new id: list objects count up from 80000001, transactions and their lines share a counter; the suffix is the time
   * in seconds (known of QuickBooks). The counters are the sandbox's, so that an id names one object (our choice).
   */
  nextId(kind: 'list' | 'transaction'): string {
    for (;;) {
      const { last } = this.db.get(
        'update conductor_quickbooksCounters set last = last + 1 where name = ? returning last',
        kind,
      ) as { last: number };
      const id = `${last.toString(16).toUpperCase()}-${this.#seconds()}`;
      if (this.db.get('select 1 from conductor_quickbooksObjects where id = ?', id) === undefined) return id;
    }
  }

  /** The time in seconds, as QuickBooks' edit sequences are; one more than the last where the clock stands still. */
  #nextRevision(last: string | null): string {
    const now = this.#seconds();
    const before = Number(last ?? 0);
    return String(before >= now ? before + 1 : now);
  }

  #seconds(): number {
    return Math.floor(this.sandbox.clock.now() / 1000);
  }
}
