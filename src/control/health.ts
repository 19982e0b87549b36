// Whether the server is up, and whether it is ready to answer.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Control } from './context.ts';

const Health = z
  .strictObject({
    status: z.string(),
    version: z.string(),
    uptimeInSeconds: z.number().int(),
    timestamp: z.string(),
  })
  .describe('It is up.');

/** `GET /__admin/health` and `GET /__admin/ready`. */
export function addHealth(scope: FastifyInstance, { version }: Control): void {
  const answer = () => ({
    status: 'healthy',
    version,
    uptimeInSeconds: Math.round(process.uptime()),
    timestamp: new Date().toISOString(),
  });
  // Probes come with whatever their makers add, and are let in.
  const more = { querystring: z.looseObject({}), response: { 200: Health } };
  scope.get('/health', { schema: { summary: 'whether the server is up, its version and uptime', ...more } }, answer);
  // Fixtures are loaded before the server listens, so whoever gets an answer at all finds it ready.
  scope.get('/ready', { schema: { summary: 'whether the server is ready: fixtures are loaded', ...more } }, answer);
}
