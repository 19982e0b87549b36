// What the control plane answers, as far as the page reads it. Said anew: the server's own types need Node's, a page has none.

/** A row in the API's own words. */
export type Row = Readonly<Record<string, unknown>>;

/** A column that points at another resource's row. */
export interface OwnerRef {
  readonly column: string;
  readonly resource: string;
  readonly field: string;
  /** The row goes with its owner, stays without the value, or keeps a value that points at nothing. */
  readonly tie: 'owned' | 'detached' | 'loose';
}

/** A kind of rows. */
export interface Resource {
  readonly provider: string;
  readonly title: string;
  readonly name: string;
  readonly key: string;
  readonly columns: readonly string[];
  readonly identity: readonly string[];
  readonly owners: readonly OwnerRef[];
  readonly removal: { readonly path: string; readonly of: 'row' | 'owner' };
  readonly rows: number;
}

/** How many rows of a resource each row of a page owns. */
export interface Owned {
  readonly resource: string;
  readonly column: string;
  readonly counts: Readonly<Record<string, number>>;
}

export interface RowsPage {
  readonly rows: readonly Row[];
  readonly owned: readonly Owned[];
  readonly meta: { readonly total: number };
}

/** The call that removes a row. */
export interface Removal {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A sandbox: its base URLs and keys. */
export interface Sandbox {
  readonly name: string;
  readonly createdAt: string;
  readonly ttlSeconds?: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly providers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a deletion did, or would do. */
export interface Receipt {
  readonly requestId: string;
  readonly at: string;
  readonly provider: string;
  readonly operation: string;
  readonly root: { readonly resource: string; readonly id: string };
  readonly deleted: readonly { readonly resource: string; readonly id: string; readonly via: string | null }[];
  readonly detached: readonly { readonly resource: string; readonly id: string; readonly field: string }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly dryRun: boolean;
  readonly answered: boolean;
  readonly truncated?: true;
}

interface Message {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly bodyTruncated?: true;
}

/** A request and its answer, as the journal keeps them. */
export interface Entry {
  readonly id: string;
  readonly at: string;
  readonly provider: string | null;
  readonly operation: string | null;
  readonly durationMs: number;
  readonly request: Message & { readonly method: string; readonly url: string };
  readonly response: Message & { readonly status: number };
  readonly fault?: string;
  readonly notes?: Readonly<Record<string, unknown>>;
  readonly deletion?: true;
  readonly nearest?: readonly {
    readonly provider: string;
    readonly operation: string;
    readonly method: string;
    readonly path: string;
  }[];
}

/** An error of the catalogue, at an operation or, where that is null, where there is none. */
export interface ErrorEntry {
  readonly provider: string;
  readonly operation: string | null;
  readonly status: number;
  readonly code: string;
  readonly when: string;
}

export type Mode =
  | 'always'
  | { readonly times: number; readonly skip?: number }
  | { readonly probability: number; readonly seed?: string | number };

/** A planned fault as it is written. */
export interface Rule {
  readonly match: Readonly<Record<string, unknown>>;
  readonly mode: Mode;
  readonly effect?: { readonly status: number; readonly code?: string } | { readonly fault: string };
  readonly phase: 'before' | 'after-commit';
  readonly delay?: Readonly<Record<string, unknown>>;
}

/** A planned fault with what has become of it. */
export interface Fault extends Rule {
  readonly id: string;
  readonly hits: number;
  readonly spent: boolean;
}

/** Something that is left of a person. */
export interface Residue {
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  readonly field: string;
  readonly match: 'exact' | 'contains' | 'reference';
  readonly erasableBy: string;
}

export interface ErasureResult {
  readonly clean: boolean;
  readonly subjects: readonly string[];
  readonly searched: { readonly resources: number; readonly rows: number };
  readonly residues: readonly Residue[];
  readonly truncated?: true;
}

export interface Snapshot {
  readonly name: string;
  readonly createdAt: string;
}

/** What rowsVersion since a snapshot, by provider and resource. */
export type Diff = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        {
          readonly inserts: readonly Row[];
          readonly updates: readonly { readonly before: Row; readonly after: Row }[];
          readonly deletes: readonly Row[];
        }
      >
    >
  >
>;

export interface Clock {
  readonly now: string;
  readonly frozen: boolean;
  readonly offsetMs: number;
  /** What fell due when it was advanced. */
  readonly due?: readonly {
    readonly provider: string;
    readonly resource: string;
    readonly id: string;
    readonly what: string;
    readonly at: string;
  }[];
}

/** A refusal (RFC 9457). */
export interface Problem {
  readonly type?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}
