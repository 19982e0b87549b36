// Random ids: alphabets, unbiased sampling, and a pool of random bytes.
import { randomBytes } from 'node:crypto';

/** Alphabets for ids. */
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';
export const HEX = '0123456789abcdef';
export const URL_SAFE = `${BASE62}-_`;

/** Returns bytes, at least as many as asked for, or some in each of several calls. */
export type ByteSource = (size: number) => Uint8Array;

/** `length` characters of `alphabet`, uniformly distributed, from the random bytes that `source` returns. */
export function draw(length: number, alphabet: string, source: ByteSource): string {
  const limit = 256 - (256 % alphabet.length);
  const text = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    for (const byte of source(length + 8)) {
      if (byte < limit && at < length) text[at++] = alphabet.charCodeAt(byte % alphabet.length);
    }
  }
  return text.toString('latin1');
}

/** A request id: 16 characters, the key of a request in journal and ledger; random by default. */
export function requestId(source: ByteSource = pooledBytes): string {
  return draw(16, BASE36, source);
}

const POOL = 8192;
let pool: Uint8Array = new Uint8Array(0);
let used = 0;

/** Random bytes from a pool: a system call for a few bytes costs more than the rest of an id. */
export function pooledBytes(size: number): Uint8Array {
  if (used + size > pool.length) {
    pool = randomBytes(Math.max(POOL, size));
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}
