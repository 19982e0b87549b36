// One sandbox: its database, open or suspended, with clock, ids, settings, journal, faults and webhooks.
import { FaultRules } from '../faults/fault-rules.ts';
import { RetryTests } from '../faults/retry-tests.ts';
import { Journal } from '../journal/journal.ts';
import type { Problem } from '../problem.ts';
import type { Database } from '../storage/database.ts';
import { Clock } from './clock.ts';
import { Ids } from './ids.ts';
import { sandboxDeleted, sandboxReplaced } from './interrupted-work.ts';
import type { Lifetime } from './lifetime.ts';
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
}

interface OpenDatabase {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
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
  /** Real time of the last use, in ms since the epoch. */
  lastUsedAt = 0;
  /** Created again after a sandbox of the same name was evicted, and not reported to a client yet. */
  restarted = false;
  readonly #database: SandboxDatabase;
  readonly #defaults: Settings;
  readonly #onOpenChange: SandboxParts['onOpenChange'];
  #lifetime: Lifetime;
  #settings: Settings;
  #open: OpenDatabase | null = null;
  #documents = new Map<string, unknown>();
  #holds = 0;
  /** How often the database was replaced. */
  #replacements = 0;
  /** Why the sandbox cannot be used any more; null while it exists. */
  #end: Problem | null = null;
  #ended: AbortController | null = null;

  constructor({ name, database, snapshots, lifetime, defaults, journalSize, memory, onOpenChange }: SandboxParts) {
    this.journal = new Journal(journalSize, memory.journal);
    this.webhooks = new Webhooks({ now: () => this.#timestamp(), memory: memory.webhooks, queue: memory.webhookQueue });
    this.faults = new FaultRules(memory.faults);
    this.retryTests = new RetryTests(memory.faults);
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

  /** The database, opened on first use; take a hold() before keeping it across an `await`. */
  get db(): Database {
    return (this.#open ?? this.#openDatabase()).db;
  }

  /** The sandbox's clock. */
  get clock(): Clock {
    return (this.#open ?? this.#openDatabase()).clock;
  }

  /** The generator of object ids. */
  get ids(): Ids {
    return (this.#open ?? this.#openDatabase()).ids;
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
    return this.#holds > 0 || this.webhooks.busy || this.#open?.db.inTransaction === true;
  }

  /** Keeps the sandbox from being suspended or evicted until the returned function is called; deletion ends the work. */
  hold(): () => void {
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
    };
  }

  /**
   * Runs work that reads the sandbox across several turns of the event loop, and holds it meanwhile.
   *
   * @throws Problem when the sandbox was deleted, reset or restored during the work: what it read does not fit together
   */
  async holdWhile<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    const before = this.#replacements;
    try {
      return await work();
    } finally {
      release();
      // Takes precedence over the result and over the error of the work, which may be a consequence.
      this.#assertNotReplacedSince(before);
    }
  }

  /** Whether the sandbox was deleted or evicted. */
  get deleted(): boolean {
    return this.#end !== null;
  }

  /** Aborts when the sandbox is deleted; the reason is a Problem that says so. */
  get ended(): AbortSignal {
    this.#ended ??= new AbortController();
    if (this.#end !== null) this.#ended.abort(this.#end);
    return this.#ended.signal;
  }

  /** Changes expiry and settings. */
  change(change: Partial<Lifetime>): void {
    const lifetime = { ...this.#lifetime, ...change };
    this.#database.saveLifetime(this.db, lifetime);
    this.#lifetime = lifetime;
    this.#settings = withChange(this.#defaults, lifetime.settings);
    this.reload();
  }

  /** Closes the database and keeps its content. */
  suspend(): void {
    if (this.#open === null) return;
    this.#database.suspend(this.#open.db);
    this.#afterClose();
  }

  /** Closes the database when the server shuts down. */
  close(): void {
    this.#open?.db.close();
    this.#open = null;
  }

  /** Replaces the whole database with `image`, for a reset or a restored snapshot. */
  replace(image: Buffer): void {
    const swap = this.#database.prepareSwap(image, this.#lifetime);
    this.#replacements += 1;
    this.#open?.db.close(sandboxReplaced(this.name));
    this.#afterClose();
    swap();
  }

  /** Discards cached clock, ids and documents after their rows were changed. */
  reload(): void {
    if (this.#open !== null) this.#open = this.#stateOf(this.#open.db);
  }

  /** The whole database as bytes, without the sandbox's metadata. */
  image(): Buffer {
    return this.db.copy('delete from sandbox');
  }

  /** Ends the sandbox after its files were deleted: work in progress is refused from here on. */
  remove(): void {
    this.#end = sandboxDeleted(this.name);
    this.webhooks.close();
    this.#open?.db.close(this.#end);
    this.#afterClose();
    this.#ended?.abort(this.#end);
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

  #assertNotReplacedSince(replacements: number): void {
    if (this.#end !== null) throw this.#end;
    if (this.#replacements !== replacements) throw sandboxReplaced(this.name);
  }

  #clearFaults(): void {
    this.faults.clear();
    this.retryTests.clear();
  }

  #openDatabase(): OpenDatabase {
    if (this.#end !== null) throw this.#end;
    const db = this.#database.open();
    let open: OpenDatabase;
    try {
      open = this.#stateOf(db);
    } catch (error) {
      // An open handle would keep the file locked and fail the next attempt.
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
