// Snapshots of a sandbox: named copies of its database, in memory or as files beside the sandbox's file; comparison.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import type { Provider } from '../provider/provider.ts';
import { type ApiRow, fromCells, type Resource, rowsSql, tableOf } from '../provider/resource.ts';
import type { Row } from '../row.ts';
import { prepareFile } from '../storage/atomic-file.ts';
import { type Database, openClone } from '../storage/database.ts';
import { awaitDisk, withDiskErrors } from '../storage/disk.ts';
import type { MemoryBudget } from '../storage/memory-budget.ts';
import { letOthersRun, Slices } from '../storage/slices.ts';
import { rowsInOrder } from '../storage/table-rows.ts';

/** A snapshot's name and creation time. */
export interface Snapshot {
  readonly name: string;
  /** Real time, ISO 8601. */
  readonly createdAt: string;
}

/** The snapshots of one sandbox. */
export interface SnapshotStore {
  /**
   * Stores a snapshot, unless the sandbox ends before.
   *
   * @param ended aborts when the sandbox is deleted
   * @throws Problem when the name is taken, or there is no memory left for it; the reason of `ended`
   */
  put(name: string, image: Buffer, ended: AbortSignal): Promise<Snapshot>;
  has(name: string): boolean;
  /** The bytes of a snapshot, or undefined. @throws Problem when its file is damaged or of another version */
  read(name: string): Promise<Buffer | undefined>;
  /** Newest first. */
  list(): Snapshot[];
  remove(name: string): void;
}

/** Snapshots in memory. */
export class InMemorySnapshots implements SnapshotStore {
  readonly #snapshots = new Map<string, { snapshot: Snapshot; image: Buffer }>();
  readonly #memory: MemoryBudget;

  constructor(memory: MemoryBudget) {
    this.#memory = memory;
  }

