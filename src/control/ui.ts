// Serves the dashboard page, its files, and sign-in by link.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import { type Control, SandboxQuery } from './context.ts';
import { setTokenCookie } from './guard.ts';
import { ASSETS, type Asset, asset, assetNames, etagOf, importMap } from './ui-assets.ts';

const Query = SandboxQuery.extend({ token: z.string().optional() });

/** Adds `GET /__admin/ui` and the files below it. */
export function addUi(scope: FastifyInstance, { guard, adminPortOnly }: Control): void {
  scope.get(
    '/ui',
    {
      schema: {
        summary: 'the dashboard, showing `?sandbox=`; `?token=` signs the browser in',
        querystring: Query,
        response: {
          200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } },
          303: z.null().describe('Signed in; redirects to the page.'),
        },
      },
    },
    async (request, reply): Promise<FastifyReply> => {
      const { token, sandbox } = request.query as z.output<typeof Query>;
      // The guard has verified the token.
      if (token !== undefined) {
        const page = sandbox === undefined ? ASSETS : `${ASSETS}?sandbox=${encodeURIComponent(sandbox)}`;
        return guard.token === null ? reply.redirect(page, 303) : setTokenCookie(reply, token, page);
      }
      const { body, policy } = pageOf(adminPortOnly);
      reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' });
      return send(request, reply, { type: 'text/html; charset=utf-8', body, etag: etagOf(body) });
    },
  );
  scope.get(
    '/ui/:folder/:file',
    {
      schema: { hide: true, summary: 'a file of the dashboard' } as object,
    },
    async (request, reply): Promise<FastifyReply> => {
      const { folder, file } = request.params as { folder: string; file: string };
      const found = asset(`${folder}/${file}`);
      if (found !== undefined) return send(request, reply, found);
      throw new Problem(404, 'not-found', `The dashboard has no file ${JSON.stringify(`${folder}/${file}`)}.`);
    },
  );
}

/** Sends a file with an ETag and `no-cache`, so that browsers revalidate it on every load. */
function send(request: FastifyRequest, reply: FastifyReply, { type, body, etag }: Asset): FastifyReply {
  reply.headers({ etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.header('content-type', type).send(body);
}

/** The page and its Content-Security-Policy: only own files, nothing inline except the import map. */
function pageOf(adminPortOnly: boolean): { body: string; policy: string } {
  const map = importMap();
  const hash = createHash('sha256').update(map).digest('base64');
  const modules = assetNames().filter((name) => name.endsWith('.js'));
  const body = `<!doctype html>
<html lang="en"${adminPortOnly ? ' data-apart' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Understudy</title>
<link rel="icon" type="image/svg+xml" href="${ASSETS}/look/icon.svg">
<link rel="stylesheet" href="${ASSETS}/look/style.css">
<script type="importmap">${map}</script>
${modules.map((name) => `<link rel="modulepreload" href="${ASSETS}/${name}">`).join('\n')}
<script type="module" src="${ASSETS}/shell/start.js"></script>
</head>
<body>
<noscript>This page needs JavaScript. The control plane offers the same data: see /__admin/openapi.json.</noscript>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return { body, policy };
}
