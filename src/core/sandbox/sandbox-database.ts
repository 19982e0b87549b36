// Storage of a sandbox's database: bytes in memory, or a file in the data folder; opened on use, suspended when idle.
import { statSync } from 'node:fs';
import {
  type Database,
  FileHeldError,
  FileVersionError,
  openClone,
  openFile,
  prepareFile,
} from '../storage/database.ts';
import { closedReason, isDamage } from '../storage/database-file.ts';
import { DataError, withDiskErrors } from '../storage/disk.ts';
import { lockHolderOf } from '../storage/lock-holder.ts';
import { type Lifetime, writeLifetime } from './lifetime.ts';
import type { WarmCopy } from './warm-spare.ts';

/** The stored database of one sandbox. */
export interface SandboxDatabase {
  /** Opens the database. @throws DataError when its file cannot be opened */
  open(): Database;
  /** Closes the database; the next open() returns the same content. */
  suspend(db: Database): void;
  /**
   * Prepares `image` as the new content; the returned function swaps it in, and the next open() returns it. The caller
   * closes the old database in between, so a full disk is noticed while the old one is still in use.
   */
  prepareSwap(image: Buffer, lifetime: Lifetime): () => void;
  /** Stores the sandbox's metadata if the database outlives the process. */
  saveLifetime(db: Database, lifetime: Lifetime): void;
}

/** A database in memory. Until its first change it shares the bytes of the image it was created from. */
export class InMemory implements SandboxDatabase {
  /** The bytes while suspended; null while a changed database is open, so that its content is not held twice. */
  #image: Buffer | null;
  #imageIsShared = true;
  readonly #warmCopy: WarmCopy;

  /** @param warmCopy opens copies of the fixture image, which most sandboxes start from */
  constructor(image: Buffer, warmCopy: WarmCopy) {
    this.#image = image;
    this.#warmCopy = warmCopy;
  }

  open(): Database {
    const image = this.#image as Buffer;
    const db = image === this.#warmCopy.image ? this.#warmCopy.open() : openClone(image);
    if (!this.#imageIsShared) this.#image = null;
    return db;
  }

  suspend(db: Database): void {
    if (this.#image === null || db.changes() > 0) {
      this.#image = db.serialize();
      this.#imageIsShared = false;
    }
    db.close();
  }

  prepareSwap(image: Buffer): () => void {
    return () => {
      this.#image = image;
      this.#imageIsShared = true;
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

  prepareSwap(image: Buffer, lifetime: Lifetime): () => void {
    // Metadata and rows are written in one step: a sandbox file never exists without its settings.
    const db = openClone(image);
    writeLifetime(db, lifetime);
    const bytes = db.serialize({ log: true });
    db.close();
    const put = withDiskErrors(this.#path, 'written', () => prepareFile(this.#path, bytes));
    return () => withDiskErrors(this.#path, 'written', put);
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
