// Counts the bytes that all sandboxes keep of one kind (journal entries, webhook deliveries) and drops the oldest beyond a limit.

/** Something that is kept until it is released, or dropped to make room. */
export interface Kept {
  /** What it takes, in bytes. */
  readonly bytes: number;
  /** The part of `bytes` that `dropBodies` frees, if there is one. */
  readonly bodyBytes: number;
  /** Drops the bodies; `bytes` and `bodyBytes` decrease. */
  dropBodies?(): void;
  /** Removes it from its owner. */
  drop(): void;
}

/** From this size on, in bytes, bodies are dropped before any entry is. */
const LARGE_BODY = 1024;

/** The memory of one kind, over all sandboxes: beyond the limit large bodies are dropped first, then entries, oldest first. */
export class RetainedMemory {
  /** In bytes. */
  readonly limit: number;
  #used = 0;
  readonly #entries = new OldestFirst<Kept>();
  readonly #largeBodies = new OldestFirst<Kept>();

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.limit = limit;
  }

  /** The bytes in use. */
  get used(): number {
    return this.#used;
  }

  /** Counts a new item, and drops as much as is over the limit, at last the item itself. */
  keep(item: Kept): void {
    this.#used += item.bytes;
    this.#entries.add(item);
    if (item.bodyBytes >= LARGE_BODY) this.#largeBodies.add(item);
    while (this.#used > this.limit) {
      const bodies = this.#largeBodies.shift();
      if (bodies === undefined) this.#drop(this.#entries.shift() as Kept);
      else {
        this.#used -= bodies.bodyBytes;
        (bodies as Required<Kept>).dropBodies();
      }
    }
  }

  /** Stops counting an item that its owner removes; once an item is dropped, it is not counted any more. */
  release(item: Kept): void {
    this.#entries.delete(item);
    this.#largeBodies.delete(item);
    this.#used -= item.bytes;
  }

  /** Whether an item is counted: it was neither released nor dropped. */
  has(item: Kept): boolean {
    return this.#entries.has(item);
  }

  #drop(item: Kept): void {
    this.#used -= item.bytes;
    item.drop();
  }
}

/** A member of an OldestFirst, between its neighbours in age. */
interface Link<T> {
  readonly member: T;
  older: Link<T> | null;
  newer: Link<T> | null;
}

/**
 * A set in order of insertion, whose oldest member is removed in constant time. Of a Set, a new iterator passes all
 * places of removed members, and one that is kept holds them all in memory.
 */
export class OldestFirst<T> {
  readonly #links = new Map<T, Link<T>>();
  #oldest: Link<T> | null = null;
  #newest: Link<T> | null = null;

  get size(): number {
    return this.#links.size;
  }

  /** Adds a member that is not in the set yet. */
  add(member: T): void {
    const link: Link<T> = { member, older: this.#newest, newer: null };
    if (this.#newest === null) this.#oldest = link;
    else this.#newest.newer = link;
    this.#newest = link;
    this.#links.set(member, link);
  }

  delete(member: T): void {
    const link = this.#links.get(member);
    if (link === undefined) return;
    this.#links.delete(member);
    const { older, newer } = link;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
  }

  has(member: T): boolean {
    return this.#links.has(member);
  }

  /** Removes and returns the oldest member. */
  shift(): T | undefined {
    const member = this.#oldest?.member;
    if (member !== undefined) this.delete(member);
    return member;
  }

  clear(): void {
    this.#links.clear();
    this.#oldest = null;
    this.#newest = null;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#links.keys();
  }
}
