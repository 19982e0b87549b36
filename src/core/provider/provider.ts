// The definition of a provider, from which mounts, documents, fixtures, tests and tables are derived.
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Call } from '../http/call.ts';
import { JSON_TYPE } from '../problem.ts';
import type { ByteSource } from '../random-ids.ts';
import type { Row } from '../row.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { CatalogueEntry, Failure, OperationFacts, ProviderErrors } from './errors.ts';
import type { Resource } from './resource.ts';
import type { Samples } from './samples.ts';

/** One emulated service. */
export interface Provider {
  /** In lower case; names the folder, the fixtures and the tables. */
  readonly name: string;
  readonly title: string;
  /** The path prefix of everything the provider serves, e.g. `/conductor`. */
  readonly mount: string;
  /** The path prefix of its operations below the mount, e.g. `/v1`; '' for none. */
  readonly base: string;
  /** The hosts of the real service, including former ones; requests for them need no mount. */
  readonly hosts: readonly string[];
  /** Sample keys by name, valid in a new sandbox of the given name. */
  readonly sampleKeys: (sandbox: string) => Readonly<Record<string, string>>;
  /** The environment variables that clients read, by `baseUrl` and sample key. */
  readonly environment: Readonly<Record<string, string>>;
  /** Examples that work in a new sandbox, for the served document. */
  readonly samples: Samples;
  /** The headers that authorize the DELETE of a row; `row` is as stored. */
  readonly removalHeaders: (sandbox: Sandbox, resource: string, row: Row) => Readonly<Record<string, string>>;
  /** Tables as SQL; foreign keys define ownership. */
  readonly schema: string;
  /** Resources, owners first. */
  readonly resources: readonly Resource[];
  /** Tables of links between rows that share a table; they are no resource of their own. */
  readonly links?: readonly LinkTable[];
  /** Schemas of the settings objects beside the rows, one JSON file each, e.g. `keys`. */
  readonly documents: Readonly<Record<string, z.ZodType>>;
  readonly errors: ProviderErrors;
  readonly auth: Auth;
  readonly operations: readonly Operation[];
  /** Remarks on operations, by name, for the coverage table and the document. */
  readonly notes?: Readonly<Record<string, string>>;
  /** The provider's own request id, on every response of its mount. */
  readonly requestId?: { readonly header: string; next(source?: ByteSource): string };
  /** Whether planned faults are injected after authentication instead of before. */
  readonly faultsAfterAuth?: boolean;
  /** Request headers whose values the journal redacts, in lower case, in addition to authorization and cookie. */
  readonly secretHeaders?: readonly string[];
  /** The schema of every error body. */
  readonly errorSchema: z.ZodType;
  /** Pages for browsers, under the mount and outside the API's base; they need no key. */
  readonly pages?: readonly Page[];
  /** Actions and views for which the provider has no API, served by the control plane. */
  readonly actions?: readonly Action[];
  /** Applies the events that fell due between `since` (sandbox time, ms) and now, and returns them. */
  readonly applyElapsedTime?: (sandbox: Sandbox, since: number) => readonly DueEvent[];
  /** The provider's rules for operations served from a published document (`--contract`). */
  readonly contractRoutes?: {
    readonly failsAtCheckpoint: NonNullable<Operation['failsAtCheckpoint']>;
    /** Called before the response, with input as the document declares it. @throws Failure */
    enter(call: Call): void;
  };
  /** The published document of such operations, if any. */
  readonly published?: { readonly file: string; readonly document: object };
  /** CORS for browsers of any origin; absent when the provider's API is for servers only. */
  readonly cors?: {
    readonly methods: readonly string[];
    readonly headers: readonly string[];
    readonly exposed: readonly string[];
  };
}

/** A table of links between rows that share a table. A link is deleted with either of its ends. */
export interface LinkTable {
  readonly table: string;
  /** The shared table, and the column with the name of each row's resource; its key is `id`. */
  readonly between: { readonly table: string; readonly column: string };
  /** The columns with the `seq` of the two ends. */
  readonly ends: readonly [string, string];
  /** The field of the rows that shows the links: what the surviving end loses, as receipts name it. */
  readonly field: string;
}

/** An event that occurred because time passed. */
export interface DueEvent {
  readonly resource: string;
  readonly id: string;
  /** The kind of event, e.g. `expired`. */
  readonly what: string;
  /** When it was due, ISO 8601. */
  readonly at: string;
}

/** A page that a provider shows in browsers. It renders its own errors and never returns an API error. */
export interface Page {
  readonly method: 'GET' | 'POST';
  /** Below the mount, e.g. `/connect/qbd/{clientSecret}`. */
  readonly path: string;
  handle(request: {
    readonly sandbox: Sandbox;
    readonly params: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, unknown>>;
  }): { status: 200 | 404; html: string } | { status: 303; location: string };
}

/** A provider action of the control plane, `POST /__admin/<provider><path>`; a `GET` where it only reads. */
export interface Action {
  readonly name: string;
  readonly summary: string;
  /** e.g. `/rooms/{id}/join` */
  readonly path: string;
  readonly params: z.ZodObject;
  /** Parameters besides the sandbox; none by default. */
  readonly query?: z.ZodObject;
  /** Null for an action that only reads. */
  readonly body: z.ZodType | null;
  readonly status: 200 | 201;
  readonly response: z.ZodType;
  /** @throws Problem when it fails: 404 for a missing object, 403 when it is not allowed */
  handle(call: Call): unknown;
}

