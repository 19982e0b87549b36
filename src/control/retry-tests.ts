// Retry tests: a planned sequence of outcomes for the requests of one client.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';

const Body = z.strictObject({ instructions: z.record(z.string(), z.array(z.string()).max(1000)) });
const RetryTest = z.object({
  id: z.string(),
  instructions: z.record(z.string(), z.array(z.string())),
  completed: z.boolean(),
});
const querystring = SandboxQuery;

/** Adds `POST /__admin/retry-tests` and `GET /__admin/retry-tests/{id}`. */
export function addRetryTests(scope: FastifyInstance, control: Control): void {
  scope.post(
    '/retry-tests',
    {
      schema: {
        summary: 'plans the outcome of each request of one client',
        description:
          'Per operation, for requests with `X-Retry-Test-Id: <id>`: `ok`, a status, a wire fault or `delay:<ms>`, optionally followed by `@after-commit`.',
        querystring,
        body: Body,
        response: { 201: RetryTest },
      },
    },
    async (request, reply) => {
      reply.code(201);
      return sandboxOf(control, request).retryTests.create(
        (request.body as z.output<typeof Body>).instructions,
        control.providers,
      );
    },
  );
  scope.get(
    '/retry-tests/:id',
    {
      schema: {
        summary: 'the remaining instructions of a retry test, and whether it is completed',
        querystring,
        response: { 200: RetryTest },
      },
    },
    async (request) => existingSandboxOf(control, request).retryTests.get((request.params as { id: string }).id),
  );
}
