// Random values of a schema, by json-schema-faker: deterministic, with the required parts only, and of bounded size.
import { generateSync, type JsonSchema } from 'json-schema-faker';
import { isNode, type Node, pointed } from '../../document-parts.ts';
import { LazySchema } from '../../lazy-schema.ts';
import { CONSTRAINTS, SUBSCHEMAS } from '../../schema-keywords.ts';
import { FORMAT_GENERATORS, longestDemand, samplePattern } from './strings.ts';

/** Largest demand of a schema (`minItems`, `minLength`, …) that is filled. */
const MOST = 2000;
/** Largest product of the quantifiers of a pattern. */
const MOST_CHARACTERS = 10_000;
/** Most subschemas that are rewritten for one value. */
const MOST_SCHEMAS = 2000;

/** Values of schemas of one document. */
export type Fill = (schemas: readonly unknown[], seed: number) => Filled;

/** A value, or null when the schemas cannot be filled. */
export type Filled = { readonly value: unknown } | null;

/** Values that meet all `schemas` as far as json-schema-faker can; the same for the same schemas and seed. */
export function fillFrom(document: Node): Fill {
  return (schemas, seed) => {
    let left = MOST_SCHEMAS;
    const referred: unknown[] = [];
    const fillable = (schema: unknown): JsonSchema => {
      if (left-- === 0) throw new RangeError('too many schemas');
      return adapted(schema, fillable, (target) => `${TARGET}${referred.push(target) - 1}`);
    };
    const targetOf = (reference: string) =>
      reference.startsWith(TARGET) ? referred[Number(reference.slice(TARGET.length))] : pointed(document, reference);
    try {
      const schema = schemas.length === 1 ? fillable(schemas[0]) : { allOf: schemas.map(fillable) };
      const value: unknown = generateSync(schema, {
        seed,
        optionalsProbability: 0,
        formats: FORMAT_GENERATORS as never,
        refResolver: (reference) => fillable(targetOf(reference)),
        resolveJsonPath: false,
      });
      return { value };
    } catch {
      // It cannot be generated: contradictory, too deep, or too large.
      return null;
    }
  };
}

/** Begins the references to schemas of a compiled schema. */
const TARGET = 'referred:';

/** Keywords that json-schema-faker does not know. */
const UNKNOWN = new Set(['unevaluatedItems', 'unevaluatedProperties']);
const DEMANDS = ['minItems', 'minLength', 'minProperties', 'minContains'];

/** The keywords that json-schema-faker knows, and no others: it takes unknown ones for properties. */
function adapted(
  schema: unknown,
  inner: (schema: unknown) => JsonSchema,
  refer: (target: unknown) => string,
): JsonSchema {
  if (!isNode(schema)) return schema as boolean;
  if (DEMANDS.some((keyword) => Number(schema[keyword] ?? 0) > MOST)) throw new RangeError('too large');
  const copy: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    const form = SUBSCHEMAS.get(keyword);
    if (value instanceof LazySchema) copy.$ref = refer(value.schema);
    else if (keyword === '$ref' || CONSTRAINTS.has(keyword)) copy[keyword] = value;
    else if (UNKNOWN.has(keyword)) continue;
    else if (form === 'schema') copy[keyword] = inner(value);
    else if (form === 'list') copy[keyword] = (value as unknown[]).map(inner);
    else if (form === 'map') {
      copy[keyword] = Object.fromEntries(Object.entries(value as Node).map(([name, one]) => [name, inner(one)]));
    }
  }
  const { pattern, minLength } = schema;
  if (typeof pattern === 'string') {
    copy.pattern = samplePattern(pattern, Number(minLength ?? 0));
    if (longestDemand(copy.pattern as string) > MOST_CHARACTERS) throw new RangeError('too large');
  }
  return copy as JsonSchema;
}
