// The data folder: a file for each sandbox, with its snapshots beside it.
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '../problem.ts';
import { DataError, diskErrorMessage } from '../storage/disk.ts';
import { OnDisk } from './sandbox-database.ts';
import { isSandboxName } from './sandbox-name.ts';
import { FolderSnapshots } from './snapshots.ts';

/** The files of one server's sandboxes. */
export class DataFolder {
  readonly #path: string;
  readonly #version: number;
  /** The names there, by their lower-case form: some disks cannot tell two cases apart. */
  readonly #names = new Map<string, string>();

  /** @throws DataError when the folder cannot be made or written */
  constructor(path: string, version: number) {
    this.#path = path;
    this.#version = version;
    if (existsSync(path) && !statSync(path).isDirectory()) {
      throw new DataError(`${path} cannot be used as --data folder: it is no folder; name one, which may be new.`);
    }
    try {
      // Made recursively, a folder on a read-only disk is said to be missing.
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

  get names(): string[] {
    return [...this.#names.values()];
  }

  /** Whether its file is there; people may delete one. */
  has(name: string): boolean {
    return this.#names.get(name.toLowerCase()) === name && existsSync(join(this.#path, `${name}.sqlite`));
  }

  /** Where a sandbox of that name is kept. @throws Problem when the name differs only in case from another */
  database(name: string): OnDisk {
    const sameInOtherCase = this.#names.get(name.toLowerCase());
    if (sameInOtherCase !== undefined && sameInOtherCase !== name) {
      throw new Problem(
        409,
        'sandbox-name-taken',
        'Sandbox name taken',
        `A sandbox named ${sameInOtherCase} is kept already, and ${name} differs from it only in case; choose another name.`,
      );
    }
    return new OnDisk(join(this.#path, `${name}.sqlite`), this.#version);
  }

  snapshots(name: string): FolderSnapshots {
    return new FolderSnapshots(join(this.#path, `${name}.snapshots`), this.#version);
  }

  add(name: string): void {
    this.#names.set(name.toLowerCase(), name);
  }

  remove(name: string): void {
    this.#names.delete(name.toLowerCase());
  }
}
