// The sandboxes of a server: look-up by name, creation on use or on request, suspension, eviction, data folder.
import { Events } from '../journal/events.ts';
import { JOURNAL_SIZE } from '../journal/journal.ts';
import { Problem } from '../problem.ts';
import { maxDescriptors, maxOpenFiles } from '../storage/descriptors.ts';
import { DataFolder } from './data-folder.ts';
import type { Fixtures } from './fixtures.ts';
import { expiryOf, LIMITS, type Lifetime, type Limits, monotonicNow, newestFirst, readLifetime } from './lifetime.ts';
import { Sandbox } from './sandbox.ts';
import { InMemory, type SandboxDatabase } from './sandbox-database.ts';
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
  /** Whether webhooks are sent; otherwise they are only recorded. */
  readonly webhooks: boolean;
  /** Real time in ms since the epoch, for expiry; injected by tests. */
  readonly now: () => number;
}

/** Interval between sweeps for expired sandboxes, in ms. */
const SWEEP_INTERVAL = 30_000;
/** Maximum number of evicted names that are remembered. */
const MAX_EVICTED = 1000;

/** The sandboxes of one server. */
export class Sandboxes {
  readonly events = new Events();
  readonly #fixtures: Fixtures;
  readonly #options: SandboxesOptions;
  readonly #folder: DataFolder | null;
  readonly #maxOpen: number;
  readonly #sandboxes = new Map<string, Sandbox>();
  /** Sandboxes that may be evicted, least recently used first. */
  readonly #evictable = new Map<string, Sandbox>();
  /** Sandboxes with an open database, least recently used first. */
  readonly #opened = new Set<Sandbox>();
  /** Names of evicted sandboxes, oldest first. */
  readonly #evicted = new Set<string>();
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
      webhooks: true,
      now: monotonicNow,
      ...options,
    };
    const { data, maxOpen } = this.#options;
    this.#maxOpen = data === null ? maxOpen : Math.min(maxOpen, maxOpenFiles(maxDescriptors()));
    this.#folder = data === null ? null : new DataFolder(data, fixtures.version);
    // Opened at once, so that a folder in use by another process is detected before the server listens.
    (this.#load(DEFAULT_SANDBOX) ?? this.#create(DEFAULT_SANDBOX, 'use', fixtures.image)).db;
    this.#sweepTimer = setInterval(this.sweep.bind(this), SWEEP_INTERVAL).unref();
  }

  /** The sandbox of that name; it is created from the fixtures if it does not exist. @throws UnknownSandbox, Problem */
  find(name: string): Sandbox {
    const sandbox = this.peek(name) ?? this.#createOnUse(checkedName(name));
    sandbox.lastUsedAt = this.#options.now();
    if (this.#evictable.delete(name)) this.#evictable.set(name, sandbox);
    if (this.#opened.delete(sandbox)) this.#opened.add(sandbox);
    return sandbox;
  }

  /** The sandbox of that name, or undefined. Does not create it, and does not count as use. */
  peek(name: string): Sandbox | undefined {
    const sandbox = this.#sandboxes.get(name) ?? this.#load(name);
    if (sandbox === undefined || !this.#isExpired(sandbox)) return sandbox;
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
  create(name: string, image: Buffer, settings: SettingsChange, ttlSeconds: number | null): Sandbox {
    if (this.peek(checkedName(name)) !== undefined) {
      throw new Problem(
        409,
        'sandbox-exists',
        'Sandbox exists',
        `Sandbox ${name} already exists; choose another name, change it with PATCH, or delete it first.`,
      );
    }
    this.#evicted.delete(name);
    return this.#create(name, 'request', image, { settings, ...this.expiry(ttlSeconds) });
  }

  /** The expiry of a sandbox that lives `ttlSeconds` from now; null for no expiry. */
  expiry(ttlSeconds: number | null): Pick<Lifetime, 'ttlSeconds' | 'endsAt'> {
    return { ttlSeconds, endsAt: ttlSeconds === null ? null : this.#options.now() + ttlSeconds * 1000 };
  }

  /** When a sandbox expires, ISO 8601; null if it does not. */
  expiresAt(sandbox: Sandbox): string | null {
    return expiryOf(sandbox, this.#evictable.has(sandbox.name) ? this.#options.idleSeconds : null);
  }

  /** Deletes a sandbox. @throws UnknownSandbox, or Problem for `default` */
  delete(name: string): void {
    const sandbox = this.get(name);
    if (name === DEFAULT_SANDBOX) {
      throw new Problem(
        409,
        'default-sandbox',
        'Default sandbox',
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
        if (this.#isExpired(sandbox)) this.#evict(sandbox);
      } catch {
        // The file cannot be deleted now: the next sweep retries, and requests for the sandbox report the reason.
      }
    }
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
    const sandbox = this.#create(name, 'use', this.#fixtures.image);
    sandbox.restarted = this.#evicted.delete(name);
    return sandbox;
  }

  #create(name: string, madeBy: Lifetime['madeBy'], image: Buffer, more: Partial<Lifetime> = {}): Sandbox {
    const lifetime = { ...this.#lifetime(madeBy), ...more };
    if (this.#folder === null) {
      this.#makeRoom();
      return this.#add(name, new InMemory(image, this.#warmCopy), lifetime);
    }
    const database = this.#folder.database(name);
    database.prepareSwap(image, lifetime)();
    this.#folder.add(name);
    return this.#add(name, database, lifetime);
  }

  #add(name: string, database: SandboxDatabase, lifetime: Lifetime): Sandbox {
    const sandbox = new Sandbox({
      name,
      database,
      snapshots: this.#folder?.snapshots(name) ?? new InMemorySnapshots(),
      lifetime,
      defaults: this.#options.settings,
      journalSize: this.#options.journalSize,
      onOpenChange: (one, open) => this.#onOpenChange(one, open),
    });
    sandbox.lastUsedAt = this.#options.now();
    sandbox.webhooks.enabled = this.#options.webhooks;
    this.#sandboxes.set(name, sandbox);
    if (this.#folder === null && lifetime.madeBy === 'use' && name !== DEFAULT_SANDBOX)
      this.#evictable.set(name, sandbox);
    return sandbox;
  }

  #lifetime(madeBy: Lifetime['madeBy']): Lifetime {
    return { createdAt: new Date().toISOString(), madeBy, ttlSeconds: null, endsAt: null, settings: {} };
  }

  /** Suspends the least recently used databases above the limit. The default one stays open: its lock holds the folder. */
  #onOpenChange(sandbox: Sandbox, open: boolean): void {
    this.#opened.delete(sandbox);
    if (!open) return;
    this.#opened.add(sandbox);
    for (const one of this.#opened) {
      if (this.#opened.size <= this.#maxOpen) return;
      if (one !== sandbox && !one.busy && one.name !== DEFAULT_SANDBOX) one.suspend();
    }
  }

  /** Whether a sandbox is idle for too long or past its expiry, and not busy. */
  #isExpired({ lifetime, lastUsedAt, busy, name }: Sandbox): boolean {
    const now = this.#options.now();
    const idle = this.#evictable.has(name) && now - lastUsedAt > this.#options.idleSeconds * 1000;
    return !busy && (idle || (lifetime.endsAt !== null && now >= lifetime.endsAt));
  }

  #makeRoom(): void {
    if (this.#sandboxes.size < this.#options.maxSandboxes) return;
    for (const sandbox of this.#evictable.values()) {
      if (sandbox.busy) continue;
      this.#evict(sandbox);
      return;
    }
    this.sweep();
    if (this.#sandboxes.size < this.#options.maxSandboxes) return;
    throw new Problem(
      503,
      'too-many-sandboxes',
      'Too many sandboxes',
      `There are ${this.#options.maxSandboxes} sandboxes, and none of them can be evicted; delete some, give them ttlSeconds, or raise --max-sandboxes.`,
    );
  }

  /** Removes a sandbox without a request to do so; its name is remembered, so that its next use reports a restart. */
  #evict(sandbox: Sandbox): void {
    this.#remove(sandbox);
    this.#evicted.add(sandbox.name);
    if (this.#evicted.size > MAX_EVICTED) this.#evicted.delete(this.#evicted.values().next().value as string);
  }

  #remove(sandbox: Sandbox): void {
    sandbox.remove();
    this.#sandboxes.delete(sandbox.name);
    this.#evictable.delete(sandbox.name);
    this.#folder?.remove(sandbox.name);
  }
}
