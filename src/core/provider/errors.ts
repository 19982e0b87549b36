// Types of a provider's error catalogue, and the exception that carries an entry.

/** The source of a statement about a provider: its documentation, inference from it, or our choice. */
export type Source = 'documented' | 'inferred' | 'choice';

/** An error that a provider can return. Handlers throw it as a Failure and never write status or body themselves. */
export interface CatalogueEntry {
  /** Unique within the provider; the provider's own code if it has one. */
  readonly name: string;
  readonly status: number;
  /** The default message, also used for injected errors. */
  readonly message: string;
  readonly source: Source;
  /** When it occurs, in one line, for the documented catalogue. */
  readonly when: string;
  /** Returned only when injected. */
  readonly onlyByFault?: boolean;
  /** Further operations on which it can be injected, besides those whose contract declares its status. */
  readonly injectableOn?: (operation: OperationFacts) => boolean;
  /** Fields of the error body specific to this entry, e.g. an error type or an integration code. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The codes with which a system behind the provider fails, and the message for each, where a fault can choose one. */
  readonly integrations?: ReadonlyMap<string, string>;
  /** Response headers, e.g. retry-after. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The response of a published document (`--contract`), in place of a body in the provider's shape. */
  readonly published?: PublishedError;
}

/** An error response of a published document. */
export interface PublishedError {
  /** Sampled headers, with the content type if there is a body. */
  headers(): Readonly<Record<string, string>>;
  /** The sampled body; undefined when there is none. */
  value(): unknown;
  /** The body as the text that is sent. */
  text(): string;
}

/** A catalogue entry before it has its name. */
export type Unnamed = Omit<CatalogueEntry, 'name'>;

/** A function that creates catalogue entries with `source` as default. */
export const entriesFrom =
  (source: Source) =>
  (status: number, message: string, when: string, more: Partial<Unnamed> = {}): Unnamed => ({
    status,
    message,
    when,
    source,
    ...more,
  });

/** Gives each entry of a catalogue the name it is listed under. */
export function named<Name extends string>(entries: Readonly<Record<Name, Unnamed>>): Record<Name, CatalogueEntry> {
  return Object.fromEntries(
    Object.entries<Unnamed>(entries).map(([name, entry]) => [name, { name, ...entry }]),
  ) as Record<Name, CatalogueEntry>;
}

/** The properties of an operation that the catalogue may depend on. */
export interface OperationFacts {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
  readonly hasQuery: boolean;
  /** Whether `Prefer: dry-run` rehearses it although it is no DELETE. */
  readonly takesDryRun?: boolean;
  /** The statuses, other than 200, that the published contract declares. */
  readonly declared: readonly number[];
  /** The errors that only its published document (`--contract`) declares, for a status; none for other statuses. */
  readonly publishedErrors?: (status: number) => readonly CatalogueEntry[];
}

/** Thrown by handlers and by the pipeline; becomes an error response in the provider's own format. */
export class Failure extends Error {
  readonly entry: CatalogueEntry;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Headers in addition to the entry's own. */
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

/** A validation issue of a request's input. `path` is in dot and bracket notation, '' for the part as a whole. */
export interface InputIssue {
  readonly code: 'required' | 'type' | 'option' | 'range' | 'unknown' | 'format';
  readonly path: string;
  /** The validator's message. */
  readonly message: string;
  /** The expected type, e.g. `string`. */
  readonly expected?: string;
  /** The actual type, e.g. `number`. */
  readonly received?: string;
  /** The allowed values of an enumeration. */
  readonly options?: readonly string[];
}

/** The errors that can occur before a handler runs; each provider implements all of them. */
export interface TransportFaults {
  /** Unknown path, or a method that the path does not have. `hint` is a sentence that says what to do. */
  unknownRoute(request: { method: string; url: string }, hint: string): Failure;
  /** Invalid percent-escapes. */
  malformedPath(): Failure;
  /** The headers, or the URL with its ids, exceed the size limit. */
  oversized(part: 'headers' | 'url'): Failure;
  /** The body is not JSON. */
  invalidJson(): Failure;
  /** The body's content type is missing or not JSON. */
  notJson(): Failure;
  /** The body's `Content-Encoding` is neither gzip nor deflate. */
  unsupportedEncoding(): Failure;
  /** A required body is missing. */
  missingBody(): Failure;
  /** The body exceeds the size limit. */
  tooLarge(): Failure;
  /** A part of the request does not match the operation's schema. */
  invalidInput(part: InputPart, issues: readonly InputIssue[]): Failure;
  /** An unexpected exception in a handler. */
  crash(): Failure;
}

/** A validated part of a request. */
export type InputPart = 'body' | 'query' | 'headers' | 'path';

/** A provider's errors: catalogue, transport errors and body format. */
export interface ProviderErrors {
  readonly catalogue: readonly CatalogueEntry[];
  readonly transport: TransportFaults;
  /** An invented entry, for a status of which the catalogue has none (`handling=lenient`). */
  lenient(status: number): CatalogueEntry;
  /** The body of a failure, in the provider's own shape. */
  body(failure: Failure, context: { requestId: string }): object;
}

/**
 * The entries that can be injected on an operation (`Prefer: code=…`, rules): those whose status its contract declares,
 * those that the catalogue allows in addition, and those of declared statuses that only its published document has.
 */
export function injectableErrors(errors: ProviderErrors, operation: OperationFacts): CatalogueEntry[] {
  const own = errors.catalogue.filter(
    (entry) =>
      entry.status >= 400 && (operation.declared.includes(entry.status) || entry.injectableOn?.(operation) === true),
  );
  return [...own, ...operation.declared.flatMap((status) => operation.publishedErrors?.(status) ?? [])];
}

/**
 * The injectable entry of a status, with that name if one is given; undefined when there is none. Besides those of
 * `injectableErrors`, an error of a range (`4XX`) or of the default response of a published document.
 */
export function injectableError(
  errors: ProviderErrors,
  operation: OperationFacts,
  status: number,
  name?: string,
): CatalogueEntry | undefined {
  const isMeant = (entry: CatalogueEntry) => entry.status === status && (name === undefined || entry.name === name);
  return injectableErrors(errors, operation).find(isMeant) ?? operation.publishedErrors?.(status).find(isMeant);
}

/**
 * Every entry that an operation can respond with: those that can be ordered, and those of the statuses its document
 * declares beyond them, which come on their own only.
 */
export function possibleErrors(
  errors: ProviderErrors,
  operation: OperationFacts,
  declared: readonly number[],
): CatalogueEntry[] {
  const ordered = injectableErrors(errors, operation);
  const more = declared.filter((status) => !ordered.some((entry) => entry.status === status));
  const own = errors.catalogue.filter((entry) => ordered.includes(entry) || more.includes(entry.status));
  return [...own, ...ordered.filter((entry) => !errors.catalogue.includes(entry))];
}

/**
 * The entry of a status that the operation does not declare (`handling=lenient`): the provider's own where its
 * catalogue has that status, with that name if one is given, else an invented one. Undefined for an unknown name.
 */
export function lenientError(errors: ProviderErrors, status: number, name?: string): CatalogueEntry | undefined {
  const entry = errors.catalogue.find((one) => one.status === status && (name === undefined || one.name === name));
  return entry ?? (name === undefined ? errors.lenient(status) : undefined);
}

/** The JSON value of an error's body: the provider's own, or that of a published document. */
export function errorBody(errors: ProviderErrors, failure: Failure, context: { requestId: string }): unknown {
  const { published } = failure.entry;
  return published === undefined ? errors.body(failure, context) : published.value();
}
