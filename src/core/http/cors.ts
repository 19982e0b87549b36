// CORS: every answer of an open provider can be read anywhere, and preflights are answered without asking for a key.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Provider } from '../provider/provider.ts';

/** Marks an answer as readable by pages of any origin; does nothing at providers for servers alone. */
export function setCorsHeaders(reply: FastifyReply, { cors }: Provider): void {
  if (cors === undefined) return;
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', cors.exposed.join(', '));
}

/** Answers preflights of any path in a scope. Call it before hooks that may answer a request. */
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
