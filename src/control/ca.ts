// Serves the CA certificate that clients must trust for HTTPS.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Control } from './context.ts';

/** Adds `GET /__admin/ca.pem`: the CA certificate, PEM. */
export function addCa(scope: FastifyInstance, { ca }: Control): void {
  scope.get(
    '/ca.pem',
    {
      schema: {
        summary: 'the CA certificate that signs the HTTPS certificates (with `--tls`); needs no token',
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
          'This server does not serve HTTPS; start it with --tls <port> to create a CA.',
        );
      }
      return reply.header('content-type', 'application/x-pem-file').send(ca.pem);
    },
  );
}
