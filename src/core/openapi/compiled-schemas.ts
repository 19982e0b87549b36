// The schemas of an OpenAPI 3.1 document, compiled with Ajv on first use: compiling all of a large one takes seconds.
import type { Ajv, ValidateFunction } from 'ajv';
import { boundedPatterns } from './bounded-pattern.ts';
import { type Node, type Place, pointerOf, referenceTo, steps, valueAt } from './document-parts.ts';
import { LazySchema } from './lazy-schema.ts';
import { appliesItself } from './schema-size.ts';
import { type Direction, REFERRED, strictSchema } from './strict-schema.ts';
import { errorText, Unservable } from './unservable.ts';

/** The compiled schemas of one document. */
export interface Schemas {
  /** To be called before each validation: gives its patterns their full time. */
  begin(): void;
  /**
   * A validator for values, with the schema at a place: in requests, properties that are `readOnly` need not be there,
   * in responses those that are `writeOnly`. Schemas that it refers to are compiled when a value needs them, so that it
   * throws like this function.
   *
   * @throws the failure for a schema that cannot be compiled
   */
  at(place: Place, direction: Direction): ValidateFunction;
  /** Compiles the schemas that were asked for, and all that they refer to. @throws like `at` */
  compileReferences(): void;
}

/** Loads Ajv. */
async function loadAjv() {
  const { default: formats } = await import('ajv-formats');
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  return { Ajv2020, addFormats: formats as unknown as typeof formats.default };
}

/**
 * Validates schemas against the metaschema of JSON Schema 2020-12.
 *
 * @param places of schemas whose subschemas are valid too; references are not followed
 * @throws Unservable for the first invalid schema
 */
export async function checkSchemas(document: Node, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  const { Ajv2020 } = await loadAjv();
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  for (const place of places) {
    const schema = valueAt(document, place);
    try {
      if (ajv.validateSchema(schema as object) === true) continue;
    } catch {
      // It nests too deep for the validator's stack; it cannot be compiled then either.
      continue;
    }
    const [first] = ajv.errors as NonNullable<Ajv['errors']>;
    const error = first as NonNullable<typeof first>;
    throw new Unservable([...place, ...steps(schema, error.instancePath)], errorText(error));
  }
}

/**
 * Prepares the schemas of a document, which are compiled on first use.
 *
 * @param failure what to throw for a schema that cannot be compiled
 */
export async function schemasOf(document: Node, failure: (error: Unservable) => Error): Promise<Schemas> {
  const { Ajv2020, addFormats } = await loadAjv();
  const { _ } = await import('ajv');
  const { callRef } = await import('ajv/dist/vocabularies/core/ref.js');
  const patterns = boundedPatterns();
  const ajv: Ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    // Optimizing the code takes half of the time of compiling, and most schemas are compiled for a few values.
    code: { regExp: patterns.engine, optimize: false },
  });
  addFormats(ajv);
  for (const [name, format] of Object.entries(ajv.formats)) {
    if (format instanceof RegExp) ajv.addFormat(name, (value: string) => patterns.matches(format, value));
  }
  // Ajv compiles all that `$ref` reaches at once, and recursively: too deep for the stack in a large document.
  ajv.addKeyword({
    keyword: REFERRED,
    schemaType: 'object',
    code(cxt) {
      callRef(cxt, _`${cxt.gen.scopeValue('wrapper', { ref: cxt.schema })}.validate`);
    },
  });
  const compile = (place: Place, direction: Direction): ValidateFunction | Unservable => {
    const schema = valueAt(document, place);
    if (appliesItself(document, schema)) {
      return new Unservable(place, 'it applies itself to the same value, without end');
    }
    try {
      const refer = (reference: string) => ({ [REFERRED]: at(placeOf(reference), direction) });
      return ajv.compile(strictSchema(document, schema, direction, refer) as object);
    } catch (error) {
      return new Unservable(place, `it cannot be compiled (${(error as Error).message})`);
    }
  };
  const placeOf = (reference: string) => steps(document, pointerOf(reference)).map(String);
  const all = new Map<string, LazySchema>();
  const at = (place: Place, direction: Direction): LazySchema => {
    const key = direction + referenceTo(place);
    const schema = all.get(key) ?? new LazySchema(valueAt(document, place), () => compile(place, direction), failure);
    all.set(key, schema);
    return schema;
  };
  /** The schemas by the places that were asked for. */
  const known = { request: new WeakMap<Place, LazySchema>(), response: new WeakMap<Place, LazySchema>() };
  return {
    begin: patterns.begin,
    at(place, direction) {
      const schema = known[direction].get(place) ?? at(place, direction);
      known[direction].set(place, schema);
      return schema.validate;
    },
    compileReferences() {
      for (const schema of all.values()) schema.validate satisfies ValidateFunction;
    },
  };
}
