// Snapshots of one sandbox: whole databases under names, kept in memory or beside the sandbox's file.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openClone, type Row, writeFile } from './database.ts';
import { Problem } from './problem.ts';
import type { Provider } from './provider.ts';
import { type ApiRow, fromCells, type Resource, tableOf } from './resource.ts';

/** What is known of a snapshot without looking into it. */
export interface Snapshot {
  readonly name: string;
  /** Real time, ISO 8601. */
  readonly createdAt: string;
}

/** The snapshots of one sandbox. */
export interface Shelf {
  put(name: string, image: Buffer): Snapshot;
  /** The bytes of a snapshot, or undefined. */
  read(name: string): Buffer | undefined;
  /** Newest first. */
  list(): Snapshot[];
  remove(name: string): void;
  clear(): void;
}

export class MemoryShelf implements Shelf {
  readonly #kept = new Map<string, { snapshot: Snapshot; image: Buffer }>();

  put(name: string, image: Buffer): Snapshot {
    if (this.#kept.has(name)) throw taken(name);
    const snapshot = { name, createdAt: new Date().toISOString() };
    this.#kept.set(name, { snapshot, image });
    return snapshot;
  }

  read(name: string): Buffer | undefined {
    return this.#kept.get(name)?.image;
  }

  list(): Snapshot[] {
    return [...this.#kept.values()].map(({ snapshot }) => snapshot).reverse();
  }

  remove(name: string): void {
    this.#kept.delete(name);
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** Where a SQLite file says its user_version (https://sqlite.org/fileformat.html). */
const USER_VERSION = 60;

/** Snapshots as files of a folder: any of them can be copied away and opened, or started from. */
export class FolderShelf implements Shelf {
  readonly #folder: string;
  readonly #version: number;

  constructor(folder: string, version: number) {
    this.#folder = folder;
    this.#version = version;
  }

  put(name: string, image: Buffer): Snapshot {
    // Some disks cannot tell two cases apart.
    const twin = this.#names().find((one) => one.toLowerCase() === name.toLowerCase());
    if (twin !== undefined) throw taken(twin);
    mkdirSync(this.#folder, { recursive: true });
    writeFile(this.#path(name), image);
    return this.#describe(name);
  }

  read(name: string): Buffer | undefined {
    if (!this.#names().includes(name)) return undefined;
    const image = readFileSync(this.#path(name));
    // A sandbox that was put back to it could not be opened again.
    if (image.length > USER_VERSION + 4 && image.readUInt32BE(USER_VERSION) === this.#version) return image;
    throw new Problem(
      409,
      'snapshot-version',
      'Snapshot of another version',
      `${this.#path(name)} was not written by this version of Understudy; delete the file.`,
    );
  }

  list(): Snapshot[] {
    return this.#names()
      .map((name) => this.#describe(name))
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  remove(name: string): void {
    rmSync(this.#path(name), { force: true });
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #names(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
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

function taken(name: string): Problem {
  return new Problem(
    409,
    'snapshot-exists',
    'Snapshot exists',
    `There is a snapshot named ${name} already; delete it, or choose another name.`,
  );
}

/** What became different in a resource. */
export interface Difference {
  readonly inserts: ApiRow[];
  readonly updates: { before: ApiRow; after: ApiRow }[];
  readonly deletes: ApiRow[];
}

/** What changed from a snapshot to a database, by provider and resource; those without a change are left out. */
export function compare(
  image: Buffer,
  db: Database,
  providers: readonly Provider[],
): Record<string, Record<string, Difference>> {
  const before = openClone(image);
  const found: Record<string, Record<string, Difference>> = {};
  try {
    for (const provider of providers) {
      for (const resource of provider.resources) {
        const one = difference(before, db, provider, resource);
        if (one.inserts.length + one.updates.length + one.deletes.length === 0) continue;
        found[provider.name] = { ...found[provider.name], [resource.name]: one };
      }
    }
  } finally {
    before.close();
  }
  return found;
}

function difference(before: Database, now: Database, provider: Provider, resource: Resource): Difference {
  const sql = `select * from "${tableOf(provider.name, resource)}" order by seq`;
  const show = (row: Row) => fromCells(resource, row);
  const old = new Map(before.all(sql).map((row) => [row[resource.key], row]));
  const result: Difference = { inserts: [], updates: [], deletes: [] };
  for (const row of now.all(sql)) {
    const earlier = old.get(row[resource.key] as string);
    old.delete(row[resource.key] as string);
    if (earlier === undefined) result.inserts.push(show(row));
    else if (!same(earlier, row)) result.updates.push({ before: show(earlier), after: show(row) });
  }
  for (const row of old.values()) result.deletes.push(show(row));
  return result;
}

/** Their places in the table do not count: a row that was put back is the same row. */
function same(one: Row, other: Row): boolean {
  return Object.keys(one).every((column) => column === 'seq' || one[column] === other[column]);
}
