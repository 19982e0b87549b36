// The database of a sandbox in use: opened on demand, held by work in progress, copied, and replaced as a whole.
import type { Problem } from '../problem.ts';
import type { PreparedFile } from '../storage/atomic-file.ts';
import { type Database, openClone } from '../storage/database.ts';
import { letOthersRun } from '../storage/slices.ts';
import { sandboxChanged, sandboxDeleted, sandboxReplaced } from './interrupted-work.ts';
import type { Lifetime } from './lifetime.ts';
import type { SandboxDatabase } from './sandbox-database.ts';

/** What a live database is told about its sandbox, and tells it. */
export interface LiveDatabaseParts {
  readonly name: string;
  readonly stored: SandboxDatabase;
  /** The metadata to store with new content. */
  readonly lifetime: () => Lifetime;
  /** Called with a database that was opened, before anything else uses it; when it throws, the database is closed. */
  readonly onOpen: (db: Database) => void;
  /** Called after the database was opened or closed. */
  readonly onChange: (open: boolean) => void;
}

/** The stored database of one sandbox while it is used. */
export class LiveDatabase {
  readonly #parts: LiveDatabaseParts;
  #open: Database | null = null;
  #holds = 0;
  /** How often the database was replaced. */
  #replacements = 0;
  /** Settles when the latest replacement that was asked for ends. */
  #lastReplacement: Promise<unknown> = Promise.resolve();
  #rewriting: Promise<void> | null = null;
  /** Why the sandbox cannot be used any more; null while it exists. */
  #end: Problem | null = null;
  #ended: AbortController | null = null;

  constructor(parts: LiveDatabaseParts) {
    this.#parts = parts;
  }

  /** The database, opened on first use. */
  get db(): Database {
    return this.#open ?? this.#openDatabase();
  }

  /** The database if it is open. */
  get opened(): Database | null {
    return this.#open;
  }

  /** Whether work is in progress. */
  get busy(): boolean {
    return this.#holds > 0 || this.#open?.inTransaction === true;
  }

  /** Why the sandbox cannot be used any more; null while it exists. */
  get end(): Problem | null {
    return this.#end;
  }

  /** Aborts when the sandbox is deleted; the reason is a Problem that says so. */
  get ended(): AbortSignal {
    this.#ended ??= new AbortController();
    if (this.#end !== null) this.#ended.abort(this.#end);
    return this.#ended.signal;
  }

  /** Settles when the rewrite in progress ends; null when there is none. */
  get rewriting(): Promise<void> | null {
    return this.#rewriting;
  }

  /** See `Sandbox.hold`. */
  hold(): () => void {
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
    };
  }

  /** See `Sandbox.holdWhile`. */
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

  /** Closes the database and keeps its content. */
  suspend(): void {
    if (this.#open === null) return;
    this.#parts.stored.suspend(this.#open);
    this.#afterClose();
  }

  /** Closes the database when the server shuts down. */
  close(): void {
    this.#open?.close();
    this.#open = null;
  }

  /** Ends all work after the files were deleted. */
  remove(): void {
    this.#end = sandboxDeleted(this.#parts.name);
    this.#open?.close(this.#end);
    this.#afterClose();
    this.#ended?.abort(this.#end);
  }

  /** Whether the database is too large to be read or written at once while other requests wait. */
  async isLarge(): Promise<boolean> {
    return (await this.#openFirst()).large;
  }

  /** A private copy of the database as of the call. @throws Problem when the sandbox was replaced or deleted meanwhile */
  async copy(): Promise<Database> {
    const bytes = await this.holdWhile(async () => await this.#parts.stored.read(await this.#openFirst()));
    await letOthersRun(bytes.length);
    return openClone(bytes);
  }

  /** The whole database as bytes, without the sandbox's metadata. */
  async image(): Promise<Buffer> {
    return await this.holdWhile(async () => await this.#parts.stored.readRows(await this.#openFirst()));
  }

  /** Replaces the whole database with bytes or a private copy, for a reset or a restored snapshot. */
  async replace(content: Buffer | Database): Promise<void> {
    await this.#oneAtATime(async () => {
      const prepared = await this.#parts.stored.prepareSwap(content, this.#parts.lifetime());
      this.#swap(prepared, () => {});
    });
  }

  /** See `Sandbox.rewrite`. */
  async rewrite<T>(work: (copy: Database) => Promise<T>): Promise<T> {
    const result = this.#oneAtATime(async () => {
      const db = await this.#openFirst();
      // The caller may have tried to do without.
      await letOthersRun(db.size);
      const changes = db.changes();
      const copy = await this.copy();
      const { done, prepared } = await this.#prepareRewritten(copy, work);
      this.#swap(prepared, () => {
        if (this.#open !== db || db.changes() !== changes) throw sandboxChanged(this.#parts.name);
      });
      return done;
    });
    const ended: Promise<void> = result.then(
      () => this.#rewritten(ended),
      () => this.#rewritten(ended),
    );
    this.#rewriting = ended;
    return await result;
  }

  /** See `Sandbox.onCopy`. */
  onCopy<T>(copy: Database, work: () => T): T {
    const { db } = this;
    try {
      this.#open = copy;
      this.#parts.onOpen(copy);
      return work();
    } finally {
      this.#open = db;
      this.#parts.onOpen(db);
    }
  }

  #rewritten(ended: Promise<void>): void {
    // Another one may be in line.
    if (this.#rewriting === ended) this.#rewriting = null;
  }

  async #prepareRewritten<T>(
    copy: Database,
    work: (copy: Database) => Promise<T>,
  ): Promise<{ done: T; prepared: PreparedFile }> {
    try {
      return { done: await work(copy), prepared: await this.#parts.stored.prepareSwap(copy, this.#parts.lifetime()) };
    } catch (error) {
      copy.close();
      throw error;
    }
  }

  /** Runs replacements one after another, since they write the same file. */
  async #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    const turn = this.#lastReplacement.then(() => {
      this.#assertNotDeleted();
      return work();
    });
    this.#lastReplacement = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      release();
    }
  }

  /** Closes the database and puts the prepared one in its place, unless the sandbox was deleted or `check` throws. */
  #swap({ swap, discard }: PreparedFile, check: () => void): void {
    try {
      this.#assertNotDeleted();
      check();
    } catch (error) {
      discard();
      throw error;
    }
    this.#replacements += 1;
    this.#open?.close(sandboxReplaced(this.#parts.name));
    this.#afterClose();
    swap();
  }

  #assertNotReplacedSince(replacements: number): void {
    this.#assertNotDeleted();
    if (this.#replacements !== replacements) throw sandboxReplaced(this.#parts.name);
  }

  #assertNotDeleted(): void {
    if (this.#end !== null) throw this.#end;
  }

  /** The open database. Opening a large one and copying it take some time each, so others are served in between. */
  async #openFirst(): Promise<Database> {
    if (this.#open === null) {
      await letOthersRun(this.#openDatabase().size);
    }
    return this.db;
  }

  #openDatabase(): Database {
    this.#assertNotDeleted();
    const db = this.#parts.stored.open();
    try {
      this.#parts.onOpen(db);
    } catch (error) {
      // An open handle would keep the file locked and fail the next attempt.
      db.close();
      throw error;
    }
    this.#open = db;
    this.#parts.onChange(true);
    return db;
  }

  #afterClose(): void {
    this.#open = null;
    this.#parts.onChange(false);
  }
}
