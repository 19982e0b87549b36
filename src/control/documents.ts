// The OpenAPI documents: the control plane's own, and those of the providers, as their routes describe them.
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { type Described, documentOf } from '../core/described.ts';
import { type Control, providerNamed, SandboxQuery } from './context.ts';

/** What a refusal looks like (RFC 9457). */
const ProblemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
const components = z.registry<{ id: string }>();
components.add(ProblemBody, { id: 'Problem' });

/** The refusals every route can answer with; those of bodies are for routes that take one. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request does not fit: `errors` says where.',
  403: 'The guard did not let it in, or it is not allowed.',
  404: 'What is named does not exist.',
  409: 'It cannot be done as things are.',
  500: 'Understudy itself broke.',
  503: 'There is no room for it.',
};
const BODY_REFUSALS: Readonly<Record<number, string>> = {
  413: 'The body is larger than the call takes.',
  415: 'The body is not sent as application/json.',
};

/** What a route answers that says nothing of it. */
const DONE = { 204: z.null().describe('Done.') };

declare module 'fastify' {
  interface FastifyInstance {
    /** The control plane's own OpenAPI document; made when first asked for. */
    ownDocument(): Promise<object>;
  }
}

/** Has the scope's routes described; routes added after this are in its document. */
export function describeRoutes(scope: FastifyInstance, version: string): void {
  const routes: Described[] = [];
  scope.addHook('onRoute', (route) => {
    const schema = route.schema as { body?: unknown; querystring?: unknown; response?: object };
    const refusals = { ...REFUSALS, ...(schema.body === undefined ? {} : BODY_REFUSALS) };
    // Unknown fields are refused everywhere, in a query too.
    const checked = { ...schema, querystring: schema.querystring ?? SandboxQuery };
    route.schema = checked as object;
    const response = { ...problems(refusals), ...(schema.response ?? DONE) };
    const { method, url, handler } = route;
    routes.push({ method: method as HTTPMethods, url, handler, schema: { ...checked, response } });
  });
  let document: Promise<object> | undefined;
  scope.decorate('ownDocument', () => {
    document ??= describe(routes, version);
    return document;
  });
}

async function describe(routes: readonly Described[], version: string): Promise<object> {
  const { createJsonSchemaTransform, createJsonSchemaTransformObject } = await import('fastify-type-provider-zod');
  const reading = { schemaRegistry: components };
  return documentOf(routes, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Understudy: the control plane', version },
      servers: [{ url: '/' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { token: [] }],
    },
    transform: createJsonSchemaTransform(reading),
    transformObject: createJsonSchemaTransformObject(reading),
  });
}

/** `GET /__admin/openapi.json` and `GET /__admin/openapi/<provider>.json`. */
export function addDocuments(scope: FastifyInstance, control: Control): void {
  const answer = { 200: z.record(z.string(), z.unknown()) };
  scope.get(
    '/openapi.json',
    { schema: { summary: "the control plane's own OpenAPI document", response: answer } },
    async () => scope.ownDocument(),
  );
  scope.get(
    '/openapi/:file',
    {
      schema: {
        summary: 'the OpenAPI document of a provider, `<provider>.json`',
        params: z.strictObject({ file: z.string() }),
        response: answer,
      },
    },
    async (request) => {
      const { file } = request.params as { file: string };
      return control.document(providerNamed(control, file.replace(/\.json$/, '')).name);
    },
  );
}

function problems(descriptions: Readonly<Record<number, string>>): object {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: ProblemBody } } },
    ]),
  );
}
