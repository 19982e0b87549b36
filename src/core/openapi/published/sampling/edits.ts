// The changes of a value that may mend a validation error: other values at its place, missing parts, parts to leave out.
import type { ErrorObject } from 'ajv';
import { isNode, type Node } from '../../document-parts.ts';
import type { Fill } from './fill.ts';
import { valuesOfFormat } from './strings.ts';

/** A change at one place of a value. */
export interface Edit {
  readonly path: readonly string[];
  /** The new value there; undefined leaves the part out. */
  readonly value: unknown;
}

/** How many random values are tried for one error. */
const SEEDS = [1, 2, 3];
/** Most branches of a union, values of an enumeration, and members of an object that are tried for one error. */
const MOST_TRIED = 12;
/** Most items that are added to a list, and longest string that is made, for one error. */
const MOST_ADDED = 1000;
const LONGEST_TEXT = 100_000;

/**
 * The edits for one error, the most likely ones first.
 *
 * @param learned all schemas that a value at this place has failed, this one's included
 */
export function* editsFor(
  error: ErrorObject,
  path: readonly string[],
  learned: readonly Node[],
  fill: Fill,
): Generator<Edit> {
  yield* partsFor(error, path, learned, fill);
  for (const value of valuesFor(error, learned, fill)) yield { path, value };
  // Leaving out the part, or one that it is in, mends all its errors.
  for (let length = path.length; length > 0; length--) yield { path: path.slice(0, length), value: undefined };
}

/** Edits of the members of the object or list that an error is about. */
function* partsFor(
  { keyword, params, data, parentSchema }: ErrorObject,
  path: readonly string[],
  learned: readonly Node[],
  fill: Fill,
): Generator<Edit> {
  const schema: Node = Object(parentSchema);
  const at = (step: string | number, value?: unknown): Edit => ({ path: [...path, String(step)], value });
  if (isNode(data)) {
    const { missingProperty, property, additionalProperty, unevaluatedProperty, propertyName } = params;
    if (missingProperty !== undefined) {
      for (const seed of SEEDS) yield* filled(fill, membersOf(learned, missingProperty), seed, at, missingProperty);
      if (property !== undefined) yield at(property);
    }
    const extra = additionalProperty ?? unevaluatedProperty ?? propertyName;
    if (extra !== undefined) yield at(extra);
    if (keyword === 'minProperties') {
      for (const name of namesFor(schema, data, fill)) yield* filled(fill, membersOf(learned, name), 1, at, name);
    }
    if (/^(maxProperties|not|oneOf)$/.test(keyword)) {
      for (const name of Object.keys(data).reverse().slice(0, MOST_TRIED)) yield at(name);
    }
  }
  if (Array.isArray(data)) {
    const { i, j, limit, minContains = 1 } = params;
    if (keyword === 'minItems' && limit <= MOST_ADDED)
      yield { path, value: [...data, ...itemsFrom(schema, data.length, limit, fill)] };
    if (keyword === 'uniqueItems') {
      for (const seed of SEEDS) yield* filled(fill, [itemSchema(schema, j)], seed + i + j, at, j);
    }
    if (keyword === 'contains') {
      const more = fill([schema.contains], 1);
      if (more !== null && minContains <= MOST_ADDED) {
        yield { path, value: [...data, ...Array(Number(minContains)).fill(more.value)] };
        yield { path, value: [...Array(Number(minContains)).fill(more.value), ...data.slice(Number(minContains))] };
      }
    }
    if (typeof limit === 'number' && keyword !== 'minItems') yield { path, value: data.slice(0, limit) };
  }
}

function* filled(
  fill: Fill,
  schemas: readonly unknown[],
  seed: number,
  at: (step: string | number, value: unknown) => Edit,
  step: string | number,
): Generator<Edit> {
  const found = fill(schemas, seed);
  if (found !== null) yield at(step, found.value);
}

/** Other values for the place of an error. */
function* valuesFor(
  { keyword, data, parentSchema }: ErrorObject,
  learned: readonly Node[],
  fill: Fill,
): Generator<unknown> {
  const schema: Node = Object(parentSchema);
  if (keyword === 'oneOf' || keyword === 'anyOf') {
    const { [keyword]: branches, ...rest } = schema;
    for (const branch of (branches as unknown[]).slice(0, MOST_TRIED)) {
      const found = fill([rest, branch], 1);
      if (found === null) continue;
      if (isNode(data) && isNode(found.value)) yield { ...data, ...found.value };
      yield found.value;
    }
  }
  if (keyword === 'not') {
    for (const branch of branchesOf(schema).slice(0, MOST_TRIED)) yield* valuesOf(fill, branch);
  }
  for (const { enum: options } of learned) {
    if (Array.isArray(options)) yield* options.slice(0, MOST_TRIED);
  }
  for (const one of learned) if (one.const !== undefined) yield one.const;
  if (typeof data === 'string') yield* stringsFor(data, learned, fill);
  if (typeof data === 'number') yield* numbersFor(learned);
  for (const schemas of [learned, [schema]]) {
    for (const seed of SEEDS) {
      const found = fill(schemas, seed);
      if (found !== null) yield found.value;
    }
  }
}

