// `understudy requests --follow`: prints each request as it arrives, from the server's event stream. A request whose
// response takes time is printed twice: while the response is pending, and when it is complete.
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ControlPlaneError } from '../../../library/control-plane.ts';
import { EXIT } from '../../failures.ts';
import { printable } from '../../page.ts';
import type { Shell } from '../../shell.ts';
import { fitted, padded } from '../../table.ts';
import type { ControlClient } from '../control-client.ts';

/** The flags of a pattern that the event stream can be filtered by. */
export const FOLLOWED: readonly string[] = ['provider', 'operation', 'method', 'status'];

interface Filter {
  readonly provider: string | null;
  readonly operation: string | null;
  readonly method: string | null;
  readonly status: number | string | null;
  readonly limit: number | null;
  readonly sandbox: string | null;
  readonly json: boolean;
}

/** The event of a request: `pending`, or `request` when its response is known. */
interface RequestEvent {
  readonly id: string;
  readonly at: string;
  readonly provider: string | null;
  readonly operation: string | null;
  readonly method: string;
  readonly url: string;
  /** Absent while the response is pending, like `durationMs`. */
  readonly status?: number;
  readonly durationMs?: number;
  readonly fault?: string;
  readonly keyless?: true;
}

/**
 * Prints requests until `limit` of them are complete, or the output is closed.
 *
 * @throws ControlPlaneError when the server ends the stream
 */
export async function follow({ server }: ControlClient, filter: Filter, { out, err, gone }: Shell): Promise<number> {
  const { limit, sandbox, json } = filter;
  const ended = new AbortController();
  const signal = AbortSignal.any([gone, ended.signal]);
  // Without a name the stream has the requests of all sandboxes.
  const response = await server.open('GET', '/events', { sandbox: sandbox ?? 'default', signal });
  if (err.isTTY && !json) err.write(`understudy: following ${server.origin}, until Ctrl-C\n`);
  let left = limit ?? Number.POSITIVE_INFINITY;
  try {
    for await (const { event, data } of eventsOf(response)) {
      const pending = event === 'pending';
      if (!pending && event !== 'request') continue;
      const request = JSON.parse(data) as RequestEvent;
      if (!matches(request, filter)) continue;
      const whole = pending ? JSON.stringify({ ...request, pending }) : data;
      out.write(`${json ? whole : fitted(lineOf(request), out)}\n`);
      if (!pending && --left === 0) return EXIT.yes;
    }
  } catch (error) {
    if (!gone.aborted) throw lost(server.origin, (error as Error).message);
  } finally {
    ended.abort();
  }
  if (gone.aborted) return EXIT.yes;
  throw lost(server.origin, 'the server ended the stream');
}

function eventsOf(response: Response): AsyncIterable<{ event?: string | undefined; data: string }> {
  const body = response.body as ReadableStream<Uint8Array>;
  const text = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>);
  return text.pipeThrough(new EventSourceParserStream()) as unknown as AsyncIterable<{ event?: string; data: string }>;
}

function lost(origin: string, why: string): ControlPlaneError {
  return new ControlPlaneError(null, `The event stream of ${origin} broke off (${why}).`);
}

function matches(request: RequestEvent, { provider, operation, method, status }: Filter): boolean {
  return (
    (provider === null || provider === request.provider) &&
    (operation === null || operation === request.operation) &&
    (method === null || method.toUpperCase() === request.method) &&
    (status === null || status === request.status || status === `${String(request.status)[0]}xx`)
  );
}

/** A request as a line; the columns have fixed widths, since later lines are not known yet. */
function lineOf({ at, method, url, status, operation, durationMs, fault, keyless }: RequestEvent): string {
  const marks = [...(fault === undefined ? [] : [fault]), ...(keyless ? ['no key'] : [])];
  const took = durationMs === undefined ? [] : [`${durationMs.toFixed(1)} ms`];
  const end = [operation ?? 'no operation', ...took, ...marks];
  // The time of day of an ISO 8601 time.
  const time = at.slice(11, 19);
  return printable([time, status ?? '...', padded(method, 6), padded(url, 50), ...end].join('  '));
}
