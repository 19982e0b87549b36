// The escapes a text can hold, and the text that they stand for: percent-encoding, form-encoding, JSON escapes.

import type { Encoding } from './erasure-result.ts';

/** A text after some of its escapes have been decoded. */
export interface Reading {
  readonly text: string;
  /** What was decoded, outermost first. */
  readonly encodings: readonly Encoding[];
  /** There is another reading in which the escapes left in this one are decoded. */
  readonly decodable: boolean;
}

/** How many encodings inside each other are decoded. */
const MOST_ENCODINGS = 3;

const ESCAPING = /[%\\+]/;
const DECODERS: readonly (readonly [Encoding, (text: string) => string])[] = [
  ['percent-encoded', percentDecoded],
  ['form-encoded', (text) => (text.includes('+') ? percentDecoded(text.replaceAll('+', ' ')) : text)],
  ['JSON-escaped', jsonUnescaped],
];

/** The text as it is, and all other ways to read it, those with the fewest encodings first. */
export function readingsOf(text: string): Reading[] {
  if (!ESCAPING.test(text)) return [{ text, encodings: [], decodable: false }];
  const readings = new Map<string, Reading>([[text, { text, encodings: [], decodable: false }]]);
  for (const { text, encodings } of readings.values()) {
    if (encodings.length === MOST_ENCODINGS) continue;
    for (const [encoding, decode] of DECODERS) {
      const decoded = decode(text);
      if (decoded === text) continue;
      readings.set(text, { text, encodings, decodable: true });
      if (!readings.has(decoded))
        readings.set(decoded, { text: decoded, encodings: [...encodings, encoding], decodable: false });
    }
  }
  return [...readings.values()];
}

/** Decodes all percent-encoded bytes as UTF-8, also in a text with invalid escapes, which stay. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Decodes all escapes of JSON strings; invalid ones stay. */
function jsonUnescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, code: string | undefined, short: string) =>
    code === undefined ? (SHORT_ESCAPES[short] ?? short) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
