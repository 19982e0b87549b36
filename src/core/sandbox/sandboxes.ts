// All sandboxes: found by name, made on first use or on request, put to sleep, evicted, kept as files.
import { Events } from '../journal/events.ts';
import { JOURNAL_SIZE } from '../journal/journal.ts';
import { Problem } from '../problem.ts';
import { mostDescriptors, mostFiles } from '../storage/descriptors.ts';
import { DataFolder } from './data-folder.ts';
import type { Fixtures } from './fixtures.ts';
import { LIMITS, type Lifetime, type Limits, readLifetime, steadily } from './lifetime.ts';
import { Sandbox } from './sandbox.ts';
import { type Home, MemoryHome } from './sandbox-database.ts';
import { checkedName, DEFAULT_SANDBOX } from './sandbox-name.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange } from './settings.ts';
import { MemoryShelf } from './snapshots.ts';
import { Spare } from './warm-spare.ts';

export { DataError } from '../storage/disk.ts';
export { LIMITS, type Limits, steadily } from './lifetime.ts';
export { checkedName, DEFAULT_SANDBOX, sandboxName } from './sandbox-name.ts';

/** How the sandboxes of a server are kept. */
export interface Keeping extends Limits {
  readonly settings: Settings;
  /** A folder in which they outlive the process. */
  readonly data: string | null;
  readonly journalSize: number;
  /** Webhooks are sent; else they are only kept. */
  readonly webhooks: boolean;
  /** Real time in milliseconds, for lifetimes; tests hand in their own. */
  readonly now: () => number;
}

/** There is no sandbox of that name, and none is made. */
export class UnknownSandbox extends Problem {
  constructor(name: string) {
    super(
      404,
      'unknown-sandbox',
      'Unknown sandbox',
      `There is no sandbox ${name}; POST /__admin/sandboxes makes it, GET /__admin/sandboxes lists those there are.`,
    );
  }
}

/** How often those whose time is over are looked for, in milliseconds. */
const ROUND = 30_000;
/** How many names of sandboxes that went are remembered. */
const REMEMBERED = 1000;

/** The sandboxes of one server. */
export class Sandboxes {
  readonly events = new Events();
  readonly #fixtures: Fixtures;
  readonly #keeping: Keeping;
  readonly #folder: DataFolder | null;
  /** How many may be awake. */
  readonly #open: number;
  readonly #known = new Map<string, Sandbox>();
  /** Those made by first use that may go, least recently used first. */
  readonly #passing = new Map<string, Sandbox>();
  /** Those with an open database, least recently used first. */
  readonly #awake = new Set<Sandbox>();
  /** Names of those that went unasked. */
  readonly #gone = new Set<string>();
  readonly #rounds: NodeJS.Timeout;
  readonly #spare: Spare;

  /** @throws DataError when the data folder cannot be written or another process holds it */
  constructor(fixtures: Fixtures, keeping: Partial<Keeping> = {}) {
    this.#fixtures = fixtures;
    this.#spare = new Spare(fixtures.image);
    this.#keeping = {
      ...LIMITS,
      settings: DEFAULT_SETTINGS,
      data: null,
      journalSize: JOURNAL_SIZE,
      webhooks: true,
      now: steadily,
      ...keeping,
    };
    const { data } = this.#keeping;
    this.#open = data === null ? this.#keeping.open : Math.min(this.#keeping.open, mostFiles(mostDescriptors()));
    this.#folder = data === null ? null : new DataFolder(data, fixtures.version);
    // Opened at once: another process that has the folder is found before anything is served.
    (this.#present(DEFAULT_SANDBOX) ?? this.#make(DEFAULT_SANDBOX, 'use', fixtures.image)).db;
    this.#rounds = setInterval(this.sweep.bind(this), ROUND).unref();
  }

