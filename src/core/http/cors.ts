// CORS for providers that allow browsers: headers on every response, and preflight responses without a key check.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from '../provider/provider.ts';

/** Sets the headers that let pages of any origin read a response; does nothing for providers without CORS. */
export function setCorsHeaders(reply: FastifyReply, { cors }: Provider): void {
  if (cors === undefined) return;
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', cors.exposed.join(', '));
}

/** Responds to preflights of any path in a scope. Add it before hooks that may send a response. */
export function addPreflightHandler(scope: FastifyInstance, provider: Provider): void {
  const { cors } = provider;
  if (cors === undefined) return;
  scope.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'OPTIONS') return done();
    setCorsHeaders(reply, provider);
    const allowed = {
      'access-control-allow-methods': cors.methods.join(', '),
      'access-control-allow-headers': cors.headers.join(', '),
    };
    reply.code(204).headers(allowed).send();
  });
}

/** Whether a browser sent the request for a page of another site (https://www.w3.org/TR/fetch-metadata/). */
export function isFromOtherSite({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'cross-site';
}
