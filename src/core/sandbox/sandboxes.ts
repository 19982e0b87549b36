// The sandboxes of a server: look-up by name, creation on use or on request, suspension, eviction, data folder.
import { Events } from '../journal/events.ts';
import { JOURNAL_SIZE } from '../journal/journal.ts';
import { Problem } from '../problem.ts';
import { maxDescriptors, maxOpenFiles } from '../storage/descriptors.ts';
import { DataFolder } from './data-folder.ts';
import { Evictions } from './evictions.ts';
import type { Fixtures } from './fixtures.ts';
import { LIMITS, type Lifetime, type Limits, monotonicNow, newestFirst, readLifetime } from './lifetime.ts';
import { Memory, type MemoryLimits } from './memory.ts';
import { OpenSandboxes } from './open-sandboxes.ts';
import { Sandbox } from './sandbox.ts';
import { InMemory, type SandboxDatabase } from './sandbox-database.ts';
import { sandboxExists } from './sandbox-exists.ts';
import { checkedName, DEFAULT_SANDBOX } from './sandbox-name.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange } from './settings.ts';
import { InMemorySnapshots } from './snapshots.ts';
import { UnknownSandbox } from './unknown-sandbox.ts';
import { WarmCopy } from './warm-spare.ts';

export { DataError } from '../storage/disk.ts';
export { LIMITS, type Limits, monotonicNow } from './lifetime.ts';
export { checkedName, DEFAULT_SANDBOX, sandboxName } from './sandbox-name.ts';
export { UnknownSandbox } from './unknown-sandbox.ts';

/** Options of a server's sandboxes. */
export interface SandboxesOptions extends Limits {
  readonly settings: Settings;
  /** The folder that persists sandboxes; null keeps them in memory. */
  readonly data: string | null;
  readonly journalSize: number;
  /** Limits of what is kept in memory, in bytes. */
  readonly memory: Partial<MemoryLimits>;
  /** Whether webhooks are sent; otherwise they are only recorded. */
  readonly webhooks: boolean;
  /** Real time in ms since the epoch, for expiry; injected by tests. */
  readonly now: () => number;
}

/** Interval between sweeps for expired sandboxes, in ms. */
const SWEEP_INTERVAL = 30_000;

/** The sandboxes of one server. */
export class Sandboxes {
  readonly events = new Events();
  /** What all sandboxes keep in memory besides their rows. */
  readonly memory: Memory;
  readonly #fixtures: Fixtures;
  readonly #options: SandboxesOptions;
  readonly #folder: DataFolder | null;
  readonly #open: OpenSandboxes;
  readonly #evictions: Evictions;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #sweepTimer: NodeJS.Timeout;
  readonly #warmCopy: WarmCopy;

  /** @throws DataError when the data folder cannot be written or another process holds it */
  constructor(fixtures: Fixtures, options: Partial<SandboxesOptions> = {}) {
    this.#fixtures = fixtures;
    this.#warmCopy = new WarmCopy(fixtures.image);
    this.#options = {
      ...LIMITS,
      settings: DEFAULT_SETTINGS,
      data: null,
      journalSize: JOURNAL_SIZE,
      memory: {},
      webhooks: true,
      now: monotonicNow,
      ...options,
    };
    const { data, maxOpen, idleSeconds, memory } = this.#options;
    this.memory = new Memory(memory);
    this.#open = new OpenSandboxes(data === null ? maxOpen : Math.min(maxOpen, maxOpenFiles(maxDescriptors())));
    this.#evictions = new Evictions(idleSeconds);
    this.#folder = data === null ? null : new DataFolder(data, fixtures.version);
    try {
      // Opened at once, so that a file that cannot be used is detected before the server listens.
      (this.#load(DEFAULT_SANDBOX) ?? this.#createFromFixtures(DEFAULT_SANDBOX)).db;
    } catch (error) {
      this.#folder?.close();
      throw error;
    }
    this.#sweepTimer = setInterval(this.sweep.bind(this), SWEEP_INTERVAL).unref();
  }

