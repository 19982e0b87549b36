// One sandbox: its database, awake or asleep, with clock, ids, settings and what else it remembers.
import { FaultRules } from '../faults/fault-rules.ts';
import { RetryTests } from '../faults/retry-tests.ts';
import { Journal } from '../journal/journal.ts';
import type { Database } from '../storage/database.ts';
import { Clock } from './clock.ts';
import { Ids } from './ids.ts';
import type { Lifetime } from './lifetime.ts';
import type { Home } from './sandbox-database.ts';
import { changed, type Settings } from './settings.ts';
import type { Shelf } from './snapshots.ts';
import { Webhooks } from './webhooks.ts';

export type { AuthMode, Settings } from './settings.ts';

/** Something a sandbox remembers beside its database, that a reset can make it forget. */
export interface Clearable {
  clear(): void;
}

/** What a sandbox is made of. */
export interface SandboxShape {
  readonly name: string;
  readonly home: Home;
  readonly snapshots: Shelf;
  readonly lifetime: Lifetime;
  /** The server's settings, which the sandbox's own go over. */
  readonly defaults: Settings;
  /** How many requests it remembers. */
  readonly journalSize: number;
  /** Told after it woke or fell asleep. */
  readonly turned: (sandbox: Sandbox, awake: boolean) => void;
}

interface Awake {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** One isolated world that holds all providers. */
export class Sandbox {
  readonly name: string;
  readonly snapshots: Shelf;
  readonly webhooks = new Webhooks({ now: () => this.#stamp() });
  /** What a reset clears beside the database, by its scope: `faults`, `requests`, `webhooks`. */
  readonly parts: ReadonlyMap<string, Clearable>;
  readonly journal: Journal;
  readonly faults = new FaultRules();
  readonly retryTests = new RetryTests();
  /** Real time of the last look-up, in milliseconds. */
  usedAt = 0;
  /** It was made anew after one of its name went unasked, and no client has been told yet. */
  restarted = false;
  readonly #home: Home;
  readonly #defaults: Settings;
  readonly #turned: SandboxShape['turned'];
  #lifetime: Lifetime;
  #settings: Settings;
  #awake: Awake | null = null;
  #documents = new Map<string, unknown>();
  #holds = 0;
  #removed = false;

  constructor({ name, home, snapshots, lifetime, defaults, journalSize, turned }: SandboxShape) {
    this.journal = new Journal(journalSize);
    this.parts = new Map<string, Clearable>([
      ['requests', this.journal],
      ['faults', { clear: () => this.#forgetFaults() }],
      ['webhooks', this.webhooks],
    ]);
    this.name = name;
    this.snapshots = snapshots;
    this.#home = home;
    this.#lifetime = lifetime;
    this.#defaults = defaults;
    this.#settings = changed(defaults, lifetime.settings);
    this.#turned = turned;
  }

  /** Opened when it is first asked for; do not keep it across an `await` without a hold. */
  get db(): Database {
    return (this.#awake ?? this.#wake()).db;
  }

  get clock(): Clock {
    return (this.#awake ?? this.#wake()).clock;
  }

  get ids(): Ids {
    return (this.#awake ?? this.#wake()).ids;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get lifetime(): Lifetime {
    return this.#lifetime;
  }

  /** Has work under way that needs it as it is: it must neither sleep nor go. */
  get busy(): boolean {
    return this.#holds > 0 || this.webhooks.busy || this.#awake?.db.inTransaction === true;
  }

  /** Keeps it awake until the answer is called. */
  hold(): () => void {
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
      if (this.#holds === 0 && this.#removed) this.close();
    };
  }

  /** Changes how long it lives and its settings. */
  change(change: Partial<Lifetime>): void {
    const lifetime = { ...this.#lifetime, ...change };
    this.#home.remember(this.db, lifetime);
    this.#lifetime = lifetime;
    this.#settings = changed(this.#defaults, lifetime.settings);
    this.reread();
  }

  /** Closes its database and keeps what it holds. */
  sleep(): void {
    if (this.#awake === null) return;
    this.#home.rest(this.#awake.db);
    this.#asleep();
  }

  /** Lets its database go at the end of the server. */
  close(): void {
    this.#awake?.db.close();
    this.#awake = null;
  }

  /** Goes on with another database: a reset's, or one that is restored. */
  replace(image: Buffer): void {
    const put = this.#home.stage(image, this.#lifetime);
    this.#awake?.db.close();
    this.#asleep();
    put();
    if (this.#home.shared) this.#wake();
  }

  /** Reads clock, ids and documents again after they were written from outside. */
  reread(): void {
    if (this.#awake !== null) this.#awake = this.#around(this.#awake.db);
  }

  /** The whole database as bytes; what is remembered of the sandbox itself is not in them. */
  image(): Buffer {
    return this.db.copy('delete from sandbox');
  }

  /** Ends it; nothing of it is left once the work under way is done. */
  remove(): void {
    this.#removed = true;
    this.webhooks.close();
    if (this.#holds === 0) this.close();
    this.#turned(this, false);
    this.#home.remove();
    this.snapshots.clear();
  }

  /** A provider's settings object, e.g. its keys. */
  document<T>(provider: string, name: string): T {
    const key = `${provider}/${name}`;
    let value = this.#documents.get(key);
    if (value === undefined) {
      const row = this.db.get<{ json: string }>(
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

  /** For what happens when nobody asked: a file that cannot be opened just then has nobody to be told to. */
  #stamp(): string {
    try {
      return this.clock.iso();
    } catch {
      return new Date().toISOString();
    }
  }

  #forgetFaults(): void {
    this.faults.clear();
    this.retryTests.clear();
  }

  #wake(): Awake {
    const db = this.#home.wake();
    let awake: Awake;
    try {
      awake = this.#around(db);
    } catch (error) {
      // Left open it would be held against the next try.
      db.close();
      throw error;
    }
    this.#awake = awake;
    this.#turned(this, true);
    return awake;
  }

  #around(db: Database): Awake {
    this.#documents.clear();
    return { db, clock: new Clock(db), ids: new Ids(db, this.#settings.seed) };
  }

  #asleep(): void {
    this.#awake = null;
    this.#documents.clear();
    this.#turned(this, false);
  }
}
