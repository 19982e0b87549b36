// One sandbox: its database, open or suspended, with clock, ids, settings and what else it remembers.
import { FaultRules } from '../faults/fault-rules.ts';
import { RetryTests } from '../faults/retry-tests.ts';
import { Journal } from '../journal/journal.ts';
import type { Database } from '../storage/database.ts';
import { Clock } from './clock.ts';
import { Ids } from './ids.ts';
import type { Lifetime } from './lifetime.ts';
import type { SandboxDatabase } from './sandbox-database.ts';
import { type Settings, withChange } from './settings.ts';
import type { SnapshotStore } from './snapshots.ts';
import { Webhooks } from './webhooks.ts';

export type { AuthMode, Settings } from './settings.ts';

/** Something a sandbox remembers beside its database, that a reset can make it forget. */
export interface Clearable {
  clear(): void;
}

/** What a sandbox is made of. */
export interface SandboxParts {
  readonly name: string;
  readonly database: SandboxDatabase;
  readonly snapshots: SnapshotStore;
  readonly lifetime: Lifetime;
  /** The server's settings, which the sandbox's own go over. */
  readonly defaults: Settings;
  /** How many requests it remembers. */
  readonly journalSize: number;
  /** Called after its database was opened or closed. */
  readonly onOpenChange: (sandbox: Sandbox, open: boolean) => void;
}

interface OpenDatabase {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** One isolated world that holds all providers. */
export class Sandbox {
  readonly name: string;
  readonly snapshots: SnapshotStore;
  readonly webhooks = new Webhooks({ now: () => this.#timestamp() });
  /** What a reset clears beside the database, by its scope: `faults`, `requests`, `webhooks`. */
  readonly parts: ReadonlyMap<string, Clearable>;
  readonly journal: Journal;
  readonly faults = new FaultRules();
  readonly retryTests = new RetryTests();
  /** Real time of the last look-up, in milliseconds. */
  lastUsedAt = 0;
  /** It was made anew after one of its name went unasked, and no client has been told yet. */
  restarted = false;
  readonly #database: SandboxDatabase;
  readonly #defaults: Settings;
  readonly #onOpenChange: SandboxParts['onOpenChange'];
  #lifetime: Lifetime;
  #settings: Settings;
  #open: OpenDatabase | null = null;
  #documents = new Map<string, unknown>();
  #holds = 0;
  #removed = false;

  constructor({ name, database, snapshots, lifetime, defaults, journalSize, onOpenChange }: SandboxParts) {
    this.journal = new Journal(journalSize);
    this.parts = new Map<string, Clearable>([
      ['requests', this.journal],
      ['faults', { clear: () => this.#clearFaults() }],
      ['webhooks', this.webhooks],
    ]);
    this.name = name;
    this.snapshots = snapshots;
    this.#database = database;
    this.#lifetime = lifetime;
    this.#defaults = defaults;
    this.#settings = withChange(defaults, lifetime.settings);
    this.#onOpenChange = onOpenChange;
  }

  /** Opened when it is first asked for; do not keep it across an `await` without a hold. */
  get db(): Database {
    return (this.#open ?? this.#openDatabase()).db;
  }

  get clock(): Clock {
    return (this.#open ?? this.#openDatabase()).clock;
  }

  get ids(): Ids {
    return (this.#open ?? this.#openDatabase()).ids;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get lifetime(): Lifetime {
    return this.#lifetime;
  }

  /** Has work under way that needs it as it is: it must be neither suspended nor removed. */
  get busy(): boolean {
    return this.#holds > 0 || this.webhooks.busy || this.#open?.db.inTransaction === true;
  }

  /** Keeps it open until the returned function is called. */
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
    this.#database.saveLifetime(this.db, lifetime);
    this.#lifetime = lifetime;
    this.#settings = withChange(this.#defaults, lifetime.settings);
    this.reload();
  }

  /** Closes its database and keeps what it holds. */
  suspend(): void {
    if (this.#open === null) return;
    this.#database.suspend(this.#open.db);
    this.#afterClose();
  }

  /** Lets its database go at the end of the server. */
  close(): void {
    this.#open?.db.close();
    this.#open = null;
  }

  /** Goes on with another database: a reset's, or one that is restored. */
  replace(image: Buffer): void {
    const swap = this.#database.prepareSwap(image, this.#lifetime);
    this.#open?.db.close();
    this.#afterClose();
    swap();
    if (this.#database.isShared) this.#openDatabase();
  }

  /** Reads clock, ids and documents again after they were written from outside. */
  reload(): void {
    if (this.#open !== null) this.#open = this.#stateOf(this.#open.db);
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
    this.#onOpenChange(this, false);
    this.#database.remove();
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
  acceptsKey(listed: readonly string[], key: string): boolean {
    const suffix = `_sbx_${this.name}`;
    return listed.includes(key) || (key.endsWith(suffix) && listed.includes(key.slice(0, -suffix.length)));
  }

  /** For what happens when nobody asked: a file that cannot be opened just then has nobody to be told to. */
  #timestamp(): string {
    try {
      return this.clock.iso();
    } catch {
      return new Date().toISOString();
    }
  }

  #clearFaults(): void {
    this.faults.clear();
    this.retryTests.clear();
  }

  #openDatabase(): OpenDatabase {
    const db = this.#database.open();
    let open: OpenDatabase;
    try {
      open = this.#stateOf(db);
    } catch (error) {
      // Left open it would be held against the next try.
      db.close();
      throw error;
    }
    this.#open = open;
    this.#onOpenChange(this, true);
    return open;
  }

  #stateOf(db: Database): OpenDatabase {
    this.#documents.clear();
    return { db, clock: new Clock(db), ids: new Ids(db, this.#settings.seed) };
  }

  #afterClose(): void {
    this.#open = null;
    this.#documents.clear();
    this.#onOpenChange(this, false);
  }
}
