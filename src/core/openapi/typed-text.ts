// Values that arrived as text, as the JSON values that their schema describes.
import { isNode, type Node } from './document-parts.ts';
import { valueShape } from './schema-shape.ts';

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Converts the texts in a value: to numbers, booleans and null where the schema has them.
 *
 * @param asText leaves texts as they are where the schema has strings too
 */
export function typedValue(document: Node, value: unknown, schema: unknown, asText: boolean): unknown {
  const { types, properties, additional, items } = valueShape(document, schema);
  if (typeof value === 'string') return typedText(value, types, asText);
  if (Array.isArray(value)) return value.map((one) => typedValue(document, one, items, asText));
  if (!isNode(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typedValue(document, one, properties.get(name) ?? additional, asText),
    ]),
  );
}

function typedText(text: string, types: ReadonlySet<string>, asText: boolean): unknown {
  if (asText && types.has('string')) return text;
  if ((types.has('integer') || types.has('number')) && NUMBER.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && !types.has('string') && (text === '' || text === 'null')) return null;
  return text;
}
