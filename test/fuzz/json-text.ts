// JSON text that JSON.stringify cannot write: huge numbers, lone surrogates, prototype names.
import fc from 'fast-check';

/** Raw text in place of a value. */
class Text {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const deep = (open: string, close: string, times: number) => open.repeat(times) + close.repeat(times);

/** Replacements for a value; the last ones are not JSON. */
const HOSTILE: readonly string[] = [
  ...['1e308', '-1e308', '1e999', '-1e999', '1e-400', '-0', '0.1', '-1', '9007199254740993', '-9007199254740993'],
  ...['123456789012345678901234567890', '2147483648', '4294967296', '253402300800000', '8640000000000001'],
  ...['null', 'true', 'false', '[]', '{}', '[null]', '[[]]', '{"":null}', '""', '" "', '"0"', '"null"', '"é"', '"😀"'],
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ufeff"', '"\\ufffe\\uffff"', '"\\u202e"'],
  ...[
    '"a\\r\\nSet-Cookie: a=b"',
    '"../../etc/passwd"',
    '"%00"',
    '"%2F"',
    '"\' or 1=1 --"',
    '"<script>alert(1)</script>"',
  ],
  ...['"__proto__"', '"constructor"', '"toString"', '"_fail_503"', '"user-42_delay_1"', '"sbx_"', '"*"', '"?"', '"/"'],
  ...[
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"toString":null}',
    '{"length":-1}',
  ],
  ...['"+275760-09-13T00:00:00.001Z"', '"-271821-04-20T00:00:00Z"', '"2025-02-30T00:00:00Z"', '"0000-01-01T00:00:00Z"'],
  ...[
    '"9999-12-31T23:59:59.999Z"',
    '"P1Y"',
    '"PT1S"',
    '"P99999999999999Y"',
    '"-PT1S"',
    '"PT"',
    '"http://"',
    '"http://[::1"',
  ],
  ...[`"${'x'.repeat(70)}"`, `"${'x'.repeat(5000)}"`, `"${'é'.repeat(20_000)}"`, `[${'0,'.repeat(3000)}0]`],
  ...[deep('[', ']', 400), deep('[', ']', 3000), deep('[', ']', 100_000), deep('{"a":', '}', 600).replace(':}', ':1}')],
  ...[
    'NaN',
    'Infinity',
    '01',
    '1.',
    '.5',
    '+1',
    '0x10',
    "'a'",
    '"\t"',
    '"\\x41"',
    '"',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '',
    '//',
  ],
];

/** Dangerous member names. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'zz',
  'id',
  'a.b',
  '\u0000',
  '\ud800',
];

const KINDS = ['leave out', 'replace', 'replace', 'replace', 'add', 'twice', 'list', 'text'] as const;

/** One corruption of a value; `at` is the index of a node. */
export interface Corruption {
  readonly at: number;
  readonly kind: (typeof KINDS)[number];
  readonly pick: number;
}

export const corruption: fc.Arbitrary<Corruption> = fc.record({
  at: fc.nat(9999),
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(9999),
});

/** The value as JSON with these corruptions. */
export function corruptedText(value: unknown, corruptions: readonly Corruption[]): string {
  if (corruptions.length === 0) return JSON.stringify(value);
  // A wrapper, so that the root can be corrupted like every other node.
  const holder: unknown[] = [structuredClone(value)];
  for (const one of corruptions) corrupt(holder, one);
  return textOf(holder[0]);
}

type Holder = Record<PropertyKey, unknown>;

function corrupt(holder: unknown[], { at, kind, pick }: Corruption): void {
  const places = placesIn(holder);
  const [parent, key] = places[at % places.length] as [Holder, string];
  const value = parent[key];
  const hostile = new Text(HOSTILE[pick % HOSTILE.length] as string);
  switch (kind) {
    case 'leave out':
      if (Array.isArray(parent)) parent[Number(key)] = new Text('');
      else delete parent[key];
      return;
    case 'replace':
      parent[key] = hostile;
      return;
    case 'list':
      parent[key] = [value];
      return;
    case 'text':
      parent[key] = textOf(value);
      return;
    default: {
      // An object gets an extra member: an unusual one, or a duplicate.
      const text = textOf(value);
      if (!/^\{/.test(text)) {
        parent[key] = hostile;
        return;
      }
      const names = kind === 'twice' ? Object.keys(value as object) : NAMES;
      const name = JSON.stringify(names[pick % names.length] ?? 'zz');
      const rest = text.slice(1);
      parent[key] = new Text(`{${name}:${hostile.text}${rest === '}' ? '' : ','}${rest}`);
    }
  }
}

/** The locations of all values, outermost first. */
function placesIn(holder: unknown[]): [object, string][] {
  const places: [object, string][] = [];
  const walk = (parent: object) => {
    for (const [key, value] of Object.entries(parent)) {
      places.push([parent, key]);
      if (typeof value === 'object' && value !== null && !(value instanceof Text)) walk(value);
    }
  };
  walk(holder);
  return places;
}

function textOf(value: unknown): string {
  if (value instanceof Text) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${textOf(inner)}`);
  return `{${members.join(',')}}`;
}
