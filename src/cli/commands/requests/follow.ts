// `understudy requests --follow`: each request as it comes, from the stream of what happens on a server.
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ControlPlaneError } from '../../../library/control-plane.ts';
import { EXIT } from '../../failures.ts';
import { printable } from '../../page.ts';
import type { Shell } from '../../shell.ts';
import { fitted, padded } from '../../table.ts';
import type { Asking } from '../asking.ts';

/** By which flags requests can be told while they come. */
export const FOLLOWED: readonly string[] = ['provider', 'operation', 'method', 'status'];

interface Wanted {
  readonly provider: string | null;
  readonly operation: string | null;
  readonly method: string | null;
  readonly status: number | null;
  readonly limit: number | null;
  readonly sandbox: string | null;
  readonly json: boolean;
}

/** What the server tells of a request. */
interface Happened {
  readonly id: string;
  readonly at: string;
  readonly provider: string | null;
  readonly operation: string | null;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly durationMs: number;
  readonly fault?: string;
  readonly keyless?: true;
}

/** Prints what comes until enough has, or nobody reads it any more. @throws ControlPlaneError when the server ends */
export async function follow({ server }: Asking, wanted: Wanted, { out, err, gone }: Shell): Promise<number> {
  const { limit, sandbox, json } = wanted;
  const ended = new AbortController();
  const signal = AbortSignal.any([gone, ended.signal]);
  // Without a name it would be the requests of all sandboxes.
  const answer = await server.open('GET', '/events', { sandbox: sandbox ?? 'default', signal });
  if (err.isTTY && !json) err.write(`understudy: following ${server.origin}, until Ctrl-C\n`);
  let left = limit ?? Number.POSITIVE_INFINITY;
  try {
    for await (const { event, data } of eventsOf(answer)) {
      if (event !== 'request') continue;
      const request = JSON.parse(data) as Happened;
      if (!fits(request, wanted)) continue;
      out.write(`${json ? data : fitted(lineOf(request), out)}\n`);
      if (--left === 0) return EXIT.done;
    }
  } catch (error) {
    if (!gone.aborted) throw lost(server.origin, (error as Error).message);
  } finally {
    ended.abort();
  }
  if (gone.aborted) return EXIT.done;
  throw lost(server.origin, 'the server ended the stream');
}

function eventsOf(answer: Response): AsyncIterable<{ event?: string | undefined; data: string }> {
  const body = answer.body as ReadableStream<Uint8Array>;
  const text = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>);
  return text.pipeThrough(new EventSourceParserStream()) as unknown as AsyncIterable<{ event?: string; data: string }>;
}

function lost(origin: string, why: string): ControlPlaneError {
  return new ControlPlaneError(null, `${origin} cannot be followed any longer (${why}).`);
}

function fits(request: Happened, wanted: Wanted): boolean {
  return (['provider', 'operation', 'method', 'status'] as const).every((name) => {
    const value = name === 'method' ? (wanted.method?.toUpperCase() ?? null) : wanted[name];
    return value === null || value === request[name];
  });
}

/** Columns of lines that nobody knows the widest of. */
function lineOf({ at, method, url, status, operation, durationMs, fault, keyless }: Happened): string {
  const marks = [...(fault === undefined ? [] : [fault]), ...(keyless ? ['no key'] : [])];
  const end = [operation ?? 'no operation', `${durationMs.toFixed(1)} ms`, ...marks];
  return printable([timeOfDay(at), status, padded(method, 6), padded(url, 50), ...end].join('  '));
}

/** Of an ISO 8601 time. */
function timeOfDay(at: string): string {
  return at.slice(11, 19);
}
