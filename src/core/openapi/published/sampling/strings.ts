// Strings that fit a format or a pattern, in forms that json-schema-faker does not generate itself.

/** Valid values of the formats that json-schema-faker lacks or gets wrong, short and long ones. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  byte: ['c3RyaW5n', 'YQ==', 'c29tZSBsb25nZXIgc3RyaW5n'],
  duration: ['P1D', 'PT30M', 'P1Y2M10DT2H30M'],
  date: ['2019-08-24'],
  'date-time': ['2019-08-24T14:15:22Z', '2019-08-24T14:15:22.123Z'],
  'iso-date-time': ['2019-08-24T14:15:22Z'],
  time: ['14:15:22Z'],
  'iso-time': ['14:15:22Z'],
  email: ['user@example.com', 'a@b.co'],
  hostname: ['example.com', 'a.co'],
  ipv4: ['192.168.0.1', '10.0.0.1'],
  ipv6: ['2001:db8::1', '::1'],
  uri: ['https://example.com', 'https://example.com/some/longer/path', 'a:b'],
  url: ['https://example.com', 'https://example.com/some/longer/path', 'http://a.co'],
  'uri-reference': ['/path', 'a'],
  'uri-template': ['/path/{id}', 'a'],
  uuid: ['497f6eca-6276-4993-bfeb-53cbbbba6f08', '5b1c1a0e-6c1d-4d0b-8f9a-0d9d7f6a2c11'],
  'json-pointer': ['/a/b', ''],
  'json-pointer-uri-fragment': ['#/a/b'],
  'relative-json-pointer': ['0/a', '1'],
  regex: ['^a+$', 'a'],
};

/** The values of a format; none for an unknown one. */
export function valuesOfFormat(format: string): readonly string[] {
  return Object.hasOwn(FORMATS, format) ? (FORMATS[format] as readonly string[]) : [];
}

/** Generators for json-schema-faker, by format. */
export const FORMAT_GENERATORS: Readonly<Record<string, (random: { pick<T>(values: readonly T[]): T }) => string>> =
  Object.fromEntries(Object.entries(FORMATS).map(([format, values]) => [format, (random) => random.pick(values)]));

/** Classes of characters that json-schema-faker does not know, by the first letter of the Unicode property. */
const UNICODE: Readonly<Record<string, string>> = { L: 'a-z', Lu: 'A-Z', N: '0-9', P: '.', Z: ' ', S: '+' };

/**
 * A pattern whose strings match the original one and have at least `least` characters where that is possible: Unicode
 * properties as ASCII classes, repetitions without an end repeated as often as needed, and a start if it may be any.
 */
export function samplePattern(pattern: string, least: number): string {
  const padded = least > 0 && !/^\^|^\(\^/.test(pattern) ? `[a-z]{0,${least}}${pattern}` : pattern;
  return padded.replace(
    /\[(?:\\.|[^\]\\])*\]|\\p\{([^}]*)\}|\\.|[*+]\??|\{(\d+),\}\??/gsu,
    (piece, property: string | undefined, from: string | undefined) => {
      if (property !== undefined) return `[${unicodeClass(property)}]`;
      if (piece.startsWith('[')) return piece.replace(/\\p\{([^}]*)\}/g, (_, inner: string) => unicodeClass(inner));
      if (from !== undefined) return `{${Math.max(Number(from), least)},}`;
      if (least > 0 && /^[*+]/.test(piece)) return `{${least},}`;
      return piece;
    },
  );
}

function unicodeClass(property: string): string {
  const name = property.replace(/^.*=/, '');
  return UNICODE[name] ?? UNICODE[name.charAt(0)] ?? 'a-z';
}

/** How many characters a pattern demands at most, by its quantifiers: one inside of another multiplies. */
export function longestDemand(pattern: string): number {
  let demand = 1;
  for (const [, from, to] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) demand *= Math.max(1, Number(to || from));
  return demand;
}
