// The call of an operation, as passed to its handler.
import { type DeletionOptions, markUnanswered, recordDeletion } from '../deletions/ledger.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../storage/database.ts';

/** An authenticated request with validated input, and the sandbox it acts on. */
export class Call<Caller = unknown, Params = unknown, Query = unknown, Headers = unknown, Body = unknown> {
  readonly sandbox: Sandbox;
  readonly caller: Caller;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  /** The provider and operation called, for the ledger. */
  readonly operation: { readonly provider: string; readonly name: string };
  readonly requestId: string;
  readonly providerRequestId: string | null;
  /** Public base URL of the provider's mount, e.g. `http://127.0.0.1:4010/conductor`. */
  readonly publicBase: string;
  /** Throws the fault planned for the handler's checkpoint; null when there is none. */
  readonly checkpointFault: (() => never) | null;
  /** Whether to respond as usual but change nothing. */
  readonly dryRun: boolean;
  /** How its deletions are run. */
  readonly deletion: DeletionOptions;
  /** Delay of the response by a planned fault, in ms. */
  readonly delayMs: number;
  /** The request's journal entry; null when none is recorded. */
  readonly entry: { notes: object | null; deletes: boolean } | null;

  constructor(
    from: Omit<Call<Caller, Params, Query, Headers, Body>, 'db' | 'remove' | 'loseResponse' | 'checkpoint' | 'note'>,
  ) {
    this.sandbox = from.sandbox;
    this.caller = from.caller;
    this.params = from.params;
    this.query = from.query;
    this.headers = from.headers;
    this.body = from.body;
    this.operation = from.operation;
    this.requestId = from.requestId;
    this.providerRequestId = from.providerRequestId;
    this.publicBase = from.publicBase;
    this.checkpointFault = from.checkpointFault;
    this.dryRun = from.dryRun;
    this.deletion = from.deletion;
    this.delayMs = from.delayMs;
    this.entry = from.entry;
  }

  /** The sandbox's database. */
  get db(): Database {
    return this.sandbox.db;
  }

  /** Adds notes to the request's journal entry, for what the response does not show. */
  note(notes: object): void {
    if (this.entry !== null) this.entry.notes = { ...this.entry.notes, ...notes };
  }

  /** Throws the fault planned for this point, if any. */
  checkpoint(): void {
    this.checkpointFault?.();
  }

  /** Marks the receipt of what the call deleted, if any: the client gets an error instead of the response. */
  loseResponse(): void {
    markUnanswered(this.db, this.requestId);
  }

  /**
   * Runs `work`, which deletes rows, in one transaction that also writes the receipt. A deletion of very many rows runs
   * again on a copy where the cascade follows after `work`, so `work` must not read what its cascade deletes.
   */
  remove<T>(work: () => T): T {
    if (this.entry !== null) this.entry.deletes = true;
    return recordDeletion(
      this.db,
      {
        requestId: this.requestId,
        at: this.sandbox.clock.iso(),
        provider: this.operation.provider,
        operation: this.operation.name,
        providerRequestId: this.providerRequestId,
      },
      work,
      this.deletion,
    );
  }
}
