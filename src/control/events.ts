// Streams the sandboxes' events as server-sent events.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { turnOf } from '../core/http/connection-order.ts';
import type { SandboxEvent } from '../core/journal/events.ts';
import { type Control, requestedSandboxName, SandboxQuery } from './context.ts';

/** Interval in ms of the comments that keep proxies from closing an idle connection. */
const HEARTBEAT_MS = 15_000;
/** A client with more unread bytes than this is disconnected, because unread events are held in memory. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/** Adds `GET /__admin/events`. */
export function addEvents(scope: FastifyInstance, { sandboxes }: Control): void {
  const open = new Set<() => void>();
  // An open stream would keep the server from closing.
  scope.addHook('preClose', async () => {
    for (const end of open) end();
  });
  scope.get(
    '/events',
    {
      schema: {
        summary: 'requests, deletions and faults as they happen',
        description:
          'Server-sent events, of all sandboxes or `?sandbox=`. The stream does not end: read it with `curl -N`.',
        querystring: SandboxQuery,
        response: { 200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } } },
      },
    },
    (request, reply) => {
      const only = requestedSandboxName(request);
      reply.hijack();
      const stream = reply.raw;
      stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      // Node sends the headers with the first byte of the body.
      stream.write(': understudy\n\n');
      const unsubscribe = sandboxes.events.on((event) => {
        if (only !== undefined && event.sandbox !== only) return;
        if (stream.writableLength > MAX_BACKLOG_BYTES) stream.destroy();
        else stream.write(textOf(event));
      });
      const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS).unref();
      const end = () => {
        clearInterval(heartbeat);
        unsubscribe();
        open.delete(end);
        stream.end();
      };
      open.add(end);
      turnOf(request, reply).onEnd(end);
      // A stream does not end: the next request must not wait for it.
      turnOf(request, reply).markHandled();
    },
  );
}

function textOf({ type, sandbox, at, data }: SandboxEvent): string {
  return `event: ${type}\ndata: ${JSON.stringify({ sandbox, at, ...data })}\n\n`;
}
