// The schemas of an OpenAPI 3.1 document, compiled with Ajv on first use: compiling all of a large one takes seconds.
import type { Ajv, ValidateFunction } from 'ajv';
import { boundedPatterns } from './bounded-pattern.ts';
import { type Node, type Place, pointerOf, referenceTo, steps, valueAt } from './document-parts.ts';
import { appliesItself } from './schema-size.ts';
import { type Direction, strictSchema } from './strict-schema.ts';
import { errorText, Unservable } from './unservable.ts';

/** Begins the ids by which compiled schemas refer to each other. */
const SCHEME = 'schema:';

/** The compiled schemas of one document. */
export interface Schemas {
  /** To be called before each validation: gives its patterns their full time. */
  begin(): void;
  /**
   * A validator for values, with the schema at a place: in requests, properties that are `readOnly` need not be there,
   * in responses those that are `writeOnly`.
   *
   * @throws Unservable for a schema that cannot be compiled
   */
  at(place: Place, direction: Direction): ValidateFunction;
  /** The schema that a validator's `$ref` stands for. */
  referred(reference: string): unknown;
}

/** Loads Ajv, once for all documents. */
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
    if (ajv.validateSchema(schema as object) === true) continue;
    const [first] = ajv.errors as NonNullable<Ajv['errors']>;
    const error = first as NonNullable<typeof first>;
    throw new Unservable([...place, ...steps(schema, error.instancePath)], errorText(error));
  }
}

/** Prepares the schemas of a document, which are compiled on first use. */
export async function schemasOf(document: Node): Promise<Schemas> {
  const { Ajv2020, addFormats } = await loadAjv();
  const patterns = boundedPatterns();
  const ajv: Ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    code: { regExp: patterns.engine },
  });
  addFormats(ajv);
  for (const [name, format] of Object.entries(ajv.formats)) {
    if (format instanceof RegExp) ajv.addFormat(name, (value: string) => patterns.matches(format, value));
  }
  const ids = new Map<string, string>();
  const places: Place[] = [];
  const placeOf = (id: string) => places[Number(id.slice(SCHEME.length))] as Place;
  /** Schemas that are referred to, but not added to Ajv yet. */
  const waiting: { readonly id: string; readonly direction: Direction }[] = [];
  const failures = new Map<string, Unservable>();
  /** The ids of places that were asked for. */
  const known = { request: new WeakMap<Place, string>(), response: new WeakMap<Place, string>() };
  const idOf = (place: Place, direction: Direction): string => {
    const key = direction + referenceTo(place);
    const earlier = ids.get(key);
    if (earlier !== undefined) return earlier;
    const id = `${SCHEME}${places.push(place) - 1}`;
    ids.set(key, id);
    waiting.push({ id, direction });
    return id;
  };
  const addWaiting = () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const { id, direction } = one;
      const place = placeOf(id);
      const schema = valueAt(document, place);
      if (appliesItself(document, schema)) {
        failures.set(id, new Unservable(place, 'it applies itself to the same value, without end'));
        continue;
      }
      const refer = (reference: string) => idOf(steps(document, pointerOf(reference)).map(String), direction);
      ajv.addSchema(strictSchema(document, schema, direction, refer) as object, id);
    }
  };
  return {
    begin: patterns.begin,
    at(place, direction) {
      const id = known[direction].get(place) ?? idOf(place, direction);
      known[direction].set(place, id);
      addWaiting();
      const failure = failures.get(id);
      if (failure !== undefined) throw failure;
      try {
        return ajv.getSchema(id) as ValidateFunction;
      } catch (error) {
        const { message, missingRef = '' } = error as Error & { missingRef?: string };
        const failed = failures.get(missingRef) ?? new Unservable(place, `it cannot be compiled (${message})`);
        failures.set(id, failed);
        throw failed;
      }
    },
    referred: (reference) => valueAt(document, placeOf(reference)),
  };
}
