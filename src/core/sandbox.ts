// One sandbox: its database, clock, ids and settings.
import { Clock } from './clock.ts';
import type { Database } from './database.ts';
import { Ids } from './ids.ts';
import { Webhooks } from './webhooks.ts';

/** How strictly keys are looked at: as the published contract says, or only the known ones. */
export type AuthMode = 'spec' | 'strict';

/** What may differ from sandbox to sandbox. */
export interface Settings {
  readonly auth: AuthMode;
  /** Makes ids repeatable; null gives random ones. */
  readonly seed: string | null;
}

/** One isolated world that holds all providers. */
export class Sandbox {
  readonly name: string;
  readonly settings: Settings;
  readonly webhooks = new Webhooks({ now: () => this.clock.iso() });
  #db!: Database;
  #clock!: Clock;
  #ids!: Ids;
  #documents = new Map<string, unknown>();

  constructor(name: string, settings: Settings, db: Database) {
    this.name = name;
    this.settings = settings;
    this.attach(db);
  }

  get db(): Database {
    return this.#db;
  }

  get clock(): Clock {
    return this.#clock;
  }

  get ids(): Ids {
    return this.#ids;
  }

  /** Goes on with another database: a reset's, or one that was restored. */
  attach(db: Database): void {
    this.#db = db;
    this.#clock = new Clock(db);
    this.#ids = new Ids(db, this.settings.seed);
    this.#documents.clear();
  }

  /** A provider's settings object, e.g. its keys. */
  document<T>(provider: string, name: string): T {
    const key = `${provider}/${name}`;
    let value = this.#documents.get(key);
    if (value === undefined) {
      const row = this.#db.get<{ json: string }>(
        'select json from documents where provider = ? and name = ?',
        provider,
        name,
      );
      value = JSON.parse(row?.json as string);
      this.#documents.set(key, value);
    }
    return value as T;
  }

  /**
   * Whether a key counts as known under `auth: strict`: it is listed, or it is a listed one followed by
   * `_sbx_` and this sandbox's name. Our choice; no provider publishes such a rule.
   */
  knows(listed: readonly string[], key: string): boolean {
    const suffix = `_sbx_${this.name}`;
    return listed.includes(key) || (key.endsWith(suffix) && listed.includes(key.slice(0, -suffix.length)));
  }
}
