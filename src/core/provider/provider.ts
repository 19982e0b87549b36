// What a provider is: one value from which mounts, documents, fixtures, tests and tables are derived.
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Call } from '../http/call.ts';
import { JSON_TYPE } from '../problem.ts';
import type { Row } from '../row.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { CatalogueEntry, Failure, OperationFacts, ProviderErrors } from './errors.ts';
import type { Resource } from './resource.ts';
import type { Samples } from './samples.ts';

/** One emulated service. */
export interface Provider {
  /** Lower case; names the folder, the fixtures, the tables. */
  readonly name: string;
  readonly title: string;
  /** Where everything of it lives, e.g. `/conductor`. */
  readonly mount: string;
  /** Where its operations live below the mount, e.g. `/v1`; '' for none. */
  readonly base: string;
  /** The hosts of the real service, older ones too: a request for one of them needs no mount. */
  readonly hosts: readonly string[];
  /** A key that works at once in the sandbox of that name. */
  readonly sampleKeys: (sandbox: string) => Readonly<Record<string, string>>;
  /** The variables that clients read: for `baseUrl` and for each of the sample keys, its name. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a person can try at once, for the document. */
  readonly samples: Samples;
  /** The headers by which the DELETE that removes a row is let in; the row as it is stored. */
  readonly removalHeaders: (sandbox: Sandbox, resource: string, row: Row) => Readonly<Record<string, string>>;
  /** Tables as SQL; foreign keys say who owns whom. */
  readonly schema: string;
  /** Owners before what they own. */
  readonly resources: readonly Resource[];
  /** Settings beside the rows: one JSON object a file, e.g. `keys`. */
  readonly documents: Readonly<Record<string, z.ZodType>>;
  readonly errors: ProviderErrors;
  readonly auth: Auth;
  readonly operations: readonly Operation[];
  /** Published operations that are not answered yet, by name. */
  readonly absent: readonly string[];
  /** What a user should know of an operation, by name, for the coverage table. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Component schemas of the served document. */
  readonly components: z.core.$ZodRegistry<{ id: string }>;
  /** The version of OpenAPI its document is written in. */
  readonly openapi: string;
  /** The provider's own request id, on every answer of its mount. */
  readonly requestId?: { readonly header: string; next(): string };
  /** Planned faults come after the key check instead of before it. */
  readonly faultsAfterAuth?: boolean;
  /** Request headers in lower case, beyond authorization and cookie, whose values the journal leaves out. */
  readonly secretHeaders?: readonly string[];
  /** The body of every error. */
  readonly errorSchema: z.ZodType;
  /** Pages for a browser: under the mount, outside the API's base, no key needed. */
  readonly pages?: readonly Page[];
  /** What can be done to it in the sandbox though the provider has no API for it; served by the control plane. */
  readonly actions?: readonly Action[];
  /** Does what has fallen due since that moment (milliseconds) as the sandbox's clock now stands, and says what. */
  readonly applyElapsedTime?: (sandbox: Sandbox, since: number) => readonly DueEvent[];
  /** What the provider's own rules add to operations that are answered from a published document (`--contract`). */
  readonly contractRoutes?: {
    readonly failsAtCheckpoint: NonNullable<Operation['failsAtCheckpoint']>;
    /** Called before the answer; its input is as the document declares it. Throws the provider's own failure. */
    enter(call: Call): void;
  };
  /** The published document that such operations come from, where there is one. */
  readonly published?: { readonly file: string; readonly document: object };
  /** Answered to browsers of any origin; absent where the provider's API is for servers alone. */
  readonly cors?: {
    readonly methods: readonly string[];
    readonly headers: readonly string[];
    readonly exposed: readonly string[];
  };
}

/** Something that happened because time passed. */
export interface DueEvent {
  readonly resource: string;
  readonly id: string;
  /** In a word, e.g. `expired`. */
  readonly what: string;
  /** The moment it was due, ISO 8601. */
  readonly at: string;
}

/** A page a provider shows in a browser. Everything it can go wrong with is its own answer, never an API error. */
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