  /** The sandbox of that name; one not seen before is made from the fixtures. */
  find(name: string): Sandbox {
    const sandbox = this.look(name) ?? this.#makeByUse(checkedName(name));
    sandbox.usedAt = this.#keeping.now();
    if (this.#passing.delete(name)) this.#passing.set(name, sandbox);
    if (this.#awake.delete(sandbox)) this.#awake.add(sandbox);
    return sandbox;
  }

  /** The sandbox of that name, or undefined; none is made, and looking is no use of it. */
  look(name: string): Sandbox | undefined {
    const sandbox = this.#known.get(name) ?? this.#present(name);
    if (sandbox === undefined || !this.#over(sandbox)) return sandbox;
    this.#drop(sandbox);
    return undefined;
  }

  /** The same. @throws UnknownSandbox */
  required(name: string): Sandbox {
    const sandbox = this.look(checkedName(name));
    if (sandbox === undefined) throw new UnknownSandbox(name);
    return sandbox;
  }

  /** How many there are in use. */
  get size(): number {
    return this.#known.size;
  }

  /** All of them, newest first. Files that cannot be opened are left out. */
  list(): Sandbox[] {
    this.sweep();
    for (const name of this.#folder?.names ?? []) {
      try {
        this.look(name);
      } catch {
        // Whoever asks for it by name is told why.
      }
    }
    return [...this.#known.values()]
      .reverse()
      .sort(
        (a, b) =>
          Number(a.lifetime.createdAt < b.lifetime.createdAt) - Number(a.lifetime.createdAt > b.lifetime.createdAt),
      );
  }

  /** Makes a sandbox that holds `image`. @throws Problem when the name is taken or there is no room */
  create(name: string, image: Buffer, settings: SettingsChange, ttlSeconds: number | null): Sandbox {
    if (this.look(checkedName(name)) !== undefined) {
      throw new Problem(
        409,
        'sandbox-exists',
        'Sandbox exists',
        `There is a sandbox ${name} already; choose another name, change it with PATCH, or delete it first.`,
      );
    }
    this.#gone.delete(name);
    return this.#make(name, 'request', image, { settings, ...this.ending(ttlSeconds) });
  }

  /** When a sandbox ends that lives so long from now on. */
  ending(ttlSeconds: number | null): Pick<Lifetime, 'ttlSeconds' | 'endsAt'> {
    return { ttlSeconds, endsAt: ttlSeconds === null ? null : this.#keeping.now() + ttlSeconds * 1000 };
  }

  /** When a sandbox expires, or would expire unused; ISO 8601, null if it does not. Setting the machine's clock later does not move it. */
  expiresAt({ lifetime: { endsAt }, usedAt, name }: Sandbox): string | null {
    const idle = this.#passing.has(name) ? usedAt + this.#keeping.idleSeconds * 1000 : Number.POSITIVE_INFINITY;
    const end = Math.min(idle, endsAt ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(end) ? new Date(end).toISOString() : null;
  }

  /** Ends a sandbox. @throws UnknownSandbox, or Problem for `default` */
  delete(name: string): void {
    const sandbox = this.required(name);
    if (name === DEFAULT_SANDBOX) {
      throw new Problem(
        409,
        'default-sandbox',
        'Default sandbox',
        'The sandbox default cannot be deleted; POST /__admin/reset puts it back to the fixtures.',
      );
    }
    this.#remove(sandbox);
  }

  /** The bytes a sandbox starts from, or is put back to. */
  image(from: 'fixtures' | 'empty'): Buffer {
    return from === 'empty' ? this.#fixtures.empty : this.#fixtures.image;
  }

  /** Ends those whose time is over. */
  sweep(): void {
    for (const sandbox of this.#known.values()) {
      try {
        if (this.#over(sandbox)) this.#drop(sandbox);
      } catch {
        // Its file cannot be deleted now: the next round tries again, and whoever asks for it is told why.
      }
    }
  }

  close(): void {
    clearInterval(this.#rounds);
    this.#spare.close();
    for (const sandbox of this.#known.values()) {
      sandbox.webhooks.close();
      sandbox.close();
    }
    this.#known.clear();
  }

  /** One that is kept as a file from earlier on. */
  #present(name: string): Sandbox | undefined {
    if (this.#folder === null || !this.#folder.has(name)) return undefined;
    const home = this.#folder.home(name);
    const db = home.wake();
    try {
      // One that was put there by hand has nothing of its own yet.
      const known = readLifetime(db);
      const lifetime = known ?? this.#lifetime('request');
      if (known === undefined) home.remember(db, lifetime);
      return this.#add(name, home, lifetime);
    } finally {
      home.rest(db);
    }
  }

  #makeByUse(name: string): Sandbox {
    if (this.#keeping.explicit) throw new UnknownSandbox(name);
    const sandbox = this.#make(name, 'use', this.#fixtures.image);
    sandbox.restarted = this.#gone.delete(name);
    return sandbox;
  }

  #make(name: string, madeBy: Lifetime['madeBy'], image: Buffer, more: Partial<Lifetime> = {}): Sandbox {
    const lifetime = { ...this.#lifetime(madeBy), ...more };
    if (this.#folder === null) {
      this.#makeRoom();
      return this.#add(name, new MemoryHome(image, this.#spare), lifetime);
    }
    const home = this.#folder.home(name);
    home.stage(image, lifetime)();
    this.#folder.add(name);
    return this.#add(name, home, lifetime);
  }

  #add(name: string, home: Home, lifetime: Lifetime): Sandbox {
    const sandbox = new Sandbox({
      name,
      home,
      snapshots: this.#folder?.shelf(name) ?? new MemoryShelf(),
      lifetime,
      defaults: this.#keeping.settings,
      journalSize: this.#keeping.journalSize,
      turned: (one, awake) => this.#turned(one, awake),
    });
    sandbox.usedAt = this.#keeping.now();
    sandbox.webhooks.enabled = this.#keeping.webhooks;
    this.#known.set(name, sandbox);
    if (this.#folder === null && lifetime.madeBy === 'use' && name !== DEFAULT_SANDBOX)
      this.#passing.set(name, sandbox);
    return sandbox;
  }

  #lifetime(madeBy: Lifetime['madeBy']): Lifetime {
    return { createdAt: new Date().toISOString(), madeBy, ttlSeconds: null, endsAt: null, settings: {} };
  }

  /** Keeps no more databases open than allowed. The default one's file stays open: that is how the folder is held. */
  #turned(sandbox: Sandbox, awake: boolean): void {
    this.#awake.delete(sandbox);
    if (!awake) return;
    this.#awake.add(sandbox);
    for (const one of this.#awake) {
      if (this.#awake.size <= this.#open) return;
      if (one !== sandbox && !one.busy && one.name !== DEFAULT_SANDBOX) one.sleep();
    }
  }

  /** Whether its time is over and nothing keeps it. */
  #over({ lifetime, usedAt, busy, name }: Sandbox): boolean {
    const now = this.#keeping.now();
    const idle = this.#passing.has(name) && now - usedAt > this.#keeping.idleSeconds * 1000;
    return !busy && (idle || (lifetime.endsAt !== null && now >= lifetime.endsAt));
  }

  #makeRoom(): void {
    if (this.#known.size < this.#keeping.most) return;
    for (const sandbox of this.#passing.values()) {
      if (sandbox.busy) continue;
      this.#drop(sandbox);
      return;
    }
    this.sweep();
    if (this.#known.size < this.#keeping.most) return;
    throw new Problem(
      503,
      'too-many-sandboxes',
      'Too many sandboxes',
      `There are ${this.#keeping.most} sandboxes, and none of them may go; delete some, give them ttlSeconds, or raise --max-sandboxes.`,
    );
  }

  /** One that goes though nobody asked for it; its name is remembered, for it may be asked for again. */
  #drop(sandbox: Sandbox): void {
    this.#remove(sandbox);
    this.#gone.add(sandbox.name);
    if (this.#gone.size > REMEMBERED) this.#gone.delete(this.#gone.values().next().value as string);
  }

  #remove(sandbox: Sandbox): void {
    sandbox.remove();
    this.#known.delete(sandbox.name);
    this.#passing.delete(sandbox.name);
    this.#folder?.forget(sandbox.name);
  }
}
