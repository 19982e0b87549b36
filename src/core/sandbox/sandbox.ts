// One sandbox: its database, open or suspended, with clock, ids, settings, journal, faults and webhooks.
import { type BarrierChange, Barriers } from '../faults/barriers.ts';
import { FaultRules } from '../faults/fault-rules.ts';
import { RetryTests } from '../faults/retry-tests.ts';
import { Journal } from '../journal/journal.ts';
import type { Database } from '../storage/database.ts';
import { Clock } from './clock.ts';
import { Ids } from './ids.ts';
import type { Lifetime } from './lifetime.ts';
import { LiveDatabase } from './live-database.ts';
import type { Memory } from './memory.ts';
import type { SandboxDatabase } from './sandbox-database.ts';
import { type Settings, withChange } from './settings.ts';
import type { SnapshotStore } from './snapshots.ts';
import { Webhooks } from './webhooks.ts';

export type { AuthMode, Settings } from './settings.ts';

/** A part of a sandbox outside its database that a reset clears. */
export interface Clearable {
  clear(): void;
}

/** The constructor's arguments. */
export interface SandboxParts {
  readonly name: string;
  readonly database: SandboxDatabase;
  readonly snapshots: SnapshotStore;
  readonly lifetime: Lifetime;
  /** The server's settings, which the sandbox's own override. */
  readonly defaults: Settings;
  /** Capacity of the journal, in requests. */
  readonly journalSize: number;
  /** What all sandboxes of the server keep in memory. */
  readonly memory: Memory;
  /** Called after the database was opened or closed. */
  readonly onOpenChange: (sandbox: Sandbox, open: boolean) => void;
  /** Called when a pair at a barrier changes. */
  readonly onBarrier: (sandbox: Sandbox, change: BarrierChange) => void;
}

/** One isolated sandbox with the state of all providers. */
export class Sandbox {
  readonly name: string;
  readonly snapshots: SnapshotStore;
  readonly webhooks: Webhooks;
  /** The parts outside the database, by reset scope: `faults`, `requests`, `webhooks`. */
  readonly parts: ReadonlyMap<string, Clearable>;
  readonly journal: Journal;
  readonly faults: FaultRules;
  readonly retryTests: RetryTests;
  readonly barriers: Barriers;
  /** Real time of the last use, in ms since the epoch. */
  lastUsedAt = 0;
  /** Created again after a sandbox of the same name was evicted, and not reported to a client yet. */
  restarted = false;
  readonly #stored: SandboxDatabase;
  readonly #live: LiveDatabase;
  readonly #defaults: Settings;
  #lifetime: Lifetime;
  #settings: Settings;
  /** Null until the database is opened. */
  #clock: Clock | null = null;
  #ids: Ids | null = null;
  #documents = new Map<string, unknown>();

