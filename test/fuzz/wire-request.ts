// Requests as bytes, including ones that no client library would send.

/** Framing of a body: its length, chunks, or a wrong length. */
export type Framing = 'length' | 'chunked' | 'short' | 'long';

/** One request. Text is Latin-1: a character is a byte. */
export interface WireRequest {
  readonly method: string;
  /** The request target, between method and version. */
  readonly target: string;
  /** Usually `1.1`. */
  readonly version: string;
  /** Header lines, without those that frame the body. */
  readonly lines: readonly string[];
  readonly body: Buffer | null;
  readonly framing: Framing;
}

/** Difference of a wrong length, in bytes. */
const OFF = 3;

/** The bytes of the request. */
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

/** The value of the first header of that name; undefined when there is none. */
export function headerOf({ lines }: WireRequest, name: string): string | undefined {
  const start = `${name}:`;
  return lines
    .find((line) => line.toLowerCase().startsWith(start))
    ?.slice(start.length)
    .trim();
}
