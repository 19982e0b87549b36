// Where a sandbox's database rests while nobody uses it: bytes in memory, or a file of the data folder.
import { rmSync } from 'node:fs';
import { type Database, FileHeldError, openClone, openFile, writeFile } from './database.ts';
import { diskSentence } from './disk.ts';
import { type Lifetime, writeLifetime } from './lifetime.ts';
import { Problem } from './problem.ts';

/** The data folder cannot be used; the message says why and what to do. */
export class DataError extends Problem {
  constructor(sentence: string) {
    super(500, 'data-folder', 'Data folder unusable', sentence);
  }
}

/** The home of one sandbox's database. */
export interface Home {
  /** Opens it. */
  wake(): Database;
  /** Closes it; the next one to wake holds the same. */
  rest(db: Database): void;
  /** Has the next one to wake hold `image`; the one before is closed already. */
  replace(image: Buffer, lifetime: Lifetime): void;
  /** Keeps what is remembered of the sandbox itself, where that outlives the process. */
  remember(db: Database, lifetime: Lifetime): void;
  /** Nothing of it is left. */
  remove(): void;
}

/** A database in memory. It costs nothing but a few objects while it holds what many share: the fixtures. */
export class MemoryHome implements Home {
  /** Null while it is awake and holds bytes of its own: they would be kept twice. */
  #image: Buffer | null;
  #shared = true;

  constructor(image: Buffer) {
    this.#image = image;
  }

  wake(): Database {
    const db = openClone(this.#image as Buffer);
    if (!this.#shared) this.#image = null;
    return db;
  }

  rest(db: Database): void {
    if (this.#image === null || db.changes() > 0) {
      this.#image = db.serialize();
      this.#shared = false;
    }
    db.close();
  }

  replace(image: Buffer): void {
    this.#image = image;
    this.#shared = true;
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
  readonly #path: string;
  readonly #version: number;

  constructor(path: string, version: number) {
    this.#path = path;
    this.#version = version;
  }

  wake(): Database {
    let db: Database;
    try {
      db = openFile(this.#path);
    } catch (error) {
      if (error instanceof FileHeldError) {
        throw new DataError(
          `${this.#path} is in use by another process; stop it, or start with another --data folder.`,
        );
      }
      const { code, message } = error as NodeJS.ErrnoException;
      const wayOut = /^SQLITE_(NOTADB|CORRUPT)/.test(String(code))
        ? 'delete it to start from the fixtures'
        : 'see that this user may read and write it and that the disk has room, or choose another --data folder';
      throw new DataError(`${this.#path} cannot be opened as a sandbox (${message}); ${wayOut}.`);
    }
    const [version] = db.pragma<{ user_version: number }>('user_version');
    if (version?.user_version !== this.#version) {
      db.close();
      throw new DataError(
        `${this.#path} was written by another version of Understudy; delete it to start from the fixtures, or choose another --data folder.`,
      );
    }
    return db;
  }

  rest(db: Database): void {
    db.close();
  }

  replace(image: Buffer, lifetime: Lifetime): void {
    // Written in one step with the rows: a sandbox is never there without its settings.
    const db = openClone(image);
    writeLifetime(db, lifetime);
    const bytes = db.serialize();
    db.close();
    try {
      writeFile(this.#path, bytes);
    } catch (error) {
      const why = diskSentence(error as NodeJS.ErrnoException);
      throw new DataError(`${this.#path} cannot be written: ${why}, or choose another --data folder.`);
    }
  }

  remember(db: Database, lifetime: Lifetime): void {
    writeLifetime(db, lifetime);
  }

  remove(): void {
    for (const suffix of ['', '-wal', '-shm', '.new']) rmSync(`${this.#path}${suffix}`, { force: true });
  }
}