/** A provider's authentication. */
export interface Auth {
  /** The credentials of a request; one that ends in `sbx_<name>` selects the sandbox. */
  credentials(headers: IncomingHttpHeaders): string[];
  /** The error for a sandbox that does not exist (`--explicit-sandboxes`): that of an unknown key. Our choice. */
  unknownSandbox(): Failure;
  /** What happens to a call without a key with `auth=spec`, e.g. `served as admin`; `strict` always refuses it. */
  readonly withoutKey: string;
  /** Returns the caller. @throws Failure when the request is not authorized */
  authenticate(request: { headers: IncomingHttpHeaders; sandbox: Sandbox; operation: string }): unknown;
}

/** The body that an operation takes: JSON, unless `formats` says otherwise. */
export interface OperationBody {
  readonly schema: z.ZodType;
  /** Replaces `schema` in example mode. */
  readonly example: z.ZodType;
  readonly required: boolean;
  /** The formats it takes; with them, a body that is not required and not sent stays undefined instead of `{}`. */
  readonly formats?: BodyFormats;
}

/** The formats of a body by content type. */
export interface BodyFormats {
  /** Null for a content type that is not taken. */
  for(contentType: string | undefined): BodyFormat | null;
  /** The content types that are taken, as text; null when all are JSON. */
  readonly taken: string | null;
}

/** A format of a body. */
export interface BodyFormat {
  /** Whether `schema` takes the JSON value; otherwise it takes a `RawBody`. */
  readonly json: boolean;
  readonly schema: z.ZodType;
}

/** A body that is not JSON, for a schema that reads it. */
export interface RawBody {
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
}

/** An operation: input schemas, response schema and handler. */
export interface Operation extends OperationFacts {
  readonly params: z.ZodType | null;
  readonly query: z.ZodType | null;
  readonly headers: z.ZodType | null;
  readonly body: OperationBody | null;
  /** Which injected errors are thrown at the handler's `call.checkpoint()` instead of before the handler. */
  readonly failsAtCheckpoint: ((entry: CatalogueEntry) => boolean) | null;
  readonly response: z.ZodType;
  /** Status and headers of a success. */
  readonly success: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  /** Serializes the response; null for a serializer compiled from the schema. */
  readonly serialize: ((value: unknown) => string) | null;
  /** Whether the response comes from a published document instead of a handler of the provider. */
  readonly fromDocument: boolean;
  handle(call: Call): unknown;
}

/** Every documented success of the three providers is 200 with JSON. */
const SUCCESS: Operation['success'] = { status: 200, headers: { 'content-type': JSON_TYPE } };

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** The input of `defineOperation`, which adds the defaults. */
export interface OperationShape<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  H extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  A extends z.ZodType,
  Caller,
> {
  /** The contract's operationId, or the official SDK's method name where there is none. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As in the contract, e.g. `/users/{user_id}`. */
  path: string;
  /** Error statuses that the contract gives it; by default those of all operations of the provider. */
  declared?: readonly number[];
  params?: P;
  query?: Q;
  headers?: H;
  body?: B;
  /** Replaces `body` in example mode; has the same output type. */
  exampleBody?: z.ZodType<z.output<B>>;
  failsAtCheckpoint?: (entry: CatalogueEntry) => boolean;
  response: A;
  /** Handles a call. Accesses the database synchronously. @throws Failure with an entry of the catalogue */
  handle(call: Call<Caller, Parsed<P>, Parsed<Q>, Parsed<H>, Parsed<B>>): z.input<A> | Promise<z.input<A>>;
}

/** What the operations of a provider have in common. */
interface OperationDefaults {
  readonly declared?: readonly number[];
  /** Whether the contract requires the bodies; if not, a missing one is read as `{}`. */
  readonly bodyRequired?: boolean;
}

/** Defines an operation; the handler's input and output types are inferred from its schemas. */
export function defineOperation<Caller>({ declared = [], bodyRequired = true }: OperationDefaults = {}) {
  return <
    A extends z.ZodType,
    P extends z.ZodObject | undefined = undefined,
    Q extends z.ZodObject | undefined = undefined,
    H extends z.ZodObject | undefined = undefined,
    B extends z.ZodType | undefined = undefined,
  >(
    shape: OperationShape<P, Q, H, B, A, Caller>,
  ): Operation => ({
    operation: shape.operation,
    method: shape.method,
    path: shape.path,
    declared: shape.declared ?? declared,
    hasBody: shape.body !== undefined,
    hasQuery: shape.query !== undefined,
    params: shape.params ?? null,
    query: shape.query ?? null,
    headers: shape.headers ?? null,
    body: shape.body ? { schema: shape.body, example: shape.exampleBody ?? shape.body, required: bodyRequired } : null,
    failsAtCheckpoint: shape.failsAtCheckpoint ?? null,
    response: shape.response,
    success: SUCCESS,
    serialize: null,
    fromDocument: false,
    handle: shape.handle as Operation['handle'],
  });
}

/** Defines a provider. @throws Error for an operation or resource that is defined twice */
export function defineProvider(provider: Provider): Provider {
  for (const names of [
    provider.operations.map((operation) => operation.operation),
    provider.resources.map((resource) => resource.name),
  ]) {
    const duplicate = names.find((name, index) => names.indexOf(name) !== index);
    if (duplicate !== undefined) throw new Error(`${provider.name}: ${duplicate} is defined twice`);
  }
  return provider;
}
