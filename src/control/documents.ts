// The OpenAPI documents: the control plane's own, and those of the providers.
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { Json } from '../core/journal/schemas.ts';
import { type DocumentedRoute, documentOf } from '../core/openapi/documented-routes.ts';
import type { Contract } from '../core/provider/contract.ts';
import { loadedOnce } from '../core/storage/descriptors.ts';
import { ownOrigin, providersOrigin } from './admin-port.ts';
import { type Control, requireProvider, SandboxQuery, sandboxNameOf } from './context.ts';

/** The body of an error response (RFC 9457). */
const ProblemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  operation: z.string().optional().describe('Where a status cannot be ordered: the operation.'),
  statuses: z.array(z.int()).optional().describe('The statuses that can be ordered there.'),
});
const components = z.registry<{ id: string }>();
components.add(ProblemBody, { id: 'Problem' });
components.add(Json, { id: 'Json' });

/** Error responses that every route documents; BODY_PROBLEMS are added for routes that read a body. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request does not fit: `errors` says where.',
  403: 'The guard did not let it in, or it is not allowed.',
  404: 'What is named does not exist.',
  409: 'It cannot be done as things are.',
  500: 'Understudy itself broke.',
  503: 'There is no room for it.',
};
const BODY_PROBLEMS: Readonly<Record<number, string>> = {
  413: 'The body is larger than the call takes.',
  415: 'The body is not sent as application/json.',
};

const INTRODUCTION = `The sandbox's own API: sandboxes, planned faults, receipts of deletions, time. A call is about one sandbox:
the one that \`?sandbox=\` or the header \`X-Understudy-Sandbox\` names, otherwise \`default\`. Unknown fields are
refused by name, and every write is all or nothing.`;
const TOKEN_DESCRIPTION =
  'Only asked for when the server listens beyond this machine: its --admin-token. A browser that is signed in needs none.';

/** The response of routes that declare none. */
const NO_CONTENT = { 204: z.null().describe('Done.') };

declare module 'fastify' {
  interface FastifyInstance {
    /** The control plane's own OpenAPI document; generated on first use. */
    ownDocument(): Promise<Contract>;
  }
}

type DocumentContext = Pick<Control, 'version' | 'providers'>;

/** Collects the scope's routes for its OpenAPI document; routes added before this call are not in it. */
export function describeRoutes(scope: FastifyInstance, context: DocumentContext): void {
  const routes: DocumentedRoute[] = [];
  const bodyless = new Set<string>();
  scope.addHook('onRoute', (route) => {
    const schema = route.schema as { body?: z.ZodType; querystring?: unknown; response?: object };
    if (schema.body?.safeParse(undefined).success) bodyless.add(`${route.method} ${route.url}`);
    // Every method but GET reads a body, even where the route ignores it.
    const documentedProblems = { ...PROBLEMS, ...(route.method === 'GET' ? {} : BODY_PROBLEMS) };
    // Unknown query parameters are rejected on every route.
    const checked = { ...schema, querystring: schema.querystring ?? SandboxQuery };
    route.schema = checked as object;
    const response = { ...problems(documentedProblems), ...(schema.response ?? NO_CONTENT) };
    const { method, url, handler } = route;
    routes.push({ method: method as HTTPMethods, url, handler, schema: { ...checked, response } });
  });
  scope.decorate(
    'ownDocument',
    loadedOnce(() => describe(routes, bodyless, context)),
  );
}

async function describe(
  routes: readonly DocumentedRoute[],
  bodyless: ReadonlySet<string>,
  { version, providers }: DocumentContext,
): Promise<Contract> {
  const { createJsonSchemaTransform, createJsonSchemaTransformObject } = await import('fastify-type-provider-zod');
  const { readableDocument } = await import('./readable-document.ts');
  const reading = { schemaRegistry: components, zodToJsonConfig: { override: plainly } };
  const transformObject = createJsonSchemaTransformObject(reading);
  const document = await documentOf(routes, {
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
  const answer = { 200: z.record(z.string(), z.unknown()) };
  scope.get(
    '/openapi.json',
    {
      schema: {
        summary: "the control plane's own OpenAPI document",
        description: 'With `?sandbox=` the examples in it are calls about that sandbox.',
        response: answer,
      },
    },
    async (request) => {
      const { withSandbox, withServers } = await import('./readable-document.ts');
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
          'The published structure, with what is added or changed listed in it. `?sandbox=` takes its `publicUrl` for the servers.',
        params: z.strictObject({ file: z.string() }),
        response: answer,
      },
    },
    async (request) => {
      const { file } = request.params as { file: string };
      const { name } = requireProvider(control, file.replace(/\.json$/, ''));
      const { withServers } = await import('./readable-document.ts');
      return withServers(await control.document(name), baseOf(control, request), ownOrigin(request));
    },
  );
}

/** Where the providers are reached in the sandbox that a request is about; none is made for it. */
export function baseOf({ sandboxes }: Control, request: FastifyRequest): string {
  return providersOrigin(request, sandboxes.peek(sandboxNameOf(request))?.settings.publicUrl ?? null);
}

/** A zod schema and what became of it. */
interface Rendered {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/**
 * zod bounds integers to those a double can hold, and spells a date out beside its format: noise to a reader. What
 * `describe` and `meta` say is not in the registry of components, so it would be left out.
 */
function plainly({ zodSchema, jsonSchema }: Rendered): void {
  // Written out, it would refer to itself, which generated types may not.
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
      { description, content: { 'application/problem+json': { schema: ProblemBody } } },
    ]),
  );
}
