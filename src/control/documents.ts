// The OpenAPI documents: the control plane's own, and those of the providers.
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { Json } from '../core/journal/schemas.ts';
import { type DocumentedRoute, documentOf } from '../core/openapi/documented-routes.ts';
import type { Contract } from '../core/provider/contract.ts';
import { loadedOnce } from '../core/storage/descriptors.ts';
import { ownOrigin, providersOrigin } from './admin-port.ts';
import { type Control, requireProvider, SandboxQuery, sandboxNameOf } from './context.ts';
import { readableDocument, withSandbox, withServers } from './readable-document.ts';
import { ProblemDocument } from './schemas.ts';

const components = z.registry<{ id: string }>();
components.add(ProblemDocument, { id: 'Problem' });
components.add(Json, { id: 'Json' });

/** Error responses that every route documents; BODY_PROBLEMS are added for routes that read a body. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is invalid; `errors` lists the mistakes by path.',
  403: 'Access is denied, or the call is not allowed.',
  404: 'The sandbox or object does not exist.',
  409: 'The call conflicts with the current state.',
  500: 'Understudy failed.',
  503: 'A limit of the server is reached.',
};
const BODY_PROBLEMS: Readonly<Record<number, string>> = {
  413: 'The body is too large.',
  415: 'The content type of the body is not application/json.',
};

const INTRODUCTION = `The sandbox's own API: sandboxes, planned faults, receipts of deletions, time. \`?sandbox=\` or the header
\`X-Understudy-Sandbox\` selects the sandbox; without them it is \`default\`. Unknown fields are refused by name, and a
write succeeds completely or changes nothing.`;
const TOKEN_DESCRIPTION =
  'The --admin-token. Required only when the server listens on more than loopback; a signed-in browser needs none.';

/** The response of routes that declare none. */
const NO_CONTENT = { 204: z.null().describe('Success, without a body.') };

declare module 'fastify' {
  interface FastifyInstance {
    /** The control plane's own OpenAPI document; generated on first use. */
    ownDocument(): Promise<Contract>;
  }
}

type DocumentContext = Pick<Control, 'version' | 'providers'>;

/** Collects the scope's routes for its OpenAPI document; routes added before this call are not in it. */
export function describeRoutes(scope: FastifyInstance, context: DocumentContext): void {
  const routes: ControlRoute[] = [];
  scope.addHook('onRoute', (route) => {
    const schema = route.schema as ControlRoute['schema'];
    // Unknown query parameters are rejected on every route.
    const checked = { ...schema, querystring: schema.querystring ?? SandboxQuery };
    route.schema = checked as object;
    const { method, url, handler } = route;
    routes.push({ method: method as HTTPMethods, url, handler, schema: checked });
  });
  scope.decorate(
    'ownDocument',
    loadedOnce(() => describe(routes, context)),
  );
}

/** A route with its schema as it is declared. */
type ControlRoute = DocumentedRoute & {
  readonly schema: { readonly body?: z.ZodType; readonly querystring?: unknown; readonly response?: object };
};

/** A route with all of its responses. */
function withResponses({ schema, ...route }: ControlRoute): DocumentedRoute {
  // Every method but GET reads a body, even where the route ignores it.
  const documentedProblems = { ...PROBLEMS, ...(route.method === 'GET' ? {} : BODY_PROBLEMS) };
  return {
    ...route,
    schema: { ...schema, response: { ...problems(documentedProblems), ...(schema.response ?? NO_CONTENT) } },
  };
}

async function describe(routes: readonly ControlRoute[], { version, providers }: DocumentContext): Promise<Contract> {
  const { createJsonSchemaTransform, createJsonSchemaTransformObject } = await import('fastify-type-provider-zod');
  const reading = { schemaRegistry: components, zodToJsonConfig: { override: plainly } };
  const transformObject = createJsonSchemaTransformObject(reading);
  const bodyless = new Set(
    routes.flatMap(({ method, url, schema }) =>
      schema.body?.safeParse(undefined).success ? [`${method} ${url}`] : [],
    ),
  );
  const document = await documentOf(routes.map(withResponses), {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Understudy: the control plane', version, description: INTRODUCTION },
      servers: [{ url: '/' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: TOKEN_DESCRIPTION } } },
      security: [{}, { token: [] }],
    },
    transform: createJsonSchemaTransform(reading),
    transformObject: (document) =>
      readableDocument(
        transformObject(document as Parameters<typeof transformObject>[0]) as Contract,
        providers,
        (method, path) => bodyless.has(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
      ) as never,
  });
  return document as unknown as Contract;
}

/** Adds `GET /__admin/openapi.json` and `GET /__admin/openapi/<provider>.json`. */
export function addDocuments(scope: FastifyInstance, control: Control): void {
  const response = { 200: z.record(z.string(), z.unknown()) };
  scope.get(
    '/openapi.json',
    {
      schema: {
        summary: "the control plane's own OpenAPI document",
        description: '`?sandbox=` fills in its examples for that sandbox.',
        response,
      },
    },
    async (request) => {
      const own = ownOrigin(request);
      return withServers(withSandbox(await scope.ownDocument(), sandboxNameOf(request)), own, own);
    },
  );
  scope.get(
    '/openapi/:file',
    {
      schema: {
        summary: 'the OpenAPI document of a provider, `<provider>.json`',
        description:
          'The published structure; it lists what Understudy adds or changes. With `?sandbox=` its servers use the `publicUrl` of that sandbox.',
        params: z.strictObject({ file: z.string() }),
        response,
      },
    },
    async (request) => {
      const { file } = request.params as { file: string };
      const { name } = requireProvider(control, file.replace(/\.json$/, ''));
      return withServers(await control.document(name), baseOf(control, request), ownOrigin(request));
    },
  );
}

/** The providers' origin for the sandbox that a request selects; does not create the sandbox. */
export function baseOf({ sandboxes }: Control, request: FastifyRequest): string {
  return providersOrigin(request, sandboxes.peek(sandboxNameOf(request))?.settings.publicUrl ?? null);
}

/** A zod schema and the JSON schema generated from it. */
interface Rendered {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/**
 * Removes zod's bounds of safe integers and its patterns of dates, which tell a reader nothing. Adds the texts of
 * `describe` and `meta`, which the registry of components does not contain.
 */
function plainly({ zodSchema, jsonSchema }: Rendered): void {
  // A schema of any JSON value refers to itself, which generated types cannot express.
  if (zodSchema === Json) for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

function problems(descriptions: Readonly<Record<number, string>>): object {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: ProblemDocument } } },
    ]),
  );
}
