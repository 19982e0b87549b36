// Values for the schemas of a published document: an example if it is valid, else a readable sample that is made valid.
import type { ValidateFunction } from 'ajv';
import type { sample } from 'openapi-sampler';
import type { Schemas } from '../../compiled-schemas.ts';
import { follow, isNode, type Node, type Place, valueAt } from '../../document-parts.ts';
import { fillFrom } from './fill.ts';
import { mend } from './mend.ts';

/** Values for the schemas of one document; always the same for the same schema. */
export interface Sampler {
  /**
   * A value for a schema: the first valid one of its examples and samples, or else the first that can be made valid.
   * Where none can, as for a schema that nothing fits, the first one as it is.
   *
   * @param place where the schema is; null for one that values are not validated against
   */
  valueOf(schema: unknown, place: Place | null, examples: readonly unknown[]): unknown;
  /** Whether a value is valid against the schema at a place; always for null. */
  isValid(value: unknown, place: Place | null): boolean;
}

/** A sampler for the schemas of a document. */
export function samplerOf(document: Node, schemas: Schemas, readable: typeof sample): Sampler {
  const fill = fillFrom(document);
  const validators = new Map<string, ValidateFunction>();
  const samples = new Map<string, { readonly value: unknown }>();
  /** The text of the place that a schema is at, or refers to. */
  const keyOf = (place: Place): string => JSON.stringify(targetOf(document, place));
  const validatorAt = (place: Place): ValidateFunction => {
    const key = keyOf(place);
    const known = validators.get(key) ?? schemas.at(place, 'response');
    validators.set(key, known);
    return known;
  };
  const isValid = (value: unknown, place: Place | null): boolean => {
    if (place === null) return true;
    const validate = validatorAt(place);
    schemas.begin();
    return validate(value) === true;
  };
  /** The first example, then samples of all properties, of the required ones, and a random one. */
  function* startsOf(schema: unknown, examples: readonly unknown[]): Generator<unknown> {
    yield* examples.slice(0, 1);
    for (const skipNonRequired of [false, true]) {
      yield quietly(() => readable((schema ?? {}) as object, { skipWriteOnly: true, skipNonRequired }, document));
    }
    yield fill([schema], 1)?.value;
  }
  const search = (schema: unknown, place: Place | null, examples: readonly unknown[]): unknown => {
    const starts: unknown[] = [];
    for (const start of startsOf(schema, examples)) {
      if (isValid(start, place)) return start;
      const mended = mend(start, validatorAt(place as Place), fill, schemas.begin);
      if (mended !== undefined) return mended;
      starts.push(start);
    }
    return starts[0];
  };
  return {
    isValid,
    valueOf(schema, place, examples) {
      const fitting = examples.find((one) => isValid(one, place));
      if (fitting !== undefined) return fitting;
      if (place === null || examples.length > 0) return search(schema, place, examples);
      const key = keyOf(place);
      const known = samples.get(key) ?? { value: search(schema, place, []) };
      samples.set(key, known);
      return known.value;
    },
  };
}

/** The place of the schema that the one at a place stands for, when it is a reference and nothing else. */
function targetOf(document: Node, place: Place): Place {
  const schema = valueAt(document, place);
  const bare = isNode(schema) && Object.keys(schema).every((key) => key === '$ref');
  if (!bare || !String(schema.$ref).startsWith('#/')) return place;
  const target = follow(document, schema, place).place;
  return targetOf(document, target);
}

/** Runs openapi-sampler without the warnings that none of its options turns off. */
function quietly<T>(make: () => T): T {
  const { warn } = console;
  console.warn = () => {};
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}
