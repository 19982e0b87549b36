// Where a sandbox's database rests while nobody uses it: bytes in memory, or a file of the data folder.
import { rmSync, statSync } from 'node:fs';
import { type Database, FileHeldError, FileVersionError, openClone, openFile, stageFile } from '../storage/database.ts';
import { isDamage, whyClosed } from '../storage/database-file.ts';
import { DataError, onDisk } from '../storage/disk.ts';
import { holderOf } from '../storage/lock-holder.ts';
import { type Lifetime, writeLifetime } from './lifetime.ts';
import type { Spare } from './warm-spare.ts';

/** The home of one sandbox's database. */
export interface Home {
  /** Whether others could take it while it rests. */
  readonly shared: boolean;
  /** Opens it. */
  wake(): Database;
  /** Closes it; the next one to wake holds the same. */
  rest(db: Database): void;
  /**
   * Has the next one to wake hold `image`, as soon as the answer is called. The one before is closed in between: when
   * there is no room for the new one it goes on.
   */
  stage(image: Buffer, lifetime: Lifetime): () => void;
  /** Keeps what is remembered of the sandbox itself, where that outlives the process. */
  remember(db: Database, lifetime: Lifetime): void;
  /** Nothing of it is left. */
  remove(): void;
}

/** A database in memory. It costs nothing but a few objects while it holds what many share: the fixtures. */
export class MemoryHome implements Home {
  readonly shared = false;
  /** Null while it is awake and holds bytes of its own: they would be kept twice. */
  #image: Buffer | null;
  #common = true;
  readonly #spare: Spare;

  /** `spare` opens copies of what most begin with. */
  constructor(image: Buffer, spare: Spare) {
    this.#image = image;
    this.#spare = spare;
  }

  wake(): Database {
    const image = this.#image as Buffer;
    const db = image === this.#spare.image ? this.#spare.open() : openClone(image);
    if (!this.#common) this.#image = null;
    return db;
  }

  rest(db: Database): void {
    if (this.#image === null || db.changes() > 0) {
      this.#image = db.serialize();
      this.#common = false;
    }
    db.close();
  }

  stage(image: Buffer): () => void {
    return () => {
      this.#image = image;
      this.#common = true;
    };
  }

  remember(): void {
    // Memory ends with the process.
  }

  remove(): void {
    // What nobody refers to is gone.
  }
}

/** A database that is a file. */
export class FileHome implements Home {
  readonly shared = true;
  readonly #path: string;
  readonly #version: number;

  constructor(path: string, version: number) {
    this.#path = path;
    this.#version = version;
  }

  wake(): Database {
    try {
      return openFile(this.#path, this.#version);
    } catch (error) {
      throw this.#refusal(error as NodeJS.ErrnoException);
    }
  }

  rest(db: Database): void {
    db.close();
  }

  stage(image: Buffer, lifetime: Lifetime): () => void {
    // Written in one step with the rows: a sandbox is never there without its settings.
    const db = openClone(image);
    writeLifetime(db, lifetime);
    const bytes = db.serialize({ log: true });
    db.close();
    const put = onDisk(this.#path, 'written', () => stageFile(this.#path, bytes));
    return () => onDisk(this.#path, 'written', put);
  }

  remember(db: Database, lifetime: Lifetime): void {
    writeLifetime(db, lifetime);
  }

  remove(): void {
    onDisk(this.#path, 'deleted', () => {
      for (const suffix of ['', '-wal', '-shm', '.new']) rmSync(`${this.#path}${suffix}`, { force: true });
    });
  }

  /** Why it cannot be opened, and what helps. */
  #refusal(error: NodeJS.ErrnoException): DataError {
    if (error instanceof DataError) return error;
    if (error instanceof FileHeldError) {
      return new DataError(
        `${this.#path} is in use by another process${holderOf(this.#path)}; stop it, or start with another --data folder.`,
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
      : `(${whyClosed(this.#path) ?? message}); see that this user may read and write it and that the disk has room, or choose another --data folder`;
    return new DataError(`${this.#path} cannot be opened as a sandbox ${why}.`);
  }
}
