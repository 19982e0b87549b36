// Walks the parts of a document that its operations reach: checks their references and schemas, and upgrades them from
// OpenAPI 3.0 to 3.1. Examples, defaults, constants and extensions are data and stay as they are.
import { expressionOf } from '../bounded-pattern.ts';
import { isNode, type Node, type Place, pointerOf, referenceTo, steps, valueAt } from '../document-parts.ts';
import { eachSubschema } from '../schema-keywords.ts';
import { Unservable } from '../unservable.ts';
import { SchemaNames } from './schema-names.ts';

type Kind = 'document' | 'pathItem' | 'operation' | 'parameter' | 'body' | 'response' | 'media' | 'example' | 'schema';

/** Where the parts of each object lie that can be reached: in the field itself, in a list, or in a map by name. */
const PARTS: Readonly<Record<Kind, readonly (readonly [field: string, form: 'one' | 'many', kind: Kind])[]>> = {
  document: [['paths', 'many', 'pathItem']],
  pathItem: [
    ['parameters', 'many', 'parameter'],
    ['get', 'one', 'operation'],
    ['put', 'one', 'operation'],
    ['post', 'one', 'operation'],
    ['patch', 'one', 'operation'],
    ['delete', 'one', 'operation'],
  ],
  operation: [
    ['parameters', 'many', 'parameter'],
    ['requestBody', 'one', 'body'],
    ['responses', 'many', 'response'],
  ],
  parameter: [
    ['schema', 'one', 'schema'],
    ['content', 'many', 'media'],
    ['examples', 'many', 'example'],
  ],
  body: [['content', 'many', 'media']],
  response: [
    ['headers', 'many', 'parameter'],
    ['content', 'many', 'media'],
  ],
  media: [
    ['schema', 'one', 'schema'],
    ['examples', 'many', 'example'],
  ],
  example: [],
  schema: [],
};

/** Maps that may have extensions beside their entries. */
const EXTENSIBLE: ReadonlySet<string> = new Set(['paths', 'responses']);

/** A document in OpenAPI 3.1. */
export interface Upgraded {
  readonly document: Node;
  /** The schemas that nobody has validated yet; the schema of OpenAPI 3.0 covers those outside of extensions. */
  readonly unchecked: readonly Place[];
}

/** @throws Unservable for a reference that leads nowhere, an invalid pattern, or an empty enumeration */
export function upgrade(published: Node): Upgraded {
  const document = structuredClone(published);
  const names = new SchemaNames(document);
  const old = String(document.openapi).startsWith('3.0');
  const unchecked: Place[] = [];
  const note = (place: Place) => {
    if (!old || place.some((step) => step.startsWith('x-'))) unchecked.push(place);
  };
  const seen = new Set<unknown>();
  const targets: { readonly place: Place; readonly kind: Kind }[] = [];
  const reached = Object.fromEntries(Object.keys(PARTS).map((kind) => [kind, new Set<Place>()])) as Record<
    Kind,
    Set<Place>
  >;
  /** Where the walk is. */
  const at: PropertyKey[] = [];

  /** References of the document itself that were resolved already. */
  const resolved = new Map<string, Place>();
  const resolve = (reference: string, resource: Place): Place => {
    const known = resource.length === 0 ? resolved.get(reference) : undefined;
    if (known !== undefined) return known;
    const place = names.resolve(reference, resource, at);
    if (resource.length === 0) resolved.set(reference, place);
    return place;
  };

  const refer = (node: Node, reference: string, kind: Kind, resource: Place) => {
    const place = resolve(reference, resource);
    if (!reference.startsWith('#/') || resource.length > 0) Object.assign(node, { $ref: referenceTo(place) });
    if (reached[kind].has(place)) return;
    reached[kind].add(place);
    targets.push({ place, kind });
  };

  const visitPart = (value: unknown, kind: Kind) => {
    if (!isNode(value) || seen.has(value)) return;
    seen.add(value);
    if (typeof value.$ref === 'string') return refer(value, value.$ref, kind, []);
    for (const [field, form, inner] of PARTS[kind]) {
      const part = value[field];
      if (form === 'many' && typeof part === 'object' && part !== null) {
        for (const [key, one] of Object.entries(part)) {
          if (EXTENSIBLE.has(field) && key.startsWith('x-')) continue;
          enter(one, inner, [field, Array.isArray(part) ? Number(key) : key]);
        }
      } else if (part !== undefined) enter(part, inner, [field]);
    }
  };

  /** A part of an object; a schema is checked as a whole. */
  const enter = (value: unknown, kind: Kind, place: readonly PropertyKey[]) => {
    at.push(...place);
    if (kind === 'schema') {
      note(at.map(String));
      visitSchema(value, []);
    } else visitPart(value, kind);
    at.length -= place.length;
  };

  const visitSchema = (schema: unknown, outer: Place) => {
    if (!isNode(schema) || seen.has(schema)) return;
    seen.add(schema);
    const resource = typeof schema.$id === 'string' ? at.map(String) : outer;
    const reference = schema.$ref ?? schema.$dynamicRef;
    if (typeof reference === 'string') {
      if (old) keepOnly(schema, '$ref', 'nullable');
      refer(schema, reference, 'schema', resource);
    }
    checkKeywords(schema, at);
    eachSubschema(schema, (part, keyword, key) => {
      at.push(keyword);
      if (key !== undefined) at.push(key);
      visitSchema(part, resource);
      at.length -= key === undefined ? 1 : 2;
    });
    if (old) useNumericBounds(schema as Record<string, unknown>);
    if ('nullable' in schema) useNullType(schema as Record<string, unknown>);
  };

  visitPart(document, 'document');
  for (let target = targets.pop(); target !== undefined; target = targets.pop()) {
    at.push(...steps(document, pointerOf(referenceTo(target.place))));
    const value = valueAt(document, target.place);
    if (target.kind === 'schema') {
      note(target.place);
      visitSchema(value, names.resourceOf(target.place));
    } else visitPart(value, target.kind);
    at.length = 0;
  }
  return { document: { ...document, openapi: '3.1.1' }, unchecked };
}

