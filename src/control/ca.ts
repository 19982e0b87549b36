// The CA that https is served with, for clients to trust.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Control } from './context.ts';

/** `GET /__admin/ca.pem`. */
export function addCa(scope: FastifyInstance, { ca }: Control): void {
  scope.get(
    '/ca.pem',
    {
      schema: {
        summary: 'the certificate of the CA that signs for https, when started with `--tls`; needs no token',
        response: {
          200: { description: 'PEM.', content: { 'application/x-pem-file': { schema: z.string() } } },
        },
      },
    },
    async (_request, reply) => {
      if (ca.pem === null) {
        throw new Problem(
          404,
          'no-https',
          'No https',
          'This server speaks no https; start it with --tls <port> to have a CA.',
        );
      }
      return reply.header('content-type', 'application/x-pem-file').send(ca.pem);
    },
  );
}
