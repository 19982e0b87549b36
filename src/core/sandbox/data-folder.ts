// The --data folder: one SQLite file per sandbox, with a folder of its snapshots beside it.
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '../problem.ts';
import { DataError, diskErrorMessage } from '../storage/disk.ts';
import { OnDisk } from './sandbox-database.ts';
import { isSandboxName } from './sandbox-name.ts';
import { FolderSnapshots } from './snapshots.ts';

/** The files of a server's sandboxes. */
export class DataFolder {
  readonly #path: string;
  readonly #version: number;
  /** Sandbox names by their lower-case form: some file systems are case-insensitive. */
  readonly #names = new Map<string, string>();

  /** @throws DataError when the folder cannot be created or written */
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
      for (const file of readdirSync(path)) {
        const name = /^(.*)\.sqlite$/.exec(file)?.[1];
        if (name !== undefined && isSandboxName(name)) this.#names.set(name.toLowerCase(), name);
      }
    } catch (error) {
      const why = diskErrorMessage(error as NodeJS.ErrnoException);
      throw new DataError(`${path} cannot be used as --data folder: ${why}, or choose another.`);
    }
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
        'Sandbox name taken',
        `Sandbox ${sameInOtherCase} exists, and ${name} differs from it only in case; choose another name.`,
      );
    }
    return new OnDisk(join(this.#path, `${name}.sqlite`), this.#version);
  }

  /** The snapshots of a sandbox. */
  snapshots(name: string): FolderSnapshots {
    return new FolderSnapshots(join(this.#path, `${name}.snapshots`), this.#version);
  }

  /** Registers the name of a new sandbox. */
  add(name: string): void {
    this.#names.set(name.toLowerCase(), name);
  }

  /** Unregisters the name of a removed sandbox; its files are removed elsewhere. */
  remove(name: string): void {
    this.#names.delete(name.toLowerCase());
  }
}
