// How a sandbox's database is stored: bytes in memory, or a file of the data folder; opened on use, suspended when idle.
import { rmSync, statSync } from 'node:fs';
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
  /** Whether another process could open it while it is suspended. */
  readonly isShared: boolean;
  /** Opens it. */
  open(): Database;
  /** Closes it; the next open() returns the same content. */
  suspend(db: Database): void;
  /**
   * Has the next open() return `image`, once the returned function is called. The one before is closed in between: when
   * there is no room for the new one it goes on.
   */
  prepareSwap(image: Buffer, lifetime: Lifetime): () => void;
  /** Keeps what is remembered of the sandbox itself, where that outlives the process. */
  saveLifetime(db: Database, lifetime: Lifetime): void;
  /** Nothing of it is left. */
  remove(): void;
}

/** A database in memory. It costs nothing but a few objects while it holds what many share: the fixtures. */
export class InMemory implements SandboxDatabase {
  readonly isShared = false;
  /** Null while it is open and holds bytes of its own: they would be kept twice. */
  #image: Buffer | null;
  #imageIsShared = true;
  readonly #warmCopy: WarmCopy;

  /** `warmCopy` opens copies of the image that most sandboxes begin with. */
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
    // Memory ends with the process.
  }

  remove(): void {
    // What nobody refers to is gone.
  }
}

/** A database that is a file. */
export class OnDisk implements SandboxDatabase {
  readonly isShared = true;
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
    // Written in one step with the rows: a sandbox is never there without its settings.
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

  remove(): void {
    withDiskErrors(this.#path, 'deleted', () => {
      for (const suffix of ['', '-wal', '-shm', '.new']) rmSync(`${this.#path}${suffix}`, { force: true });
    });
  }

  /** Why it cannot be opened, and what helps. */
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
      ? `(${message}); put a copy of it back, or delete it to start from the fixtures`
      : `(${closedReason(this.#path) ?? message}); see that this user may read and write it and that the disk has room, or choose another --data folder`;
    return new DataError(`${this.#path} cannot be opened as a sandbox ${why}.`);
  }
}
