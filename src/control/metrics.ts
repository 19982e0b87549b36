// Counters and gauges in the Prometheus text format.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Control } from './context.ts';

/** Adds `GET /__admin/metrics`. */
export function addMetrics(scope: FastifyInstance, { sandboxes, version, responseCounters }: Control): void {
  scope.get(
    '/metrics',
    {
      schema: {
        summary: 'counters and gauges in the Prometheus text format',
        response: { 200: { description: 'The metrics.', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => {
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const text = [
        ...metric('understudy_info', 'gauge', 'Version of the server.', [`understudy_info{version="${version}"} 1`]),
        ...metric(
          'understudy_requests_total',
          'counter',
          'Responses sent, by provider and status class.',
          responseCounters.lines(),
        ),
        ...single('understudy_sandboxes', 'gauge', 'Number of sandboxes.', sandboxes.size),
        ...metric(
          'understudy_kept_bytes',
          'gauge',
          'Memory that all sandboxes keep, by kind.',
          sandboxes.memory.usage().map(({ kind, used }) => `understudy_kept_bytes{kind="${kind}"} ${used}`),
        ),
        ...metric(
          'understudy_kept_limit_bytes',
          'gauge',
          'Limit of the memory that all sandboxes keep, by kind.',
          sandboxes.memory.usage().map(({ kind, limit }) => `understudy_kept_limit_bytes{kind="${kind}"} ${limit}`),
        ),
        ...single('understudy_uptime_seconds', 'gauge', 'Seconds since the process started.', process.uptime()),
        ...single('process_resident_memory_bytes', 'gauge', 'Resident memory of the process.', rss),
        ...single('nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap in use.', heapUsed),
        ...single('process_cpu_seconds_total', 'counter', 'CPU time used, user and system.', (user + system) / 1e6),
      ].join('\n');
      return reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(`${text}\n`);
    },
  );
}

function single(name: string, type: 'counter' | 'gauge', help: string, value: number): string[] {
  return metric(name, type, help, [`${name} ${value}`]);
}

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
}
