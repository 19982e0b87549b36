// The catalogue's types: what a provider can answer when it refuses, and the one error that carries it.

/** Where a statement about a provider comes from. */
export type Source = 'documented' | 'inferred' | 'choice';

/** One error a provider can answer with. Handlers throw it; nobody else writes its status or body. */
export interface CatalogueEntry {
  /** Unique within the provider; the provider's own code where it has one. */
  readonly name: string;
  readonly status: number;
  /** The text used when nothing more precise is known, and for errors that were asked for. */
  readonly message: string;
  readonly source: Source;
  /** When it happens, in one line, for the catalogue that people read. */
  readonly when: string;
  /** Only ever answered because somebody asked for it. */
  readonly onlyByFault?: boolean;
  /** Operations it may be ordered on beyond those whose contract declares its status. */
  readonly injectableOn?: (operation: OperationFacts) => boolean;
  /** Fields of the provider's body that belong to this entry (an error type, an integration code). */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Headers that go with it, e.g. retry-after. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes the entries of a catalogue whose statements come from one source unless an entry says otherwise. */
export const entriesFrom =
  <Name extends string>(source: Source) =>
  (name: Name, status: number, message: string, when: string, more: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
    name,
    status,
    message,
    when,
    source,
    ...more,
  });

/** What the catalogue may know of an operation. */
export interface OperationFacts {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
  readonly hasQuery: boolean;
  /** Statuses other than 200 that the published contract declares. */
  readonly declared: readonly number[];
}

/** Thrown by handlers and by the pipeline; becomes the provider's own error answer. */
export class Failure extends Error {
  readonly entry: CatalogueEntry;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Headers beside the entry's own. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    entry: CatalogueEntry,
    message = entry.message,
    fields: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.entry = entry;
    this.fields = fields;
    this.headers = headers;
  }
}

/** One thing wrong with a request's input. `path` is in dots and brackets, '' for the part as a whole. */
export interface InputIssue {
  readonly code: 'required' | 'type' | 'option' | 'range' | 'unknown' | 'format';
  readonly path: string;
  /** The validator's own sentence. */
  readonly message: string;
  /** What was expected, e.g. `string`. */
  readonly expected?: string;
  /** What came instead, e.g. `number`. */
  readonly received?: string;
  /** The values an enumeration allows. */
  readonly options?: readonly string[];
}

/** What can go wrong before a handler sees the request; the compiler asks each provider for every case. */
export interface TransportFaults {
  /** No such path, or a path that has no such method. */
  unknownRoute(request: { method: string; url: string }): Failure;
  /** Percent-escapes that do not decode, or a path parameter that is too long. */
  malformedPath(): Failure;
  /** The body is not JSON. */
  invalidJson(): Failure;
  /** A body came with another content type than JSON, or with none. */
  notJson(): Failure;
  /** A body is required and none came. */
  missingBody(): Failure;
  /** The body is over the limit. */
  tooLarge(): Failure;
  /** Body, query, header or path do not fit the operation. */
  invalidInput(part: InputPart, issues: readonly InputIssue[]): Failure;
  /** Our own code broke. */
  crash(): Failure;
}

export type InputPart = 'body' | 'query' | 'headers' | 'path';

/** How a provider words its errors. */
export interface ProviderErrors {
  readonly catalogue: readonly CatalogueEntry[];
  readonly transport: TransportFaults;
  /** The entry for a status nobody declares, ordered with `handling=lenient`. */
  lenient(status: number): CatalogueEntry;
  /** The body of a failure, in the provider's own shape. */
  body(failure: Failure, context: { requestId: string }): object;
}

/**
 * The entries that may be ordered on an operation (`Prefer: code=…`, rules): those whose status the
 * published contract declares there, and those the catalogue allows beyond it.
 */
export function injectableErrors(errors: ProviderErrors, operation: OperationFacts): CatalogueEntry[] {
  return errors.catalogue.filter(
    (entry) =>
      entry.status >= 400 && (operation.declared.includes(entry.status) || entry.injectableOn?.(operation) === true),
  );
}
