// Bodies that are not UTF-8 JSON or not declared as such.
import { gzipSync } from 'node:zlib';

/** Bodies other than the plain UTF-8 of a text, with their header lines. */
export const ENCODINGS: Readonly<Record<string, (text: string) => { body: Buffer | null; lines: string[] }>> = {
  none: () => ({ body: null, lines: [] }),
  empty: () => ({ body: Buffer.alloc(0), lines: [] }),
  latin1: (text) => ({ body: Buffer.from(text.replace(/"(?=[,}\]])/, 'é"'), 'latin1'), lines: [] }),
  utf16: (text) => ({ body: Buffer.from(text, 'utf16le'), lines: [] }),
  'byte order mark': (text) => ({ body: Buffer.from(`\ufeff${text}`), lines: [] }),
  'broken off': (text) => ({ body: Buffer.from(text).subarray(0, Math.floor(text.length * 0.7)), lines: [] }),
  'half a character': (text) => ({ body: Buffer.concat([Buffer.from(text), Buffer.from([0xc3])]), lines: [] }),
  'zero byte': (text) => ({ body: Buffer.from(`${text}\0`), lines: [] }),
  'said to be gzip': (text) => ({ body: Buffer.from(text), lines: ['Content-Encoding: gzip'] }),
  gzip: (text) => ({ body: gzipSync(text), lines: ['Content-Encoding: gzip'] }),
  padded: (text) => ({ body: Buffer.from(` \r\n\t${text}\n`), lines: [] }),
  twice: (text) => ({ body: Buffer.from(text + text), lines: [] }),
  form: () => ({ body: Buffer.from('a=1&b=2'), lines: [] }),
};

/** A body above every limit except that of a state. */
export const HUGE = Buffer.from(`{"a":"${'x'.repeat(1024 * 1024)}"}`);

export const MEDIA_TYPES: readonly (readonly string[])[] = [
  [],
  ['Content-Type: application/json; charset=utf-8'],
  ['Content-Type: APPLICATION/JSON'],
  ['Content-Type: application/json;charset=latin1'],
  ['Content-Type: text/plain'],
  ['Content-Type: application/x-www-form-urlencoded'],
  ['Content-Type: application/problem+json'],
  ['Content-Type: application/jsonp'],
  ['Content-Type: '],
  ['Content-Type: application/json', 'Content-Type: application/json'],
  ['Content-Type: application/json', 'Content-Type: text/plain'],
];