/** A provider action of the control plane, `POST /__admin/<provider><path>`. */
export interface Action {
  readonly name: string;
  readonly summary: string;
  /** e.g. `/rooms/{id}/join` */
  readonly path: string;
  readonly params: z.ZodObject;
  readonly body: z.ZodType;
  readonly status: 200 | 201;
  readonly response: z.ZodType;
  /** Throws a Problem when it cannot be done: 404 for what is not there, 403 for what is not allowed. */
  handle(call: Call): unknown;
}

/** How a provider tells who calls. */
export interface Auth {
  /** The credentials a request carries; one that ends in `sbx_<name>` chooses the sandbox. */
  credentials(headers: IncomingHttpHeaders): string[];
  /** What a client hears whose sandbox does not exist (`--explicit-sandboxes`): as if its key were not known. */
  unknownSandbox(): Failure;
  /** Who calls. Throws the provider's own failure when the call is not let in. */
  authenticate(request: { headers: IncomingHttpHeaders; sandbox: Sandbox; operation: string }): unknown;
}

/** One operation: what it takes, what it answers, what it does. */
export interface Operation extends OperationFacts {
  readonly params: z.ZodType | null;
  readonly query: z.ZodType | null;
  readonly headers: z.ZodType | null;
  readonly body: { readonly schema: z.ZodType; readonly example: z.ZodType; readonly required: boolean } | null;
  /** Which faults wait inside the handler until it calls `call.checkpoint()`, instead of coming before it. */
  readonly failsAtCheckpoint: ((entry: CatalogueEntry) => boolean) | null;
  readonly response: z.ZodType;
  /** What a success is sent with. */
  readonly success: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  /** Writes the answer; null has a serializer compiled from its schema. */
  readonly serialize: ((value: unknown) => string) | null;
  /** Answered from a published document, not by a handler of the provider. */
  readonly fromDocument: boolean;
  handle(call: Call): unknown;
}

/** Every documented success of the three providers: 200 and JSON. */
const SUCCESS: Operation['success'] = { status: 200, headers: { 'content-type': JSON_TYPE } };

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What is written for an operation; `defineOperation` fills in the rest. */
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
  /** In the contract's form, e.g. `/users/{user_id}`. */
  path: string;
  declared: readonly number[];
  params?: P;
  query?: Q;
  headers?: H;
  body?: B;
  /** What takes the place of `body` in example mode; it must give the same type. */
  exampleBody?: z.ZodType<z.output<B>>;
  /** Whether the contract requires the body; without it an absent one reads as `{}`. */
  bodyRequired?: boolean;
  failsAtCheckpoint?: (entry: CatalogueEntry) => boolean;
  response: A;
  /** Does the work. Synchronous where it touches the database; throws failures from the catalogue. */
  handle(call: Call<Caller, Parsed<P>, Parsed<Q>, Parsed<H>, Parsed<B>>): z.input<A> | Promise<z.input<A>>;
}

/** Declares an operation; the handler's input and answer are typed from its schemas. */
export function defineOperation<Caller>() {
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
    declared: shape.declared,
    hasBody: shape.body !== undefined,
    hasQuery: shape.query !== undefined,
    params: shape.params ?? null,
    query: shape.query ?? null,
    headers: shape.headers ?? null,
    body: shape.body
      ? { schema: shape.body, example: shape.exampleBody ?? shape.body, required: shape.bodyRequired ?? true }
      : null,
    failsAtCheckpoint: shape.failsAtCheckpoint ?? null,
    response: shape.response,
    success: SUCCESS,
    serialize: null,
    fromDocument: false,
    handle: shape.handle as Operation['handle'],
  });
}

/** Checks what the types cannot: no operation or resource twice. Throws on a provider that contradicts itself. */
export function defineProvider(provider: Provider): Provider {
  for (const names of [
    [...provider.operations.map((operation) => operation.operation), ...provider.absent],
    provider.resources.map((resource) => resource.name),
  ]) {
    const duplicate = names.find((name, index) => names.indexOf(name) !== index);
    if (duplicate !== undefined) throw new Error(`${provider.name}: ${duplicate} is defined twice`);
  }
  return provider;
}
