// The page a person opens first, and the ways to it.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Control } from './context.ts';
import { keepToken } from './guard.ts';

const Query = z.strictObject({ token: z.string().optional() });

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Understudy</title>
</head>
<body>
<h1>Understudy</h1>
<p>The sandbox is running. What it holds: <a href="/__admin/state">state</a>. What can be asked of it: <a href="/__admin/openapi.json">the control plane's document</a>.</p>
</body>
</html>
`;

/** `GET /__admin/ui`. */
export function addUi(scope: FastifyInstance, { guard }: Control): void {
  scope.get(
    '/ui',
    {
      schema: {
        summary: 'the page for a browser; `?token=` signs it in',
        querystring: Query,
        response: {
          200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } },
          303: { description: 'Signed in.', content: { 'text/html': { schema: z.string() } } },
        },
      },
    },
    async (request, reply): Promise<FastifyReply> => {
      const { token } = request.query as z.output<typeof Query>;
      // The guard has looked at it already.
      if (token !== undefined)
        return guard.token === null ? reply.redirect('/__admin/ui', 303) : keepToken(reply, token);
      return reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
          'referrer-policy': 'no-referrer',
        })
        .send(PAGE);
    },
  );
}
