// Counters and gauges as Prometheus reads them.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Control } from './context.ts';

/** `GET /__admin/metrics`. */
export function addMetrics(scope: FastifyInstance, { sandboxes, version, responseCounters }: Control): void {
  scope.get(
    '/metrics',
    {
      schema: {
        summary: 'counters and gauges in the text format of Prometheus',
        response: { 200: { description: 'The metrics.', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => {
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const text = [
        ...metric('understudy_info', 'gauge', 'The version.', [`understudy_info{version="${version}"} 1`]),
        ...metric(
          'understudy_requests_total',
          'counter',
          'Requests answered, by provider and class of status.',
          responseCounters.lines(),
        ),
        ...single('understudy_sandboxes', 'gauge', 'Sandboxes there are.', sandboxes.size),
        ...single('understudy_uptime_seconds', 'gauge', 'Seconds since the process started.', process.uptime()),
        ...single('process_resident_memory_bytes', 'gauge', 'Memory the process takes.', rss),
        ...single('nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap in use.', heapUsed),
        ...single('process_cpu_seconds_total', 'counter', 'Processor time used.', (user + system) / 1e6),
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
