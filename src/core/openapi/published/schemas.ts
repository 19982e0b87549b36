// The schemas of a published document, compiled with Ajv on first use.
import type { Ajv, ErrorObject, Options, ValidateFunction } from 'ajv';
import { boundedPatterns } from './bounded-pattern.ts';
import { checkAppliedSchemas } from './schema-size.ts';
import { errorText, type Node, steps } from './source.ts';
import { Unservable } from './unservable.ts';

/** The document's id, against which references are resolved. */
const DOCUMENT = 'contract';

/** The place of a schema in the document, as keys from the root. */
export type Place = readonly string[];

/** The compiled schemas of one document. */
export interface Schemas {
  /** To be called before each validation: gives its patterns their full time. */
  begin(): void;
  /** A validator for JSON values, with the schema at a place. */
  at(place: Place): ValidateFunction;
  /** A validator for an object of strings, by parameter name, which coerces them to the types of their schemas. */
  ofTexts(parts: ReadonlyMap<string, { readonly place: Place | null; readonly required: boolean }>): ValidateFunction;
}

/**
 * Prepares the schemas of a document. In OpenAPI 3.1 documents, each schema at `places` is validated against the
 * metaschema at once; in all, the number of schemas applied to one value is limited. Schemas are compiled on first use, since compiling a large document takes seconds.
 *
 * @throws Unservable for the first invalid schema
 */
export async function schemasOf(document: Node, places: Iterable<Place>): Promise<Schemas> {
  const modern = String(document.openapi).startsWith('3.1');
  const { default: formats } = await import('ajv-formats');
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const { Ajv } = await import('ajv');
  const patterns = boundedPatterns();
  const make = (coerce: boolean): Ajv => {
    const options: Options = {
      strict: false,
      allErrors: true,
      verbose: true,
      validateSchema: false,
      logger: false,
      code: { regExp: patterns.engine },
      coerceTypes: coerce ? 'array' : false,
    };
    const ajv = modern ? new Ajv2020(options) : new Ajv(options);
    (formats as unknown as typeof formats.default)(ajv);
    for (const [name, format] of Object.entries(ajv.formats)) {
      if (format instanceof RegExp) ajv.addFormat(name, (value: string) => patterns.matches(format, value));
    }
    return ajv;
  };
  const root = modern ? document : (withNumericBounds(document) as Node);
  const strict = make(false);
  const meta = modern ? strict : null;
  for (const place of places) {
    if (meta !== null) checkSchema(meta, root, place);
    checkAppliedSchemas(root, schemaAt(root, place), place);
  }
  strict.addSchema(root, DOCUMENT);
  let texts: Ajv | undefined;
  return {
    begin: patterns.begin,
    at: (place) => strict.compile({ $ref: reference(place) }),
    ofTexts(parts) {
      if (texts === undefined) {
        texts = make(true);
        texts.addSchema(root, DOCUMENT);
      }
      const named = [...parts];
      return texts.compile({
        type: 'object',
        properties: Object.fromEntries(
          named.map(([name, { place }]) => [name, place === null ? {} : { $ref: reference(place) }]),
        ),
        required: named.filter(([, { required }]) => required).map(([name]) => name),
      });
    },
  };
}

function reference(place: Place): string {
  const pointer = place.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')));
  return `${DOCUMENT}#/${pointer.join('/')}`;
}

function schemaAt(root: Node, place: Place): unknown {
  return place.reduce<unknown>((node, step) => (node as Node)[step], root);
}

function checkSchema(ajv: Ajv, root: Node, place: Place): void {
  const schema = schemaAt(root, place);
  if (ajv.validateSchema(schema as object) === true) return;
  const [first] = ajv.errors as [ErrorObject];
  throw new Unservable([...place, ...steps(schema, first.instancePath)], errorText(first));
}

/** Converts the exclusive bounds of OpenAPI 3.0, a flag beside the bound, to the numeric bounds of JSON Schema. */
function withNumericBounds(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNumericBounds);
  if (typeof node !== 'object' || node === null) return node;
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withNumericBounds(value)]),
  );
  const bound = (flag: unknown, name: 'Minimum' | 'Maximum') => {
    if (typeof flag !== 'boolean') return flag === undefined ? {} : { [`exclusive${name}`]: flag };
    const plain = name.toLowerCase();
    const value = rest[plain];
    if (!flag || value === undefined) return {};
    delete rest[plain];
    return { [`exclusive${name}`]: value };
  };
  return { ...rest, ...bound(exclusiveMinimum, 'Minimum'), ...bound(exclusiveMaximum, 'Maximum') };
}
