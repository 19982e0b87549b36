// All sandboxes: found by name, made on first use, reset, and kept as files when the user wants that.
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, FileHeldError, openClone, openFile, writeFile } from './database.ts';
import type { Fixtures } from './fixtures.ts';
import { Problem } from './problem.ts';
import { Sandbox, type Settings } from './sandbox.ts';

export const DEFAULT_SANDBOX = 'default';
const NAME = /^[A-Za-z0-9-]{1,64}$/;
const SUFFIX = /sbx_([A-Za-z0-9-]{1,64})$/;

/** The data folder cannot be used; the message says why and what to do. */
export class DataError extends Problem {
  constructor(sentence: string) {
    super(500, 'data-folder', 'Data folder unusable', sentence);
  }
}

/** The sandboxes of one server. */
export class Sandboxes {
  readonly #fixtures: Fixtures;
  readonly #data: string | null;
  readonly #settings: Settings;
  readonly #open = new Map<string, Sandbox>();
  /** File names already there, by their lower-case form: some disks cannot tell two cases apart. */
  readonly #files = new Map<string, string>();

  /** @throws DataError when the data folder cannot be written or another process holds it */
  constructor(fixtures: Fixtures, settings: Settings, data: string | null) {
    this.#fixtures = fixtures;
    this.#settings = settings;
    this.#data = data;
    if (data !== null) this.#claim(data);
    this.find(DEFAULT_SANDBOX);
  }

  /** The sandbox of that name; one not seen before is made from the fixtures. */
  find(name: string): Sandbox {
    let sandbox = this.#open.get(name);
    if (sandbox === undefined) {
      sandbox = new Sandbox(checkedName(name), this.#settings, this.#database(name));
      this.#open.set(name, sandbox);
    }
    return sandbox;
  }

  /** Puts a sandbox back to the fixtures, or to no rows at all. */
  reset(name: string, to: 'fixtures' | 'empty'): void {
    const image = to === 'empty' ? this.#fixtures.empty : this.#fixtures.image;
    const sandbox = this.find(name);
    sandbox.db.close();
    if (this.#data !== null) writeFile(this.#path(name), image);
    sandbox.attach(this.#data === null ? openClone(image) : this.#openFile(name));
  }

  close(): void {
    for (const sandbox of this.#open.values()) {
      sandbox.webhooks.close();
      sandbox.db.close();
    }
    this.#open.clear();
  }

  #database(name: string): Database {
    if (this.#data === null) return openClone(this.#fixtures.image);
    const twin = this.#files.get(name.toLowerCase());
    if (twin !== undefined && twin !== name) {
      throw new Problem(
        409,
        'sandbox-name-taken',
        'Sandbox name taken',
        `A sandbox named ${twin} is kept already, and ${name} differs from it only in case; choose another name.`,
      );
    }
    if (twin === undefined) writeFile(this.#path(name), this.#fixtures.image);
    this.#files.set(name.toLowerCase(), name);
    return this.#openFile(name);
  }

  #openFile(name: string): Database {
    const path = this.#path(name);
    let db: Database;
    try {
      db = openFile(path);
    } catch (error) {
      if (error instanceof FileHeldError) {
        throw new DataError(`${path} is in use by another process; stop it, or start with another --data folder.`);
      }
      throw new DataError(
        `${path} cannot be opened as a sandbox (${(error as Error).message}); delete it to start from the fixtures.`,
      );
    }
    const [version] = db.pragma<{ user_version: number }>('user_version');
    if (version?.user_version !== this.#fixtures.version) {
      db.close();
      throw new DataError(
        `${path} was written by another version of Understudy; delete it to start from the fixtures, or choose another --data folder.`,
      );
    }
    return db;
  }

  #path(name: string): string {
    return join(this.#data as string, `${name}.sqlite`);
  }

  #claim(data: string): void {
    try {
      if (!existsSync(data)) mkdirSync(data, { recursive: true });
      accessSync(data, constants.W_OK | constants.X_OK);
      for (const file of readdirSync(data)) {
        const name = /^(.*)\.sqlite$/.exec(file)?.[1];
        if (name !== undefined && NAME.test(name)) this.#files.set(name.toLowerCase(), name);
      }
    } catch (error) {
      throw new DataError(`${data} cannot be used as --data folder: ${(error as Error).message}.`);
    }
  }
}

/** The sandbox a provider request belongs to: header, then key suffix, then `default`. */
export function sandboxName(header: string | string[] | undefined, credentials: readonly string[]): string {
  if (header !== undefined) return checkedName(String(header));
  for (const credential of credentials) {
    if (!credential.includes('sbx_')) continue;
    const name = SUFFIX.exec(credential)?.[1];
    if (name === undefined) {
      throw new Problem(
        400,
        'sandbox-name',
        'Bad sandbox name',
        'The key contains sbx_ but does not end in sbx_<name>; a name is 1 to 64 letters, digits and hyphens.',
      );
    }
    return name;
  }
  return DEFAULT_SANDBOX;
}

/** @throws Problem when the name is not 1 to 64 letters, digits and hyphens */
export function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new Problem(
    400,
    'sandbox-name',
    'Bad sandbox name',
    `${JSON.stringify(name.slice(0, 80))} is no sandbox name; a name is 1 to 64 letters, digits and hyphens.`,
  );
}