/** The alternatives of a schema, also those of its parts: `not` may exclude the one that was taken. */
function branchesOf({ allOf = [], anyOf = [], oneOf = [] }: Node): unknown[] {
  return [anyOf, oneOf, (allOf as Node[]).flatMap(branchesOf)].flat();
}

function* valuesOf(fill: Fill, schema: unknown): Generator<unknown> {
  const found = fill([schema], 1);
  if (found !== null) yield found.value;
}

function* stringsFor(data: string, learned: readonly Node[], fill: Fill): Generator<string> {
  const least = Math.max(0, ...learned.map(({ minLength }) => Number(minLength ?? 0)));
  const most = Math.min(...learned.map(({ maxLength }) => Number(maxLength ?? Number.POSITIVE_INFINITY)));
  for (const { format, pattern } of learned) {
    if (typeof format === 'string') yield* valuesOfFormat(format);
    if (typeof pattern !== 'string') continue;
    for (const seed of SEEDS) {
      const found = fill(
        [{ type: 'string', pattern, minLength: least, ...(most < Infinity && { maxLength: most }) }],
        seed,
      );
      if (found !== null) yield found.value as string;
    }
  }
  if (data.length > most) yield data.slice(0, most);
  if (data.length < least && least <= LONGEST_TEXT) yield data.padEnd(least, data === '' ? 'x' : data);
}

/** Numbers at the bounds that are multiples of all that is asked for. */
function* numbersFor(learned: readonly Node[]): Generator<number> {
  const given = (keyword: string) =>
    learned.flatMap(({ [keyword]: value }) => (typeof value === 'number' ? [value] : []));
  const steps = given('multipleOf');
  const step = steps.reduce((product, one) => (product % one === 0 ? product : product * one), 1);
  for (const bound of [...given('minimum'), ...given('exclusiveMinimum')]) {
    yield* [bound, bound + 1, Math.ceil(bound / step) * step, Math.floor(bound / step + 1) * step];
  }
  for (const bound of [...given('maximum'), ...given('exclusiveMaximum')]) {
    yield* [bound, bound - 1, Math.floor(bound / step) * step, Math.ceil(bound / step - 1) * step];
  }
  yield* [0, step];
}

/** The schemas of a member of an object, by all schemas of the object. */
function membersOf(learned: readonly Node[], name: string): unknown[] {
  const schemas = learned.flatMap(({ properties, patternProperties, additionalProperties }) => {
    const own = isNode(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
    const byPattern = isNode(patternProperties)
      ? Object.entries(patternProperties).flatMap(([pattern, one]) => (matches(pattern, name) ? [one] : []))
      : [];
    const known = [...own, ...byPattern];
    return known.length === 0 && isNode(additionalProperties) ? [additionalProperties] : known;
  });
  return schemas.length === 0 ? [{ type: 'string' }] : schemas;
}

/** Whether a name that was generated from a pattern, or is short, matches it. */
function matches(pattern: string, name: string): boolean {
  return name.length <= 30 && pattern.length <= 100 && new RegExp(pattern).test(name);
}

/** Names of members that an object may have in addition. */
function* namesFor(schema: Node, data: Node, fill: Fill): Generator<string> {
  const { properties, patternProperties, propertyNames } = schema;
  const patterns = isNode(patternProperties) ? Object.keys(patternProperties) : [];
  const named = [
    ...patterns.map((pattern) => ({ type: 'string', pattern })),
    ...(isNode(propertyNames) ? [{ type: 'string', ...propertyNames }] : []),
  ];
  const generated = named.flatMap((one) => SEEDS.flatMap((seed) => fill([one], seed)?.value ?? []));
  const all = [
    ...(isNode(properties) ? Object.keys(properties) : []),
    ...generated,
    'property1',
    'property2',
    'property3',
  ];
  for (const name of all) if (!Object.hasOwn(data, String(name))) yield String(name);
}

function itemSchema({ prefixItems, items }: Node, n: number): unknown {
  return (Array.isArray(prefixItems) ? prefixItems[n] : undefined) ?? items ?? {};
}

function itemsFrom(schema: Node, from: number, to: number, fill: Fill): unknown[] {
  return Array.from({ length: to - from }, (_, n) => fill([itemSchema(schema, from + n)], n + 1)?.value ?? null);
}
