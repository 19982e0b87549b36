// Reads the parameters of a request, which arrive as text, in the styles of OpenAPI and as SDKs send them.
import { isNode, type Node, type Part } from './document-parts.ts';
import { isForm, listOf, objectOf, type Style, scalarOf } from './parameter-styles.ts';
import { readBrackets } from './query-brackets.ts';
import { type Shape, valueShape } from './schema-shape.ts';

/** A parameter in path, query, header or cookie, or a field of a form. */
export interface Parameter extends Style {
  readonly required: boolean;
  /** Null when any value is valid. */
  readonly schema: Part | null;
  /** Whether the value is JSON text (`content` instead of `schema`). */
  readonly json: boolean;
  /** Whether the value may be missing after the name (`?flag`). */
  readonly allowEmpty: boolean;
}

/** What arrived, by key; a repeated key has a list. */
export type Texts = Readonly<Record<string, unknown>>;

/** The parameter that a Parameter Object describes. */
export function parameterOf(node: Node, place: readonly string[]): Parameter {
  const where = node.in as Parameter['in'];
  const style = typeof node.style === 'string' ? node.style : isForm({ in: where }) ? 'form' : 'simple';
  const [type, media] = Object.entries(isNode(node.content) ? node.content : {})[0] ?? ['', null];
  const described = isNode(media) ? media : node;
  const inContent = described === media ? ['content', type] : [];
  return {
    name: String(node.name),
    in: where,
    required: node.required === true,
    schema: isNode(described.schema) ? { node: described.schema, place: [...place, ...inContent, 'schema'] } : null,
    style,
    explode: typeof node.explode === 'boolean' ? node.explode : style === 'form' || style === 'deepObject',
    json: /\bjson\b/i.test(type),
    allowEmpty: node.allowEmptyValue === true,
  };
}

/** A parameter's key in the parsed request; the router allows only word characters in the names of path parameters. */
export function routeKey(where: Parameter['in'], name: string): string {
  return where === 'path' ? name.replace(/\W/g, '_') : parameterName(where, name);
}

/** A parameter's name in error messages; header names are in lower case. */
export function parameterName(where: Parameter['in'], name: string): string {
  return where === 'header' ? name.toLowerCase() : name;
}

/**
 * The value of a parameter, with texts in the places of numbers, booleans and null; undefined when it did not arrive.
 *
 * Accepts brackets for lists and objects whatever the style (`a[]=`, `a[0]=`, `a[b]=`), and JSON text for objects: SDKs
 * send them.
 *
 * @param others the keys of other parameters, which are no properties of an object whose properties are keys
 */
export function arrivedValue(document: Node, parameter: Parameter, texts: Texts, others: ReadonlySet<string>): unknown {
  const key = routeKey(parameter.in, parameter.name);
  const text = texts[key];
  if (parameter.json && typeof text === 'string') return jsonOr(text, text);
  const shape = valueShape(document, parameter.schema?.node);
  if (isForm(parameter) && text === undefined) {
    const nested = readBrackets(document, key, texts, parameter.schema?.node);
    if (nested !== undefined) return nested;
    if (shape.types.has('object') && parameter.style === 'form' && parameter.explode) {
      return explodedObject(parameter, shape, texts, others);
    }
  }
  if (Array.isArray(text)) {
    return shape.types.has('array') ? text.flatMap((one) => listOf(one, parameter)) : text;
  }
  return typeof text === 'string' ? structured(text, parameter, shape) : text;
}

/** An object whose properties are keys of the query; undefined when none arrived and none are needed. */
function explodedObject({ required }: Parameter, shape: Shape, texts: Texts, others: ReadonlySet<string>): unknown {
  const free = shape.additional !== null || shape.properties.size === 0;
  const found = Object.entries(texts).filter(
    ([key]) => shape.properties.has(key) || (free && !others.has(key.replace(/\[.*$/s, ''))),
  );
  return found.length === 0 && !required ? undefined : Object.fromEntries(found);
}

/** A list, an object or a scalar, as the schema has them and the text looks. */
function structured(text: string, parameter: Parameter, shape: Shape): unknown {
  const { types } = shape;
  const scalar = types.size === 0 || [...types].some((type) => type !== 'array' && type !== 'object');
  if (types.has('object')) {
    const value = /^\s*\{/.test(text) ? jsonOr(text, undefined) : undefined;
    if (value !== undefined) return value;
  }
  if (types.has('array')) {
    const pieces = listOf(text, parameter);
    if (!scalar || pieces.length > 1) return pieces;
  }
  const object = types.has('object') && !scalar ? objectOf(text, parameter) : undefined;
  return object ?? scalarOf(text, parameter);
}

function jsonOr<T>(text: string, otherwise: T): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
