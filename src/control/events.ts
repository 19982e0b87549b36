// What happens in the sandboxes, told as it happens: server-sent events.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SandboxEvent } from '../core/journal/events.ts';
import { type Control, requestedSandboxName, SandboxQuery } from './context.ts';

/** A comment that often, in ms, or proxies take the connection for dead. */
const HEARTBEAT = 15_000;
/** A reader that lets more bytes than this pile up is cut off; it would otherwise be kept in memory. */
const BACKLOG = 4 * 1024 * 1024;

/** `GET /__admin/events`. */
export function addEvents(scope: FastifyInstance, { sandboxes }: Control): void {
  const open = new Set<() => void>();
  // An open stream would keep the server from ending.
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
      // The headers go out with the first byte.
      stream.write(': understudy\n\n');
      const forget = sandboxes.events.on((event) => {
        if (only !== undefined && event.sandbox !== only) return;
        if (stream.writableLength > BACKLOG) stream.destroy();
        else stream.write(textOf(event));
      });
      const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT).unref();
      const end = () => {
        clearInterval(heartbeat);
        forget();
        open.delete(end);
        stream.end();
      };
      open.add(end);
      stream.once('close', end);
      // Of streams that were asked for one behind the other, only the first is told that their client has gone.
      request.raw.socket.once('close', end);
    },
  );
}

function textOf({ type, sandbox, at, data }: SandboxEvent): string {
  return `event: ${type}\ndata: ${JSON.stringify({ sandbox, at, ...data })}\n\n`;
}
