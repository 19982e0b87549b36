// Limits what the schemas of a document expand to, with references followed: samples and validations.
import { type Node, pointed } from './document-parts.ts';
import { Unservable } from './unservable.ts';

/** Most values in the sample of a schema. */
const MOST_SAMPLED = 100_000;
/** Most schemas that one value is validated against, without those of its members. */
const MOST_APPLIED = 10_000;
/** Characters of a string that count as one more value. */
const LONG_TEXT = 100;

/** @throws Unservable when the sample that openapi-sampler generates of the schema at `place` would be huge */
export function checkSampleSize(document: Node, schema: unknown, place: readonly PropertyKey[]): void {
  walk(document, schema, MOST_SAMPLED, sampledParts, sampledSizes, () => {
    throw new Unservable(place, `a sample of it has more than ${MOST_SAMPLED} values; give an example instead`);
  });
}

/** @throws Unservable when a value would be validated against a huge number of schemas at `place` */
export function checkAppliedSchemas(document: Node, schema: unknown, place: readonly PropertyKey[]): void {
  walk(document, schema, MOST_APPLIED, appliedParts, appliedSizes, () => {
    throw new Unservable(place, `it applies more than ${MOST_APPLIED} schemas to one value`);
  });
}

/** Whether validating a value against a schema would validate the same value against that schema again, without end. */
export function appliesItself(document: Node, root: unknown): boolean {
  const seen = new Set<unknown>();
  const leadsBack = (schema: unknown): boolean => {
    if (typeof schema !== 'object' || schema === null) return false;
    const { $ref } = schema as Node;
    const parts: unknown[] = [...appliedParts(schema as Node)].map(([part]) => part);
    if (typeof $ref === 'string') parts.push(pointed(document, $ref));
    return parts.some((part) => {
      if (part === root) return true;
      if (seen.has(part)) return false;
      seen.add(part);
      return leadsBack(part);
    });
  };
  return leadsBack(root);
}

/** A schema's parts: each with how often it counts. */
type Parts = (schema: Node) => Iterable<readonly [schema: unknown, times: number]>;

/** The number of schemas that a schema expands to, where it contains no reference to itself or to what it is part of. */
type Sizes = WeakMap<object, number>;

const sampledSizes: Sizes = new WeakMap();
const appliedSizes: Sizes = new WeakMap();

/**
 * Counts schemas, references followed, and refuses more than `most`. A schema inside of itself is not counted again, so
 * the size of a schema can depend on where it is; only sizes that do not are kept in `sizes`.
 */
function walk(document: Node, root: unknown, most: number, parts: Parts, sizes: Sizes, refuse: () => never): void {
  let [visits, recursions] = [0, 0];
  const inside = new Set<unknown>();
  const sizeOf = (schema: unknown): number => {
    if (typeof schema !== 'object' || schema === null) return 0;
    const known = sizes.get(schema);
    if (known !== undefined) return known;
    if (inside.has(schema)) {
      recursions++;
      return 0;
    }
    if (++visits > most) refuse();
    const before = recursions;
    inside.add(schema);
    const { $ref } = schema as Node;
    let size = 1 + (typeof $ref === 'string' ? sizeOf(pointed(document, $ref)) : 0);
    for (const [part, times] of parts(schema as Node)) {
      if (times > 0) size += Math.ceil(times) * sizeOf(part);
    }
    if (size > most) refuse();
    inside.delete(schema);
    if (recursions === before) sizes.set(schema, size);
    return size;
  };
  sizeOf(root);
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const valuesOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];
const once = (schema: unknown) => [schema, 1] as const;

/** What openapi-sampler samples of a schema. */
function* sampledParts(schema: Node): Generator<readonly [unknown, number]> {
  if (schema.example !== undefined) return;
  const { allOf, oneOf, anyOf, properties, additionalProperties, items, prefixItems, contains, minItems, minLength } =
    schema;
  yield* [...listOf(allOf), listOf(oneOf)[0], listOf(anyOf)[0], schema.if, schema.then, ...valuesOf(properties)].map(
    once,
  );
  yield [additionalProperties, 2];
  if (typeof minLength === 'number') yield [{}, minLength / LONG_TEXT];
  const repeated = prefixItems ?? items ?? contains;
  if (Array.isArray(repeated)) yield* repeated.map(once);
  else yield [repeated, typeof minItems === 'number' ? minItems : 1];
}

/** The schemas that are applied to the same value. */
function* appliedParts(schema: Node): Generator<readonly [unknown, number]> {
  const { allOf, oneOf, anyOf, dependentSchemas } = schema;
  yield* [...listOf(allOf), ...listOf(oneOf), ...listOf(anyOf), ...valuesOf(dependentSchemas)].map(once);
  yield* [schema.not, schema.if, schema.then, schema.else].map(once);
}
