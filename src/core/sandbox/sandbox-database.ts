// Storage of a sandbox's database: bytes in memory, or a file in the data folder; opened on use, suspended when idle.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type PreparedFile, prepareFile, writeFile } from '../storage/atomic-file.ts';
import { type Database, FileHeldError, FileVersionError, openClone, openFile } from '../storage/database.ts';
import { closedReason, isDamage } from '../storage/database-file.ts';
import { awaitDisk, DataError, withDiskErrors } from '../storage/disk.ts';
import { ImageChanges } from '../storage/image-changes.ts';
import { lockHolderOf } from '../storage/lock-holder.ts';
import { letOthersRun } from '../storage/slices.ts';
import { type Lifetime, writeLifetime } from './lifetime.ts';
import type { WarmCopy } from './warm-spare.ts';

/** The stored database of one sandbox. */
export interface SandboxDatabase {
  /** Opens the database. @throws DataError when its file cannot be opened */
  open(): Database;
  /** Closes the database; the next open() returns the same content. */
  suspend(db: Database): void;
  /**
   * The content of the open database as of the call, to be opened with `openClone`. Other requests are served meanwhile,
   * so the caller must hold the sandbox.
   */
  read(db: Database): Promise<Buffer>;
  /** The same without the sandbox's metadata. */
  readRows(db: Database): Promise<Buffer>;
  /**
   * Prepares new content, bytes or a private copy, while other requests are served; the next open() after the swap
   * returns it. The caller closes the old database in between, so a full disk is noticed while the old one is in use.
   */
  prepareSwap(content: Buffer | Database, lifetime: Lifetime): Promise<PreparedFile>;
  /** Stores the sandbox's metadata if the database outlives the process. */
  saveLifetime(db: Database, lifetime: Lifetime): void;
}

/**
 * A database in memory. Until its first change it shares the bytes of the image it was created from; a changed one is
 * kept as its differences from the fixture image while it is suspended.
 */
export class InMemory implements SandboxDatabase {
  /** The shared bytes; null once the database was changed. */
  #image: Buffer | null;
  /** A changed database while it is suspended. */
  #changes: ImageChanges | null = null;
  /** A database that the next open() returns. */
  #prepared: Database | null = null;
  readonly #warmCopy: WarmCopy;

  /** @param warmCopy opens copies of the fixture image, which most sandboxes start from */
  constructor(image: Buffer, warmCopy: WarmCopy) {
    this.#image = image;
    this.#warmCopy = warmCopy;
  }

  open(): Database {
    const db = this.#prepared ?? this.#openStored();
    this.#prepared = null;
    this.#changes = null;
    return db;
  }

  #openStored(): Database {
    const image = this.#changes?.image() ?? (this.#image as Buffer);
    return image === this.#warmCopy.image ? this.#warmCopy.open() : openClone(image);
  }

  suspend(db: Database): void {
    if (this.#image === null || db.changes() > 0) {
      this.#image = null;
      this.#changes = new ImageChanges(this.#warmCopy.image, db.serialize());
    }
    db.close();
  }

  async read(db: Database): Promise<Buffer> {
    return db.serialize();
  }

  readRows(db: Database): Promise<Buffer> {
    return this.read(db);
  }

  async prepareSwap(content: Buffer | Database): Promise<PreparedFile> {
    const image = Buffer.isBuffer(content) ? content : null;
    const prepared = Buffer.isBuffer(content) ? null : content;
    return {
      swap: () => {
        this.#image = image;
        this.#changes = null;
        this.#prepared = prepared;
      },
      discard: () => prepared?.close(),
    };
  }

  saveLifetime(): void {
    // Nothing to store: the database does not outlive the process.
  }
}

/** A database file in the data folder. */
export class OnDisk implements SandboxDatabase {
  readonly #path: string;
  readonly #version: number;
  /** How many copies of the file are being read. */
  #readers = 0;

  constructor(path: string, version: number) {
    this.#path = path;
    this.#version = version;
  }

  open(): Database {
    try {
      return openFile(this.#path, this.#version);
    } catch (error) {
      throw this.#openError(error as NodeJS.ErrnoException);
    }
  }

  suspend(db: Database): void {
    db.close();
  }

  /** Writes the file with `image` as its content, at once. */
  create(image: Buffer, lifetime: Lifetime): void {
    const bytes = withLifetime(openClone(image), lifetime);
    withDiskErrors(this.#path, 'written', () => writeFile(this.#path, bytes));
  }

  async read(db: Database): Promise<Buffer> {
    if (!db.large) return db.serialize();
    // Until the next checkpoint all writes go to the log, and the file stays as it is now.
    db.execute('pragma wal_autocheckpoint = 0');
    this.#readers += 1;
    try {
      if (!emptiesLog(db)) return db.serialize();
      const bytes = await readFile(this.#path);
      return bytes.fill(1, 18, 20);
    } finally {
      this.#readers -= 1;
      if (this.#readers === 0 && !db.closed) db.execute('pragma wal_autocheckpoint = 1000');
    }
  }

  async readRows(db: Database): Promise<Buffer> {
    const bytes = await this.read(db);
    const copy = openClone(bytes);
    try {
      copy.run('delete from sandbox');
      await letOthersRun(bytes.length);
      return copy.serialize();
    } finally {
      copy.close();
    }
  }

  async prepareSwap(content: Buffer | Database, lifetime: Lifetime): Promise<PreparedFile> {
    // The caller may have copied the content in this turn.
    if (Buffer.isBuffer(content)) await letOthersRun(content.length);
    const db = Buffer.isBuffer(content) ? openClone(content) : content;
    await letOthersRun(db.size);
    const bytes = withLifetime(db, lifetime);
    const { swap, discard } = await awaitDisk(this.#path, 'written', () => prepareFile(this.#path, bytes));
    return { swap: () => withDiskErrors(this.#path, 'written', swap), discard };
  }

  saveLifetime(db: Database, lifetime: Lifetime): void {
    writeLifetime(db, lifetime);
  }

  /** The error for a file that cannot be opened: the reason and the way out. */
  #openError(error: NodeJS.ErrnoException): DataError {
    if (error instanceof DataError) return error;
    if (error instanceof FileHeldError) {
      return new DataError(
        `${this.#path} is in use by another process${lockHolderOf(this.#path)}; stop it, or start with another --data folder.`,
      );
    }
    if (error instanceof FileVersionError) {
      const what =
        statSync(this.#path).size === 0
          ? 'is empty'
          : 'was written by another version of Understudy, or by another program';
      return new DataError(
        `${this.#path} ${what}; move it away to start from the fixtures, or choose another --data folder.`,
      );
    }
    const { code, message } = error;
    const why = isDamage(String(code))
      ? `(${message}); restore it from a backup, or delete it to start from the fixtures`
      : `(${closedReason(this.#path) ?? message}); check that this user can read and write it and that the disk has space, or choose another --data folder`;
    return new DataError(`${this.#path} cannot be opened as a sandbox ${why}.`);
  }
}

/** The bytes of a file with the metadata in it: a sandbox file never exists without its settings. Closes `db`. */
function withLifetime(db: Database, lifetime: Lifetime): Buffer {
  try {
    writeLifetime(db, lifetime);
    return db.serialize({ log: true });
  } finally {
    db.close();
  }
}

/** Moves the log into the file; false when that is not possible now, e.g. on a full disk. */
function emptiesLog(db: Database): boolean {
  try {
    db.pragma('wal_checkpoint(truncate)');
    return true;
  } catch {
    return false;
  }
}
