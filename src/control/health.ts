// Whether the server is up, and whether it is ready to answer.
import type { FastifyInstance } from 'fastify';
import type { Control } from './context.ts';

/** `GET /__admin/health` and `GET /__admin/ready`. */
export function addHealth(scope: FastifyInstance, { version }: Control): void {
  const answer = () => ({
    status: 'healthy',
    version,
    uptimeInSeconds: Math.round(process.uptime()),
    timestamp: new Date().toISOString(),
  });
  scope.get('/health', { schema: { summary: 'whether the server is up, its version and uptime' } }, answer);
  // Fixtures are loaded before the server listens, so whoever gets an answer at all finds it ready.
  scope.get('/ready', { schema: { summary: 'the same, once fixtures are loaded' } }, answer);
}