  constructor(parts: SandboxParts) {
    const { name, database, snapshots, lifetime, defaults, journalSize, memory, onOpenChange } = parts;
    this.journal = new Journal(journalSize, memory.journal);
    this.webhooks = new Webhooks({ now: () => this.#timestamp(), memory: memory.webhooks, queue: memory.webhookQueue });
    this.faults = new FaultRules(memory.faults);
    this.retryTests = new RetryTests(memory.faults);
    this.barriers = new Barriers(memory.faults, (change) => parts.onBarrier(this, change));
    this.parts = new Map<string, Clearable>([
      ['requests', this.journal],
      ['faults', { clear: () => this.#clearFaults() }],
      ['webhooks', this.webhooks],
    ]);
    this.name = name;
    this.snapshots = snapshots;
    this.#stored = database;
    this.#live = new LiveDatabase({
      name,
      stored: database,
      lifetime: () => this.#lifetime,
      onOpen: (db) => this.#readFrom(db),
      onChange: (open) => {
        if (!open) this.#forget();
        onOpenChange(this, open);
      },
    });
    this.#lifetime = lifetime;
    this.#defaults = defaults;
    this.#settings = withChange(defaults, lifetime.settings);
  }

  /** The database, opened on first use; take a hold() before keeping it across an `await`. */
  get db(): Database {
    return this.#live.db;
  }

  /** The sandbox's clock. */
  get clock(): Clock {
    return this.#clock ?? this.#opened().clock;
  }

  /** The generator of object ids. */
  get ids(): Ids {
    return this.#ids ?? this.#opened().ids;
  }

  /** The effective settings: the server's with the sandbox's own. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Creation, expiry and the sandbox's own settings. */
  get lifetime(): Lifetime {
    return this.#lifetime;
  }

  /** Whether work is in progress; a busy sandbox must be neither suspended nor evicted. */
  get busy(): boolean {
    return this.#live.busy || this.webhooks.busy;
  }

  /** Keeps the sandbox from being suspended or evicted until the returned function is called; deletion ends the work. */
  hold(): () => void {
    return this.#live.hold();
  }

  /**
   * Runs work that reads the sandbox across several turns of the event loop, and holds it meanwhile.
   *
   * @throws Problem when the sandbox was deleted, reset or restored during the work: what it read does not fit together
   */
  async holdWhile<T>(work: () => Promise<T>): Promise<T> {
    return await this.#live.holdWhile(work);
  }

  /** Whether the sandbox was deleted or evicted. */
  get deleted(): boolean {
    return this.#live.end !== null;
  }

  /** Aborts when the sandbox is deleted; the reason is a Problem that says so. */
  get ended(): AbortSignal {
    return this.#live.ended;
  }

  /** Changes expiry and settings. */
  change(change: Partial<Lifetime>): void {
    const lifetime = { ...this.#lifetime, ...change };
    this.#stored.saveLifetime(this.db, lifetime);
    this.#lifetime = lifetime;
    this.#settings = withChange(this.#defaults, lifetime.settings);
    this.reload();
  }

  /** Closes the database and keeps its content. */
  suspend(): void {
    this.#live.suspend();
  }

  /** Closes the database when the server shuts down. */
  close(): void {
    this.#live.close();
  }

  /** Replaces the whole database with bytes or a private copy, for a reset or a restored snapshot. */
  async replace(content: Buffer | Database): Promise<void> {
    await this.#live.replace(content);
  }

  /**
   * Changes a private copy of the database while other sandboxes are served, then replaces the database with it; when
   * `work` throws, nothing has changed. Requests to this sandbox's providers wait for the end; see `rewriting`.
   *
   * @throws Problem when the sandbox was deleted, reset, restored or written meanwhile
   */
  async rewrite<T>(work: (copy: Database) => Promise<T>): Promise<T> {
    return await this.#live.rewrite(work);
  }

  /** Runs synchronous work with a private copy, and its clock and ids, in the place of the database. */
  onCopy<T>(copy: Database, work: () => T): T {
    return this.#live.onCopy(copy, work);
  }

  /** Settles when the rewrite in progress ends; null when there is none. */
  get rewriting(): Promise<void> | null {
    return this.#live.rewriting;
  }

  /** Whether the database is too large to be read or written at once while other requests wait. */
  async isLarge(): Promise<boolean> {
    return await this.#live.isLarge();
  }

  /** A private copy of the database as of the call. @throws Problem when the sandbox was replaced or deleted meanwhile */
  async copy(): Promise<Database> {
    return await this.#live.copy();
  }

  /** Discards cached clock, ids and documents after their rows were changed. */
  reload(): void {
    if (this.#live.opened !== null) this.#readFrom(this.#live.opened);
  }

  /** The whole database as bytes, without the sandbox's metadata. */
  async image(): Promise<Buffer> {
    return await this.#live.image();
  }

  /** Ends the sandbox after its files were deleted: work in progress is refused from here on. */
  remove(): void {
    this.webhooks.close();
    this.#live.remove();
    // Everything it keeps is given back to the memory limits.
    for (const { name } of this.snapshots.list()) this.snapshots.remove(name);
    this.journal.close();
    this.webhooks.clear();
    this.#clearFaults();
  }

  /** A provider's settings object by name, e.g. `keys`. */
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
   * Whether a key is accepted under `auth: strict`: a listed key, alone or followed by `_sbx_` and this sandbox's name.
   * Our choice; no provider documents such a rule.
   */
  acceptsKey(listed: readonly string[], key: string): boolean {
    const suffix = `_sbx_${this.name}`;
    return listed.includes(key) || (key.endsWith(suffix) && listed.includes(key.slice(0, -suffix.length)));
  }

  /** Sandbox time for background work; real time when the database cannot be opened, since no request can report it. */
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
    this.barriers.clear();
  }

  #opened(): { clock: Clock; ids: Ids } {
    // Opening the database sets both.
    void this.#live.db;
    return { clock: this.#clock as Clock, ids: this.#ids as Ids };
  }

  #readFrom(db: Database): void {
    this.#documents.clear();
    this.#clock = new Clock(db);
    this.#ids = new Ids(db, this.#settings.seed);
  }

  #forget(): void {
    this.#clock = null;
    this.#ids = null;
    this.#documents.clear();
  }
}
