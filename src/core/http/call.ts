// One call of an operation, as its handler sees it.
import { recordDeletion } from '../deletions/ledger.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../storage/database.ts';

/** A request that was let in and whose input fits; everything a handler may look at. */
export class Call<Caller = unknown, Params = unknown, Query = unknown, Headers = unknown, Body = unknown> {
  readonly sandbox: Sandbox;
  readonly caller: Caller;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  /** The operation called, for the ledger. */
  readonly operation: { readonly provider: string; readonly name: string };
  readonly requestId: string;
  readonly providerRequestId: string | null;
  /** Where the provider's mount is reached from outside, e.g. `http://127.0.0.1:4010/conductor`. */
  readonly publicBase: string;
  /** A fault that waits for the handler's checkpoint. */
  readonly checkpointFault: (() => never) | null;
  /** Answer as if it had happened, and change nothing. */
  readonly dryRun: boolean;
  /** How long a planned fault delays the answer, in ms. */
  readonly delayMs: number;
  /** Its entry in the journal; null where none is written. */
  readonly entry: { notes: object | null } | null;

  constructor(from: Omit<Call<Caller, Params, Query, Headers, Body>, 'db' | 'remove' | 'checkpoint' | 'note'>) {
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
    this.delayMs = from.delayMs;
    this.entry = from.entry;
  }

  get db(): Database {
    return this.sandbox.db;
  }

  /** Adds to the request's entry in the journal what its answer does not show. */
  note(notes: object): void {
    if (this.entry !== null) this.entry.notes = { ...this.entry.notes, ...notes };
  }

  /** Throws the fault that is planned for this point; does nothing when there is none. */
  checkpoint(): void {
    this.checkpointFault?.();
  }

  /** Runs `work`, which removes rows, in one transaction that also writes the receipt. */
  remove<T>(work: () => T): T {
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
      { dryRun: this.dryRun },
    );
  }
}