function keepOnly(node: Node, ...keys: readonly string[]): void {
  for (const key of Object.keys(node)) if (!keys.includes(key)) delete (node as Record<string, unknown>)[key];
}

/** The rules that the metaschema does not have, or that name the place better. */
function checkKeywords({ pattern, patternProperties, enum: values }: Node, at: readonly PropertyKey[]): void {
  const check = (text: string, place: readonly PropertyKey[]) => {
    try {
      expressionOf(text);
    } catch (error) {
      throw new Unservable(place, `it is not a regular expression (${(error as Error).message})`);
    }
  };
  if (typeof pattern === 'string') check(pattern, [...at, 'pattern']);
  if (isNode(patternProperties)) {
    for (const text of Object.keys(patternProperties)) check(text, [...at, 'patternProperties', text]);
  }
  if (Array.isArray(values) && values.length === 0) throw new Unservable([...at, 'enum'], 'it has no values');
}

/** Converts the exclusive bounds of OpenAPI 3.0, a flag beside the bound, to the numeric bounds of JSON Schema. */
function useNumericBounds(schema: Record<string, unknown>): void {
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[flag] !== 'boolean') continue;
    const exclusive = schema[flag] && schema[bound] !== undefined;
    if (exclusive) schema[flag] = schema[bound];
    delete schema[exclusive ? bound : flag];
  }
}

/** Keywords about a schema rather than its values; they stay outside of a union with null. */
const NOTES: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'externalDocs',
]);

/**
 * Replaces `nullable` by the type null: in the type where nothing else restricts the value, otherwise in a union. It
 * counts beside a reference, a composition and an enumeration too (our choice; OpenAPI 3.0.3 says that it has no effect
 * there, but documents mean it), and in OpenAPI 3.1, where documents still use it.
 */
function useNullType(schema: Record<string, unknown>): void {
  const { nullable } = schema;
  delete schema.nullable;
  if (nullable !== true) return;
  const { type } = schema;
  const restricted = ['$ref', 'enum', 'const', 'allOf', 'anyOf', 'oneOf', 'not', 'if'].some((key) => key in schema);
  if (!restricted) {
    if (typeof type === 'string') schema.type = [type, 'null'];
    else if (Array.isArray(type) && !type.includes('null')) schema.type = [...type, 'null'];
    return;
  }
  const value: Record<string, unknown> = {};
  for (const key of Object.keys(schema)) {
    if (NOTES.has(key) || key.startsWith('x-')) continue;
    value[key] = schema[key];
    delete schema[key];
  }
  schema.anyOf = [value, { type: 'null' }];
}
