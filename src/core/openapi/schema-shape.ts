// What a schema says about the form of a value, with references and alternatives followed: for values that arrive as
// text, whose type only the schema tells.
import { isNode, type Node, pointed } from './document-parts.ts';

/** The types, properties and items that a schema allows in any of its alternatives. */
export interface Shape {
  /** JSON types; empty when the schema names none. */
  readonly types: ReadonlySet<string>;
  readonly properties: ReadonlyMap<string, unknown>;
  /** The schemas of the properties that are not listed; null when there may be none. */
  readonly additional: unknown;
  readonly items: unknown;
}

/** The schemas that a value must all match: the schema, its reference, those below `allOf`, and theirs. */
export function conjuncts(document: Node, schema: unknown): Node[] {
  return [...applied(document, schema, ['allOf'])];
}

/** The shape of a schema's values. */
export function valueShape(document: Node, schema: unknown): Shape {
  const types = new Set<string>();
  const properties = new Map<string, unknown>();
  let additional: unknown = null;
  let items: unknown;
  for (const one of applied(document, schema, ['allOf', 'anyOf', 'oneOf'])) {
    for (const type of typesOf(one)) types.add(type);
    for (const [name, property] of Object.entries(isNode(one.properties) ? one.properties : {})) {
      if (!properties.has(name)) properties.set(name, property);
    }
    items ??= one.items;
    if (one.additionalProperties !== undefined && one.additionalProperties !== false) {
      additional ??= one.additionalProperties;
    }
  }
  return { types, properties, additional, items };
}

function* applied(document: Node, root: unknown, compositions: readonly string[]): Generator<Node> {
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const schema = open.shift();
    if (!isNode(schema) || seen.has(schema)) continue;
    seen.add(schema);
    yield schema;
    if (typeof schema.$ref === 'string') open.push(pointed(document, schema.$ref));
    for (const keyword of compositions) {
      const parts = schema[keyword];
      if (Array.isArray(parts)) open.push(...parts);
    }
  }
}

/** The types that a schema names: by `type`, by its only values, or by keywords that apply to one type. */
function typesOf(schema: Node): string[] {
  if (schema.type !== undefined) return [schema.type].flat() as string[];
  if (Array.isArray(schema.enum)) return schema.enum.map(typeName);
  if ('const' in schema) return [typeName(schema.const)];
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return ['object'];
  return schema.items === undefined ? [] : ['array'];
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
