// Encodings of a value as clients and servers write them, and what an erasure check says of them.

/** An encoding of a value. */
export interface Encoder {
  readonly name: string;
  /** What a residue says of it, outermost first. */
  readonly encodings: readonly string[];
  readonly encode: (value: string) => string;
}

/** Every byte percent-encoded. */
function percentEncoded(value: string): string {
  return Buffer.from(value).toString('hex').replace(/../g, '%$&');
}

/** Every UTF-16 unit as an escape of JSON. */
function jsonEscaped(value: string): string {
  return value.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The hexadecimal digits in upper case. */
function upper(escaped: string): string {
  return escaped.toUpperCase().replaceAll('\\U', '\\u');
}

/** Space as plus, everything else that is no letter, digit or `*-._` percent-encoded. */
function formEncoded(value: string): string {
  return String(new URLSearchParams([['', value]])).slice(1);
}

function base64url(value: string): string {
  return Buffer.from(value).toString('base64url');
}

function padded(value: string): string {
  return value.padEnd(Math.ceil(value.length / 4) * 4, '=');
}

const PERCENT = 'percent-encoded';
const JSON_ESCAPED = 'JSON-escaped';

export const ENCODERS: readonly Encoder[] = [
  { name: 'percent-encoded', encodings: [PERCENT], encode: percentEncoded },
  { name: 'percent-encoded, upper case', encodings: [PERCENT], encode: (value) => upper(percentEncoded(value)) },
  {
    name: 'percent-encoded twice',
    encodings: [PERCENT, PERCENT],
    encode: (value) => encodeURIComponent(percentEncoded(value)),
  },
  { name: 'form-encoded', encodings: ['form-encoded'], encode: formEncoded },
  { name: 'JSON-escaped', encodings: [JSON_ESCAPED], encode: jsonEscaped },
  { name: 'JSON-escaped, upper case', encodings: [JSON_ESCAPED], encode: (value) => upper(jsonEscaped(value)) },
  {
    name: 'JSON in JSON',
    encodings: [JSON_ESCAPED, JSON_ESCAPED],
    encode: (value) => JSON.stringify(jsonEscaped(value)).slice(1, -1),
  },
  {
    name: 'JSON in a query',
    encodings: [PERCENT, JSON_ESCAPED],
    encode: (value) => encodeURIComponent(jsonEscaped(value)),
  },
  { name: 'base64', encodings: ['base64'], encode: (value) => Buffer.from(value).toString('base64') },
  {
    name: 'base64 without padding',
    encodings: ['base64'],
    encode: (value) => Buffer.from(value).toString('base64').replaceAll('=', ''),
  },
  { name: 'base64url', encodings: ['base64'], encode: base64url },
  { name: 'base64url with padding', encodings: ['base64'], encode: (value) => padded(base64url(value)) },
  {
    name: 'base64 in a query',
    encodings: [PERCENT, 'base64'],
    encode: (value) => percentEncoded(padded(base64url(value))),
  },
];
