// SQLite, and the only file that knows its driver: images, clones of images, files, statements, transactions.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Cell, Row } from '../row.ts';
import { assertLogReadable, SandboxFile } from './database-file.ts';

/** An opened database with its prepared statements. All calls are synchronous. */
export class Database {
  readonly #db: Sqlite.Database;
  /** Null in memory. */
  readonly #file: SandboxFile | null;
  readonly #statements = new Map<string, Sqlite.Statement<Cell[], Row>>();

  /** @internal Whoever uses the package's types need not have the driver's. */
  constructor(db: Sqlite.Database, file: SandboxFile | null = null) {
    this.#db = db;
    this.#file = file;
  }

  /** The first row, or undefined. */
  get<T = Row>(sql: string, ...values: Cell[]): T | undefined {
    try {
      return this.#prepare(sql).get(...values) as T | undefined;
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** All rows. */
  all<T = Row>(sql: string, ...values: Cell[]): T[] {
    try {
      return this.#prepare(sql).all(...values) as T[];
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** All rows, by a statement that is not kept: for those that are long, many and seldom run. */
  once<T = Row>(sql: string, ...values: Cell[]): T[] {
    try {
      return this.#db.prepare<Cell[], T>(sql).all(...values);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** Runs a statement; returns how many rows it changed (cascaded rows are not counted by SQLite). */
  run(sql: string, ...values: Cell[]): number {
    try {
      return this.#prepare(sql).run(...values).changes;
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** Inserts a row; returns its rowid. */
  insert(sql: string, ...values: Cell[]): number {
    return Number(this.#prepare(sql).run(...values).lastInsertRowid);
  }

  /** Runs several statements at once, unprepared: schemas and pragmas. */
  execute(sql: string): void {
    this.#db.exec(sql);
  }

  /** A pragma's rows. */
  pragma<T = Row>(text: string): T[] {
    return this.#db.pragma(text) as T[];
  }

  /**
   * Runs `work` in one transaction; whatever it throws undoes everything and is thrown on.
   * Inside a transaction it simply joins it.
   */
  transaction<T>(work: () => T): T {
    if (this.#db.inTransaction) return work();
    this.run('begin immediate');
    try {
      const result = work();
      this.run('commit');
      return result;
    } catch (error) {
      if (this.#db.inTransaction) this.run('rollback');
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  /** How many rows were written since it was opened, triggers and cascades included. */
  changes(): number {
    return this.get<{ changes: number }>('select total_changes() as changes')?.changes as number;
  }

  /** Runs `work` and undoes all it did, inside a transaction or not; gives what it returned. */
  rollBackAfter<T>(work: () => T): T {
    this.run('savepoint rehearsal');
    try {
      return work();
    } finally {
      // A disk that is full may have undone everything already.
      if (this.#db.inTransaction) {
        this.run('rollback to rehearsal');
        this.run('release rehearsal');
      }
    }
  }

  /** The whole database as the bytes of a SQLite file; with `log` one that need not be written to be opened as ours. */
  serialize({ log = false }: { readonly log?: boolean } = {}): Buffer {
    const bytes = this.#db.serialize();
    // A database in WAL mode says so in bytes 18 and 19, and such a copy opens only beside its log.
    bytes.fill(log ? 2 : 1, 18, 20);
    return bytes;
  }

  /** The same after `sql` ran on the copy; the database itself stays as it is. */
  copy(sql: string): Buffer {
    const bytes = this.serialize();
    const copy = openClone(bytes);
    try {
      return copy.run(sql) === 0 ? bytes : copy.serialize();
    } finally {
      copy.close();
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): Sqlite.Statement<Cell[], Row> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<Cell[], Row>(sql);
      this.#statements.set(sql, statement);
    }
    if (this.#file !== null && !statement.readonly && !this.#db.inTransaction) this.#file.assertThere();
    return statement;
  }

  #explained(error: unknown): unknown {
    return this.#file === null ? error : this.#file.explain(error);
  }
}

/**
 * Builds a database with `fill` and returns its bytes. Small pages keep a clone at fixture size small; a large one
 * has flatter trees with larger ones, but each page a delete touches is copied whole, so not with SQLite's usual 4096.
 */
export function buildImage(fill: (db: Database) => void, size: 'small' | 'large' = 'small'): Buffer {
  const db = new Database(new Sqlite(':memory:'));
  try {
    db.execute(`pragma page_size = ${size === 'small' ? 512 : 2048}`);
    fill(db);
    return db.serialize();
  } finally {
    db.close();
  }
}

/** A private in-memory database that starts as a copy of `image`. */
export function openClone(image: Buffer): Database {
  const db = new Database(new Sqlite(image));
  // Its pages are in memory, but what is not in the cache is copied for every look: a delete with none takes half as
  // long again, one with more than these 256 KiB no less. A sandbox that does little fills little of it.
  db.execute('pragma cache_size = -256; pragma foreign_keys = on');
  return db;
}

/** The file is held by another process. */
export class FileHeldError extends Error {}

/** The file is a database, but none of that version. */
export class FileVersionError extends Error {}

/**
 * Opens a database file for this process alone. Commits survive `kill -9`; after a power cut the last
 * ones may be missing, never half there. Whatever is refused is left as it was.
 *
 * @param version the `user_version` it must have; any when left out
 * @throws FileHeldError when another process has it open, FileVersionError, DataError for a log that is none
 */
export function openFile(path: string, version?: number): Database {
  assertLogReadable(path);
  const driver = new Sqlite(path, { fileMustExist: true, timeout: 0 });
  try {
    const db = new Database(driver, new SandboxFile(path));
    db.execute('pragma locking_mode = exclusive');
    // Read in any case: that is when the file is locked.
    const found = driver.pragma('user_version', { simple: true });
    if (found !== (version ?? found)) throw new FileVersionError(path);
    db.execute('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
    return db;
  } catch (error) {
    driver.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') {
      throw new FileHeldError(`${path} is in use by another process`);
    }
    throw error;
  }
}

/** Puts `image` at `path` in one step: after a crash there is the old file or the new one, never half of one. */
export function writeFile(path: string, image: Buffer): void {
  prepareFile(path, image)();
}

/** Writes `image` beside `path`, whose database may be open still; the answer, once it is closed, puts it there. */
export function prepareFile(path: string, image: Buffer): () => void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w');
  try {
    writeFileSync(file, image);
    fsyncSync(file);
  } catch (error) {
    // Half a file would only make a full disk fuller.
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return () => {
    // A log left by a killed process belongs to the old file and would be replayed into the new one.
    rmSync(`${path}-wal`, { force: true });
    renameSync(temporary, path);
  };
}