  /** The sandbox of that name; it is created from the fixtures if it does not exist. @throws UnknownSandbox, Problem */
  find(name: string): Sandbox {
    const sandbox = this.peek(name) ?? this.#createOnUse(checkedName(name));
    sandbox.lastUsedAt = this.#options.now();
    this.#evictions.used(sandbox);
    this.#open.used(sandbox);
    return sandbox;
  }

  /** The sandbox of that name, which must exist. @throws UnknownSandbox */
  findExisting(name: string): Sandbox {
    this.get(name);
    return this.find(name);
  }

  /** The sandbox of that name, or undefined. Does not create it, and does not count as use. */
  peek(name: string): Sandbox | undefined {
    const sandbox = this.#sandboxes.get(name) ?? this.#load(name);
    if (sandbox === undefined || !this.#evictions.isExpired(sandbox, this.#options.now())) return sandbox;
    this.#evict(sandbox);
    return undefined;
  }

  /** The sandbox of that name, without counting as use. @throws UnknownSandbox */
  get(name: string): Sandbox {
    const sandbox = this.peek(checkedName(name));
    if (sandbox === undefined) throw new UnknownSandbox(name, this.#names());
    return sandbox;
  }

  #names(): string[] {
    return [...this.#sandboxes.keys(), ...(this.#folder?.names ?? [])];
  }

  /** The number of loaded sandboxes. */
  get size(): number {
    return this.#sandboxes.size;
  }

  /** All sandboxes, newest first. Files that cannot be opened are left out. */
  list(): Sandbox[] {
    this.sweep();
    for (const name of this.#folder?.names ?? []) {
      try {
        this.peek(name);
      } catch {
        // The reason is reported when the sandbox is addressed by name.
      }
    }
    return [...this.#sandboxes.values()].reverse().sort(newestFirst);
  }

  /** Creates a sandbox with the content of `image`. @throws Problem when the name is taken or capacity is reached */
  async create(name: string, image: Buffer, settings: SettingsChange, ttlSeconds: number | null): Promise<Sandbox> {
    if (this.peek(checkedName(name)) !== undefined) throw sandboxExists(name);
    const lifetime = { ...this.#lifetime('request'), settings, ...this.expiry(ttlSeconds) };
    if (this.#folder === null) this.#makeRoom();
    const database =
      this.#folder === null ? new InMemory(image, this.#warmCopy) : await this.#folder.create(name, image, lifetime);
    this.#evictions.takeEvicted(name);
    return this.#add(name, database, lifetime);
  }

  /** The expiry of a sandbox that lives `ttlSeconds` from now; null for no expiry. */
  expiry(ttlSeconds: number | null): Pick<Lifetime, 'ttlSeconds' | 'endsAt'> {
    return { ttlSeconds, endsAt: ttlSeconds === null ? null : this.#options.now() + ttlSeconds * 1000 };
  }

  /** When a sandbox expires, ISO 8601; null if it does not. */
  expiresAt(sandbox: Sandbox): string | null {
    return this.#evictions.expiresAt(sandbox);
  }

  /** Deletes a sandbox. @throws UnknownSandbox, or Problem for `default` */
  delete(name: string): void {
    const sandbox = this.get(name);
    if (name === DEFAULT_SANDBOX) {
      throw new Problem(
        409,
        'default-sandbox',
        'The sandbox default cannot be deleted; POST /__admin/reset resets it to the fixtures.',
      );
    }
    this.#remove(sandbox);
  }

  /** The image that a sandbox starts from or is reset to. */
  image(from: 'fixtures' | 'empty'): Buffer {
    return from === 'empty' ? this.#fixtures.empty : this.#fixtures.image;
  }

  /** Evicts expired sandboxes. */
  sweep(): void {
    for (const sandbox of this.#sandboxes.values()) {
      try {
        if (this.#evictions.isExpired(sandbox, this.#options.now())) this.#evict(sandbox);
      } catch {
        // The file cannot be deleted now: the next sweep retries, and requests for the sandbox report the reason.
      }
    }
  }

  /** Removes all barriers, so that no request waits at one. */
  clearBarriers(): void {
    for (const { barriers } of this.#sandboxes.values()) barriers.clear();
  }

  /** Closes all databases and stops webhooks; persisted sandboxes keep their content. */
  close(): void {
    clearInterval(this.#sweepTimer);
    this.#warmCopy.close();
    for (const sandbox of this.#sandboxes.values()) {
      sandbox.webhooks.close();
      sandbox.close();
    }
    this.#sandboxes.clear();
    this.#folder?.close();
  }

  /** Loads a sandbox from its file in the data folder. */
  #load(name: string): Sandbox | undefined {
    if (this.#folder === null || !this.#folder.has(name)) return undefined;
    const database = this.#folder.database(name);
    const db = database.open();
    try {
      // A file that was placed in the folder by hand has no metadata yet.
      const known = readLifetime(db);
      const lifetime = known ?? this.#lifetime('request');
      if (known === undefined) database.saveLifetime(db, lifetime);
      return this.#add(name, database, lifetime);
    } finally {
      database.suspend(db);
    }
  }

  #createOnUse(name: string): Sandbox {
    if (this.#options.explicitOnly) throw new UnknownSandbox(name, this.#names());
    const sandbox = this.#createFromFixtures(name);
    sandbox.restarted = this.#evictions.takeEvicted(name);
    return sandbox;
  }

  #createFromFixtures(name: string): Sandbox {
    const { image } = this.#fixtures;
    const lifetime = this.#lifetime('use');
    if (this.#folder === null) this.#makeRoom();
    const database = this.#folder?.createNow(name, image, lifetime) ?? new InMemory(image, this.#warmCopy);
    return this.#add(name, database, lifetime);
  }

  #add(name: string, database: SandboxDatabase, lifetime: Lifetime): Sandbox {
    const sandbox = new Sandbox({
      name,
      database,
      snapshots: this.#folder?.snapshots(name) ?? new InMemorySnapshots(this.memory.snapshots),
      lifetime,
      defaults: this.#options.settings,
      journalSize: this.#options.journalSize,
      memory: this.memory,
      onOpenChange: (one, open) => this.#open.changed(one, open),
      onBarrier: ({ clock }, data) => this.events.emit({ type: 'barrier', sandbox: name, at: clock.iso(), data }),
    });
    sandbox.lastUsedAt = this.#options.now();
    sandbox.webhooks.enabled = this.#options.webhooks;
    this.#sandboxes.set(name, sandbox);
    if (this.#folder === null && lifetime.madeBy === 'use' && name !== DEFAULT_SANDBOX) this.#evictions.allow(sandbox);
    return sandbox;
  }

  #lifetime(madeBy: Lifetime['madeBy']): Lifetime {
    return { createdAt: new Date().toISOString(), madeBy, ttlSeconds: null, endsAt: null, settings: {} };
  }

  #makeRoom(): void {
    if (this.#sandboxes.size < this.#options.maxSandboxes) return;
    const next = this.#evictions.next();
    if (next !== undefined) {
      this.#evict(next);
      return;
    }
    this.sweep();
    if (this.#sandboxes.size < this.#options.maxSandboxes) return;
    throw new Problem(
      503,
      'too-many-sandboxes',
      `There are ${this.#options.maxSandboxes} sandboxes, and none of them can be evicted; delete some, give them ttlSeconds, or raise --max-sandboxes.`,
    );
  }

  /** Removes a sandbox without a request to do so; its name is remembered, so that its next use reports a restart. */
  #evict(sandbox: Sandbox): void {
    this.#remove(sandbox);
    this.#evictions.remember(sandbox.name);
  }

  #remove(sandbox: Sandbox): void {
    // A file is renamed more safely when it is closed, but work in progress ends only once the sandbox is deleted.
    if (!sandbox.busy) sandbox.suspend();
    const freeSpace = this.#folder?.remove(sandbox.name);
    sandbox.remove();
    this.#sandboxes.delete(sandbox.name);
    this.#evictions.removed(sandbox);
    this.events.emit({ type: 'sandbox-deleted', sandbox: sandbox.name, at: new Date().toISOString(), data: {} });
    freeSpace?.();
  }
}
