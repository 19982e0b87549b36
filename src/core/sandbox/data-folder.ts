// The --data folder: one SQLite file per sandbox, with a folder of its snapshots beside it, and a lock.
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '../problem.ts';
import { NEW_CONTENT } from '../storage/atomic-file.ts';
import { FileHeldError, holdFile } from '../storage/database.ts';
import { DataError, diskErrorMessage, withDiskErrors } from '../storage/disk.ts';
import { lockHolderOf } from '../storage/lock-holder.ts';
import type { Lifetime } from './lifetime.ts';
import { OnDisk } from './sandbox-database.ts';
import { sandboxExists } from './sandbox-exists.ts';
import { SandboxFiles } from './sandbox-files.ts';
import { DEFAULT_SANDBOX, isSandboxName } from './sandbox-name.ts';
import { FolderSnapshots } from './snapshots.ts';

/** The file whose lock says which process uses the folder. It stays when the process ends, but its lock does not. */
const LOCK = 'understudy.lock';

/** The files of a server's sandboxes. */
export class DataFolder {
  readonly #path: string;
  readonly #version: number;
  /** Sandbox names by their lower-case form: some file systems are case-insensitive. */
  readonly #names = new Map<string, string>();
  /** Names, in lower case, of the sandboxes whose files are being written. */
  readonly #creating = new Set<string>();
  readonly #unlock: () => void;

  /**
   * Locks the folder until close(), and clears what a killed process left in it.
   *
   * @throws DataError when the folder cannot be created or written, or another process uses it
   */
  constructor(path: string, version: number) {
    this.#path = path;
    this.#version = version;
    if (existsSync(path) && !statSync(path).isDirectory()) {
      throw new DataError(
        `${path} cannot be used as --data folder: it is not a folder; name a folder, which need not exist yet.`,
      );
    }
    try {
      // A recursive mkdir reports ENOENT instead of EROFS on a read-only disk.
      if (!existsSync(path)) mkdirSync(path, { recursive: !existsSync(dirname(path)) });
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      const why = diskErrorMessage(error as NodeJS.ErrnoException);
      throw new DataError(`${path} cannot be used as --data folder: ${why}, or choose another.`);
    }
    this.#unlock = lock(path);
    try {
      this.#readNames();
    } catch (error) {
      this.#unlock();
      throw error;
    }
  }

  /** Releases the folder for other processes. */
  close(): void {
    this.#unlock();
  }

  /** The names of all sandboxes in the folder. */
  get names(): string[] {
    return [...this.#names.values()];
  }

  /** Whether the sandbox's file exists; it may have been deleted from outside. */
  has(name: string): boolean {
    return this.#names.get(name.toLowerCase()) === name && existsSync(join(this.#path, `${name}.sqlite`));
  }

  /** A sandbox's database, whose file need not exist. @throws Problem when an existing name differs only in case */
  database(name: string): OnDisk {
    const sameInOtherCase = this.#names.get(name.toLowerCase());
    if (sameInOtherCase !== undefined && sameInOtherCase !== name) {
      throw new Problem(
        409,
        'sandbox-name-taken',
        `Sandbox ${sameInOtherCase} exists, and ${name} differs from it only in case; choose another name.`,
      );
    }
    return new OnDisk(this.#files(name).database, this.#version);
  }

  /** The snapshots of a sandbox. */
  snapshots(name: string): FolderSnapshots {
    return new FolderSnapshots(this.#files(name).snapshots, this.#version);
  }

  /** Creates the database of a new sandbox while other requests are served. @throws Problem when the name is taken */
  async create(name: string, image: Buffer, lifetime: Lifetime): Promise<OnDisk> {
    const database = this.#newDatabase(name);
    const key = name.toLowerCase();
    this.#creating.add(key);
    try {
      (await database.prepareSwap(image, lifetime)).swap();
    } finally {
      this.#creating.delete(key);
    }
    this.#names.set(key, name);
    return database;
  }

  /** The same at once, for a sandbox that a request to a provider creates. */
  createNow(name: string, image: Buffer, lifetime: Lifetime): OnDisk {
    const database = this.#newDatabase(name);
    database.create(image, lifetime);
    this.#names.set(name.toLowerCase(), name);
    return database;
  }

  /** Deletes a sandbox; the returned function frees its space. @throws DataError when a file cannot be deleted */
  remove(name: string): () => void {
    const freeSpace = this.#files(name).delete();
    this.#names.delete(name.toLowerCase());
    return freeSpace;
  }

  #newDatabase(name: string): OnDisk {
    if (this.#creating.has(name.toLowerCase())) throw sandboxExists(name);
    const database = this.database(name);
    this.#recover(name);
    return database;
  }

  /** Clears what a killed process left of a sandbox. */
  #recover(name: string): void {
    // The default sandbox is never deleted, so its snapshots are its own although its file was moved away.
    this.#files(name).recover(name !== DEFAULT_SANDBOX);
  }

  #files(name: string): SandboxFiles {
    return new SandboxFiles(this.#path, name);
  }

  #readNames(): void {
    const leftBehind = new Set<string>();
    for (const entry of withDiskErrors(this.#path, 'read', () => readdirSync(this.#path))) {
      const name = SandboxFiles.owner(entry);
      if (name === undefined || !isSandboxName(name)) continue;
      if (entry.endsWith(NEW_CONTENT)) SandboxFiles.discard(join(this.#path, entry));
      else if (entry === `${name}.sqlite`) this.#names.set(name.toLowerCase(), name);
      else leftBehind.add(name);
    }
    for (const name of leftBehind) this.#recover(name);
  }
}

/** Locks a folder; the returned function unlocks it. */
function lock(folder: string): () => void {
  const path = join(folder, LOCK);
  try {
    return holdFile(path);
  } catch (error) {
    if (error instanceof FileHeldError) {
      throw new DataError(
        `${folder} is in use by another process${lockHolderOf(path)}; stop it, or start with another --data folder.`,
      );
    }
    const { message } = error as Error;
    throw new DataError(`${path} cannot be locked (${message}); move it away, or choose another --data folder.`);
  }
}
