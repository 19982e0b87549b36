// A request as bytes: what a client library would never send can be said here.

/** How the end of a body is told: its length, in chunks, or a length that is too small or too large for it. */
export type Framing = 'length' | 'chunked' | 'short' | 'long';

/** One request. Text is latin1: a character is a byte. */
export interface WireRequest {
  readonly method: string;
  /** What stands between method and version. */
  readonly target: string;
  /** `1.1`, as a rule. */
  readonly version: string;
  /** Header lines as they are sent, the ones that frame the body excepted. */
  readonly lines: readonly string[];
  readonly body: Buffer | null;
  readonly framing: Framing;
}

/** How far off a wrong length is, in bytes. */
const OFF = 3;

/** The request as it goes over the wire. */
export function bytesOf(request: WireRequest): Buffer {
  const { method, target, version, lines, body, framing } = request;
  const head = [`${method} ${target} HTTP/${version}`, ...lines, ...framingLine(body, framing)];
  const start = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  if (body === null) return start;
  return Buffer.concat([start, framing === 'chunked' ? inChunks(body) : body]);
}

function framingLine(body: Buffer | null, framing: Framing): string[] {
  if (body === null) return [];
  if (framing === 'chunked') return ['Transfer-Encoding: chunked'];
  const off = { length: 0, short: -OFF, long: OFF }[framing];
  return [`Content-Length: ${Math.max(0, body.length + off)}`];
}

function inChunks(body: Buffer): Buffer {
  const middle = body.length >> 1;
  const chunks = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0);
  const framed = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]);
}

/** The value of the first header of that name, or undefined. */
export function headerOf({ lines }: WireRequest, name: string): string | undefined {
  const start = `${name}:`;
  return lines
    .find((line) => line.toLowerCase().startsWith(start))
    ?.slice(start.length)
    .trim();
}
