// The API reader at /__admin/docs: every OpenAPI document in swagger-ui, with requests that can be sent from the page.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import { authorizations } from '../core/provider/samples.ts';
import { DEFAULT_SANDBOX } from '../core/sandbox/sandbox-name.ts';
import { ASSETS } from '../places.ts';
import { ownOrigin } from './admin-port.ts';
import { type Control, SandboxQuery, sandboxNameOf } from './context.ts';
import { type DocsPage, docsPage } from './docs-page.ts';
import { baseOf } from './documents.ts';

const Query = SandboxQuery.extend({
  'urls.primaryName': z.string().optional().describe('The document to open: a provider, or `Control plane`.'),
});

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** The page's files. swagger-ui's come from a package that ships them unchanged; none of its code is imported. */
const FILES: Readonly<Record<string, { readonly type: string; readonly place: () => string }>> = {
  'swagger-ui-bundle.js': {
    type: SCRIPT,
    place: () => import.meta.resolve('@fastify/swagger-ui/static/swagger-ui-bundle.js'),
  },
  'swagger-ui.css': { type: STYLE, place: () => import.meta.resolve('@fastify/swagger-ui/static/swagger-ui.css') },
  'reader.js': { type: SCRIPT, place: () => own('reader.js') },
  'reader.css': { type: STYLE, place: () => own('reader.css') },
};

/** Allows scripts, styles and requests of this server only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SAFE = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Adds `GET /__admin/docs` and the page's files. */
export function addDocs(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/docs',
    {
      schema: {
        summary: 'all documents in a reader that can send calls',
        description: '`?urls.primaryName=` opens one of them, `?sandbox=` fills in the keys of a sandbox.',
        querystring: Query,
        response: { 200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } } },
      },
    },
    async (request, reply): Promise<FastifyReply> =>
      reply
        .headers({ ...SAFE, 'content-type': 'text/html; charset=utf-8' })
        .send(docsPage(docsPageOf(control, request))),
  );
  scope.get(
    '/docs/:file',
    { schema: { hide: true, params: z.strictObject({ file: z.string() }), querystring: z.strictObject({}) } as object },
    sendFile,
  );
}

function docsPageOf(control: Control, request: FastifyRequest): DocsPage {
  const { 'urls.primaryName': wanted } = request.query as z.output<typeof Query>;
  const sandbox = sandboxNameOf(request);
  const of = sandbox === DEFAULT_SANDBOX ? '' : `?sandbox=${sandbox}`;
  // A page can call its own origin only.
  const tryable = baseOf(control, request) === ownOrigin(request);
  const documents = [
    ...control.providers.map((provider) => ({
      title: provider.title,
      url: `/__admin/openapi/${provider.name}.json${of}`,
      authorize: authorizations(provider, sandbox),
      tryable,
    })),
    { title: 'Control plane', url: `/__admin/openapi.json${of}`, authorize: {}, tryable: true },
  ];
  const chosen = documents.find(({ title }) => title === (wanted ?? documents[0]?.title));
  const titles = documents.map(({ title }) => title);
  if (chosen === undefined) {
    throw new Problem(
      404,
      'unknown-document',
      `There is no document ${JSON.stringify(wanted)}; there are ${titles.join(', ')}.`,
    );
  }
  const names = control.sandboxes
    .list()
    .slice(0, 100)
    .map(({ name }) => name);
  return { titles, chosen, sandbox, sandboxes: names };
}

async function sendFile(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { file } = request.params as { file: string };
  const known = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
  if (known === undefined) throw new Problem(404, 'not-found', `The reader has no file ${JSON.stringify(file)}.`);
  const url = new URL(known.place());
  const { mtimeMs, size } = await stat(url);
  const etag = `"${size.toString(36)}-${mtimeMs.toString(36)}"`;
  reply.headers({ ...SAFE, 'content-type': known.type, 'cache-control': 'no-cache', etag });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.send(createReadStream(url));
}

function own(file: string): string {
  return new URL(`docs/${file}`, ASSETS).href;
}
