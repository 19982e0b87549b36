// SQLite access, the only file that imports the driver: images and their clones, files, statements, transactions.
import Sqlite from 'better-sqlite3';
import type { Cell, Row } from '../row.ts';
import { assertLogReadable, SandboxFile } from './database-file.ts';
import { LARGE_BYTES } from './slices.ts';

/** An open database with its prepared statements. All calls are synchronous. */
export class Database {
  readonly #db: Sqlite.Database;
  /** Null in memory. */
  readonly #file: SandboxFile | null;
  /** The error of every later use, once closed. */
  #closed: Error | null = null;
  /** What the SQL function `accepted` asks; null until there is that function. */
  #accept: ((text: string) => boolean) | null = null;
  /** Null until it is asked for; it never changes. */
  #pageSize: number | null = null;
  readonly #statements = new Map<string, Sqlite.Statement<Cell[], Row>>();

  /** @internal Keeps the driver's types out of the package's types. */
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

  /** All rows, by a statement that is not cached: for generated statements that seldom run. */
  once<T = Row>(sql: string, ...values: Cell[]): T[] {
    try {
      return this.#db.prepare<Cell[], T>(sql).all(...values);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** All rows, as `once`; the statement may call `accepted(text)`, which asks `accept`. */
  filter<T = Row>(accept: (text: string) => boolean, sql: string, ...values: Cell[]): T[] {
    if (this.#accept === null) {
      const accepted = (text: unknown) => Number(this.#accept?.(String(text)));
      this.#db.function('accepted', { directOnly: true }, accepted);
    }
    this.#accept = accept;
    return this.once(sql, ...values);
  }

  /** Runs a statement; returns the number of changed rows (without cascades, as SQLite counts). */
  run(sql: string, ...values: Cell[]): number {
    try {
      return this.#prepare(sql).run(...values).changes;
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** Inserts a row; returns its rowid. */
  insert(sql: string, ...values: Cell[]): number {
    try {
      return Number(this.#prepare(sql).run(...values).lastInsertRowid);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** Runs a script of statements: schemas and pragmas. */
  execute(sql: string): void {
    try {
      this.#db.exec(sql);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** A pragma's rows. */
  pragma<T = Row>(text: string): T[] {
    try {
      return this.#db.pragma(text) as T[];
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /**
   * Runs `work` in a transaction, or in the current one if there is one. An exception rolls it back and is rethrown.
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

  /** Whether the database was closed. */
  get closed(): boolean {
    return !this.#db.open;
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  /** The number of rows written since the database was opened, triggers and cascades included. */
  changes(): number {
    return this.get<{ changes: number }>('select total_changes() as changes')?.changes as number;
  }

  /** Runs `work`, rolls back its changes and returns its result; works inside and outside a transaction. */
  rollBackAfter<T>(work: () => T): T {
    this.run('savepoint rehearsal');
    try {
      return work();
    } finally {
      // SQLite may have rolled back already, e.g. when the disk is full.
      if (this.#db.inTransaction) {
        this.run('rollback to rehearsal');
        this.run('release rehearsal');
      }
    }
  }

  /** The whole database as the bytes of a SQLite file; with `log`, of a file in WAL mode, as `openFile` uses. */
  serialize({ log = false }: { readonly log?: boolean } = {}): Buffer {
    const bytes = this.#db.serialize();
    // Bytes 18 and 19 are 2 in WAL mode and 1 otherwise; in-memory copies cannot use WAL.
    bytes.fill(log ? 2 : 1, 18, 20);
    return bytes;
  }

  /** Whether the database is too large to be read or written at once while other requests wait. */
  get large(): boolean {
    return this.size >= LARGE_BYTES;
  }

  /** The size in bytes. */
  get size(): number {
    this.#pageSize ??= this.get<{ page_size: number }>('pragma page_size')?.page_size as number;
    return (this.get<{ page_count: number }>('pragma page_count')?.page_count as number) * this.#pageSize;
  }

  /** Closes the database. Work that still uses it fails with `reason`, if there is one. */
  close(reason: Error | null = null): void {
    this.#closed = reason;
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
    if (this.#closed !== null) return this.#closed;
    return this.#file === null ? error : this.#file.explain(error);
  }
}

/**
 * Builds a database with `fill` and returns its bytes. Small pages keep clones of a small image small. A large image
 * has larger pages for flatter trees, but below SQLite's default of 4096, since a delete copies every page it touches.
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
  // SQLite copies pages that are not in its cache on each access. Without a cache a delete takes 50 % longer; beyond
  // 256 KiB there is no further gain. The cache is allocated as it fills.
  db.execute('pragma cache_size = -256; pragma foreign_keys = on');
  return db;
}

/** The file is locked by another process. */
export class FileHeldError extends Error {}

/** The file is a database of another version. */
export class FileVersionError extends Error {}

/**
 * Opens a database file with an exclusive lock. Commits survive `kill -9`; after a power failure the latest may be
 * missing, but never partial. A file that cannot be opened is not changed.
 *
 * @param version the required `user_version`; any if omitted
 * @throws FileHeldError when another process has it open, FileVersionError, DataError for an invalid log, SqliteError
 */
export function openFile(path: string, version?: number): Database {
  assertLogReadable(path);
  const driver = new Sqlite(path, { fileMustExist: true, timeout: 0 });
  try {
    const db = new Database(driver, new SandboxFile(path));
    db.execute('pragma locking_mode = exclusive');
    // Always read, since the first read takes the lock.
    const found = driver.pragma('user_version', { simple: true });
    if (found !== (version ?? found)) throw new FileVersionError(path);
    db.execute('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
    return db;
  } catch (error) {
    driver.close();
    throw heldError(path, error);
  }
}

/**
 * Locks a file, which is created where needed, until the returned function is called or the process ends, however it
 * ends.
 *
 * @throws FileHeldError when another process holds it, or SQLite's error
 */
export function holdFile(path: string): () => void {
  const driver = new Sqlite(path, { timeout: 0 });
  try {
    // Nothing is written, so no journal file is needed.
    driver.exec('pragma journal_mode = memory; begin exclusive');
    return () => driver.close();
  } catch (error) {
    driver.close();
    throw heldError(path, error);
  }
}

/** A FileHeldError for SQLite's error of a locked file; other errors unchanged. */
function heldError(path: string, error: unknown): unknown {
  const held = (error as { code?: string }).code === 'SQLITE_BUSY';
  return held ? new FileHeldError(`${path} is in use by another process`) : error;
}