  async put(name: string, image: Buffer): Promise<Snapshot> {
    if (this.#snapshots.has(name)) throw snapshotExists(name);
    this.#memory.take(image.length);
    const snapshot = { name, createdAt: new Date().toISOString() };
    this.#snapshots.set(name, { snapshot, image });
    return snapshot;
  }

  has(name: string): boolean {
    return this.#snapshots.has(name);
  }

  async read(name: string): Promise<Buffer | undefined> {
    return this.#snapshots.get(name)?.image;
  }

  list(): Snapshot[] {
    return [...this.#snapshots.values()].map(({ snapshot }) => snapshot).reverse();
  }

  remove(name: string): void {
    this.#memory.release((this.#snapshots.get(name) as { image: Buffer }).image.length);
    this.#snapshots.delete(name);
  }
}

/** Byte offset of user_version in a SQLite file (https://sqlite.org/fileformat.html). */
const USER_VERSION = 60;

/** Snapshots as SQLite files in a folder; each can be copied and opened on its own. */
export class FolderSnapshots implements SnapshotStore {
  readonly #folder: string;
  readonly #version: number;
  /** Names of the snapshots that are being written. */
  readonly #written = new Set<string>();

  constructor(folder: string, version: number) {
    this.#folder = folder;
    this.#version = version;
  }

  async put(name: string, image: Buffer, ended: AbortSignal): Promise<Snapshot> {
    // Some file systems are case-insensitive.
    const key = name.toLowerCase();
    const twin = [...this.#names(), ...this.#written].find((one) => one.toLowerCase() === key);
    if (twin !== undefined) throw snapshotExists(twin);
    this.#written.add(name);
    try {
      await awaitDisk(this.#path(name), 'written', async () => {
        // Not recursive: a missing data folder is an error and must not be recreated.
        if (!existsSync(this.#folder)) mkdirSync(this.#folder);
        const prepared = await prepareFile(this.#path(name), image);
        // Its folder was deleted, and may be that of a new sandbox by now.
        if (ended.aborted) prepared.discard();
        else prepared.swap();
      });
    } finally {
      this.#written.delete(name);
      // Takes precedence over an error, which may be a consequence.
      ended.throwIfAborted();
    }
    return this.#describe(name);
  }

  has(name: string): boolean {
    return this.#names().includes(name);
  }

  async read(name: string): Promise<Buffer | undefined> {
    if (!this.has(name)) return undefined;
    const path = this.#path(name);
    const image = await awaitDisk(path, 'read', () => readFile(path)).catch((error) => {
      // Deleted since the look at the names.
      if (!existsSync(path)) return undefined;
      throw error;
    });
    if (image === undefined) return undefined;
    // A sandbox restored from it could not be opened again.
    if (image.length <= USER_VERSION + 4 || image.readUInt32BE(USER_VERSION) !== this.#version) {
      throw new Problem(
        409,
        'snapshot-version',
        `${path} was not written by this version of Understudy; delete the snapshot.`,
      );
    }
    const damage = await damageOf(image);
    if (damage === undefined) return image;
    throw new Problem(
      409,
      'snapshot-damaged',
      `${path} is damaged (${damage}); restore it from a backup, or delete the snapshot.`,
    );
  }

  list(): Snapshot[] {
    return this.#names()
      .map((name) => this.#describe(name))
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  remove(name: string): void {
    withDiskErrors(this.#path(name), 'deleted', () => rmSync(this.#path(name), { force: true }));
  }

  #names(): string[] {
    if (!existsSync(this.#folder)) return [];
    return withDiskErrors(this.#folder, 'read', () => readdirSync(this.#folder))
      .filter((file) => file.endsWith('.sqlite'))
      .map((file) => file.slice(0, -'.sqlite'.length));
  }

  #describe(name: string): Snapshot {
    return { name, createdAt: statSync(this.#path(name)).mtime.toISOString() };
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.sqlite`);
  }
}

/** The first integrity error that SQLite finds in a database image, or undefined. */
async function damageOf(image: Buffer): Promise<string | undefined> {
  try {
    const db = openClone(image);
    try {
      const tables = db.all<{ name: string }>("select name from sqlite_schema where type = 'table'");
      const found: string[] = [];
      // One table at a time, and other requests in between.
      for (const { name } of [{ name: 'sqlite_schema' }, ...tables]) {
        await letOthersRun(image.length);
        const checked = db.pragma<{ quick_check: string }>(`quick_check("${name}")`);
        found.push(...checked.map((row) => row.quick_check));
      }
      return found.find((one) => one !== 'ok');
    } finally {
      db.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

function snapshotExists(name: string): Problem {
  return new Problem(409, 'snapshot-exists', `Snapshot ${name} already exists; delete it, or choose another name.`);
}

/** The changes of one resource. */
export interface Difference {
  readonly inserts: ApiRow[];
  readonly updates: { before: ApiRow; after: ApiRow }[];
  readonly deletes: ApiRow[];
}

/**
 * The changes from a snapshot to a private copy of a database, which is closed at the end, by provider and resource;
 * resources without a change are left out. Other requests are served in between.
 */
export async function compare(
  image: Buffer,
  after: Database,
  providers: readonly Provider[],
): Promise<Record<string, Record<string, Difference>>> {
  await letOthersRun(image.length);
  const before = openClone(image);
  const slices = new Slices(64);
  const found: Record<string, Record<string, Difference>> = {};
  try {
    for (const provider of providers) {
      const changed = new Set<string>();
      for (const table of new Set(provider.resources.map((resource) => tableOf(provider.name, resource))))
        if (await differs(before, after, `"${table}"`, slices)) changed.add(table);
      for (const resource of provider.resources) {
        if (!changed.has(tableOf(provider.name, resource))) continue;
        const one = await difference(before, after, rowsSql(provider.name, resource), resource, slices);
        if (one.inserts.length + one.updates.length + one.deletes.length === 0) continue;
        found[provider.name] = { ...found[provider.name], [resource.name]: one };
      }
    }
  } finally {
    before.close();
    after.close();
  }
  return found;
}

/** Whether a table has other rows or another order of rows. Most tables do not, and many resources share one. */
async function differs(before: Database, after: Database, table: string, slices: Slices): Promise<boolean> {
  const earlier = rowsInOrder(before, table);
  for (const row of rowsInOrder(after, table)) {
    const one = earlier.next();
    if (one.done || one.value.seq !== row.seq || !same(one.value, row)) return true;
    if (slices.over()) await slices.next();
  }
  return !earlier.next().done;
}

async function difference(
  before: Database,
  after: Database,
  source: string,
  resource: Resource,
  slices: Slices,
): Promise<Difference> {
  const show = (row: Row) => fromCells(resource, row);
  const result: Difference = { inserts: [], updates: [], deletes: [] };
  const find = `select * from ${source} where "${resource.key}" = ?`;
  for (const row of rowsInOrder(after, source)) {
    const earlier = before.get(find, row[resource.key] as string);
    if (earlier === undefined) result.inserts.push(show(row));
    else if (!same(earlier, row)) result.updates.push({ before: show(earlier), after: show(row) });
    if (slices.over()) await slices.next();
  }
  for (const row of rowsInOrder(before, source)) {
    if (after.get(find, row[resource.key] as string) === undefined) result.deletes.push(show(row));
    if (slices.over()) await slices.next();
  }
  return result;
}

/** Compares two rows except for `seq`: a row that was deleted and restored counts as unchanged. */
function same(one: Row, other: Row): boolean {
  return Object.keys(one).every((column) => column === 'seq' || one[column] === other[column]);
}
