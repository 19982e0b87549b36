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

/** A set in order of insertion, whose oldest member is removed in constant time. */
export class OldestFirst<T> {
  readonly #members = new Set<T>();
  /** Kept between calls: a new iterator would pass all places of removed members again. */
  #oldest = this.#members.values();

  get size(): number {
    return this.#members.size;
  }

  add(member: T): void {
    this.#members.add(member);
  }

  delete(member: T): void {
    this.#members.delete(member);
  }

  has(member: T): boolean {
    return this.#members.has(member);
  }

  /** Removes and returns the oldest member. */
  shift(): T | undefined {
    let next = this.#oldest.next();
    if (next.done) {
      this.#oldest = this.#members.values();
      next = this.#oldest.next();
    }
    if (next.done) return undefined;
    this.#members.delete(next.value);
    return next.value;
  }

  clear(): void {
    this.#members.clear();
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#members.values();
  }
}
