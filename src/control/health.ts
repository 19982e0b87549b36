// Health and readiness probes.
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
  .describe('The server is up.');

/** Adds `GET /__admin/health` and `GET /__admin/ready`. */
export function addHealth(scope: FastifyInstance, { version }: Control): void {
  const health = () => ({
    status: 'healthy',
    version,
    uptimeInSeconds: Math.round(process.uptime()),
    timestamp: new Date().toISOString(),
  });
  // Probes may carry any query parameters.
  const probe = { querystring: z.looseObject({}), response: { 200: Health } };
  scope.get('/health', { schema: { summary: 'whether the server is up, its version and uptime', ...probe } }, health);
  // Fixtures are loaded before the server listens, so a server that responds is ready.
  scope.get('/ready', { schema: { summary: 'whether the server is ready: fixtures are loaded', ...probe } }, health);
}
