// Streams the sandboxes' events as server-sent events.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { turnOf } from '../core/http/connection-order.ts';
import type { SandboxEvent } from '../core/journal/events.ts';
import { Problem } from '../core/problem.ts';
import { type Control, requestedSandboxName, SandboxQuery } from './context.ts';

/** Interval in ms of the comments that keep proxies from closing an idle connection. */
const HEARTBEAT_MS = 15_000;
/** A client with more unread bytes than this is disconnected, because unread events are held in memory. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
/** The least that each client may leave unread; it limits the number of streams. */
const MIN_BACKLOG_BYTES = 64 * 1024;

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
        summary: 'requests, deletions, faults, pairs at barriers and deleted sandboxes as they happen',
        description:
          'Server-sent events, of all sandboxes or `?sandbox=`. The stream does not end before its sandbox is deleted: read it with `curl -N`.',
        querystring: SandboxQuery,
        response: { 200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } } },
      },
    },
    (request, reply) => {
      const only = requestedSandboxName(request);
      const maxStreams = Math.max(1, Math.floor(sandboxes.memory.eventBacklog / MIN_BACKLOG_BYTES));
      if (open.size >= maxStreams) {
        throw new Problem(
          503,
          'too-many-event-streams',
          `There are ${maxStreams} open event streams, as many as there may be; close one, or raise the heap limit (--max-old-space-size).`,
        );
      }
      reply.hijack();
      const stream = reply.raw;
      stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      // Node sends the headers with the first byte of the body.
      stream.write(': understudy\n\n');
      const unsubscribe = sandboxes.events.on((event) => {
        if (only !== undefined && event.sandbox !== only) return;
        // All streams share the memory.
        const backlog = Math.min(MAX_BACKLOG_BYTES, sandboxes.memory.eventBacklog / open.size);
        if (stream.writableLength > backlog) stream.destroy();
        else stream.write(textOf(event));
        if (only !== undefined && event.type === 'sandbox-deleted') end();
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
