// The escapes a text can hold, and the text they stand for: percent-encoding, form-encoding, JSON escapes.
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

type Decoder = readonly [Encoding, (text: string) => string];
const PERCENT: Decoder = ['percent-encoded', percentDecoded];
const FORM: Decoder = ['form-encoded', (text) => percentDecoded(text.replaceAll('+', ' '))];
const JSON_ESCAPES: Decoder = ['JSON-escaped', jsonUnescaped];

const ESCAPING = /[%\\+]/;
/** An escape that may stand for a letter. */
const LETTER = /%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}/;

/** The text as it is, and all other ways to read it, those with the fewest encodings first. */
export function readingsOf(text: string): Reading[] {
  if (!ESCAPING.test(text)) return [{ text, encodings: [], decodable: false }];
  return decodedBy([PERCENT, FORM, JSON_ESCAPES], text, MOST_ENCODINGS);
}

/**
 * The readings of a text, or of several as JSON or apart from each other, in which a word without `+` can first be
 * seen; none for a text in which all letters can be seen.
 */
export function decodedTexts(text: string): string[] {
  if (!LETTER.test(text)) return [];
  // A form differs from percent-encoding in `+` only. JSON is one more encoding.
  return decodedBy([PERCENT, JSON_ESCAPES], text, MOST_ENCODINGS + 1).map((reading) => reading.text);
}

function decodedBy(decoders: readonly Decoder[], text: string, most: number): Reading[] {
  const readings = new Map<string, Reading>([[text, { text, encodings: [], decodable: false }]]);
  for (const { text, encodings } of readings.values()) {
    if (encodings.length === most) continue;
    for (const [encoding, decode] of decoders) {
      // A form in a form reads as a form in percent-encoding does.
      if (encoding === 'form-encoded' && (encodings.includes(encoding) || !text.includes('+'))) continue;
      const decoded = decode(text);
      if (decoded === text) continue;
      readings.set(text, { text, encodings, decodable: true });
      if (readings.has(decoded)) continue;
      readings.set(decoded, { text: decoded, encodings: [...encodings, encoding], decodable: false });
    }
  }
  return [...readings.values()];
}

/** Decodes all percent-encoded bytes as UTF-8, also in a text with invalid escapes, which stay. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return Buffer.from(run.replaceAll('%', ''), 'hex').toString();
    }
  });
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Decodes all escapes of JSON strings; invalid ones stay. */
function jsonUnescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, code: string | undefined, short: string) =>
    code === undefined ? (SHORT_ESCAPES[short] ?? short) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
