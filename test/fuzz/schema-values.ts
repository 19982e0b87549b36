// Random values that match a JSON schema.
import fc from 'fast-check';

/** A JSON schema without references, limited to the keywords the documents use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Known values for members or parameters by name. */
export type Known = (name: string) => readonly string[];

/** Arbitrary texts. */
const ODD = [
  '',
  ' ',
  '0',
  'é',
  '€',
  '😀',
  'a\nb',
  'a\r\nb: c',
  '\t',
  '\u0000',
  '\u007f',
  '\ufeff',
  '\u202e',
  '\'"<&>\\',
  'x'.repeat(3000),
];

/** Maximum duration in requests, in milliseconds. */
const PATIENCE_MS = 2;
/** Members that are durations. */
const TIMES = /Ms$|^median$/;
/** A duration that is always set, because its default is too long. */
export const TIMEOUT = 'timeoutMs';

/** Maximum length of a text without a limit. */
const SHORT = 12;

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'date-time': fc
    .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  uri: fc.constantFrom('https://example.com/a?b=c', 'http://localhost:9/', 'https://example.com'),
};

/** Values of a schema; `name` is the name of the member or parameter. */
export function valuesOf(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => valuesOf(one, known, name);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return fc.oneof(...branches.map(inner));
  if (schema.allOf !== undefined) {
    const [first, ...more] = schema.allOf;
    if (first !== undefined && more.length === 0) return inner(first);
    return fc.tuple(...schema.allOf.map(inner)).map((parts) => Object.assign({}, ...(parts as object[])));
  }
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  return fc.oneof(...types.map((type) => ofType(type, schema, known, name)));
}

function ofType(type: string, schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return texts(schema, known(name));
    case 'integer':
    case 'number':
      return numbers(type, schema, name, known(name).map(Number));
    case 'boolean':
      return fc.boolean();
    case 'array':
      return lists(schema, known, name);
    case 'object':
      return objects(schema, known);
    default:
      return fc.constant(null);
  }
}

function texts({ pattern, format, minLength = 0, maxLength = 5000 }: Schema, known: readonly string[]) {
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, SHORT)) };
  const odd = ODD.filter((text) => text.length >= minLength && text.length <= maxLength);
  const any = fc.oneof(
    fc.string(length),
    fc.string({ unit: 'grapheme', ...length }),
    ...odd.map((text) => fc.constant(text)),
  );
  const free = pattern === undefined ? (FORMATS[format ?? ''] ?? any) : fc.stringMatching(new RegExp(pattern));
  const matching = known.filter((text) => fits(text) && (pattern === undefined || new RegExp(pattern).test(text)));
  if (matching.length === 0) return free;
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...matching) }, { weight: 1, arbitrary: free });
}

function numbers(type: string, schema: Schema, name: string, known: readonly number[]): fc.Arbitrary<number> {
  const { minimum = -1000, maximum = minimum + 100_000 } = schema;
  if (TIMES.test(name)) return fc.integer({ min: Math.max(0, minimum), max: PATIENCE_MS });
  const min = Math.ceil(Math.max(minimum, Number.MIN_SAFE_INTEGER));
  const max = Math.floor(Math.min(maximum, Number.MAX_SAFE_INTEGER));
  const whole = fc.integer({ min, max });
  const fitting = known.filter((one) => Number.isInteger(one) && one >= min && one <= max);
  if (fitting.length > 0)
    return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: whole });
  return type === 'integer' ? whole : fc.oneof(whole, fc.double({ min: minimum, max: maximum, noNaN: true }));
}

function lists({ items, prefixItems, minItems = 0, maxItems = 3 }: Schema, known: Known, name: string) {
  if (prefixItems !== undefined) return fc.tuple(...prefixItems.map((one) => valuesOf(one, known, name)));
  if (!items) return fc.constant([]);
  const most = Math.max(minItems, Math.min(maxItems, 3));
  return fc.array(valuesOf(items, known, name), { minLength: minItems, maxLength: most });
}

function objects(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const absent = fc.constant(undefined);
  const members = Object.entries(properties).map(([name, one]): [string, fc.Arbitrary<unknown>] => {
    const value = valuesOf(one, known, name);
    if (required.includes(name) || name === TIMEOUT) return [name, value];
    // Most members are optional; with all of them together few bodies would be valid.
    return [name, fc.oneof({ weight: 2, arbitrary: absent }, { weight: 1, arbitrary: value })];
  });
  const own = fc
    .record(Object.fromEntries(members), { noNullPrototype: true })
    .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)));
  if (typeof additionalProperties !== 'object' || Object.keys(properties).length > 0) return own;
  return fc.dictionary(fc.stringMatching(/^[A-Za-z-]{1,8}$/), valuesOf(additionalProperties, known), {
    maxKeys: 3,
    noNullPrototype: true,
  });
}
