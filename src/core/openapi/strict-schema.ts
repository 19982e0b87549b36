// What of a schema restricts the values of requests, or of responses, as a schema for Ajv.
import { isNode, type Node } from './document-parts.ts';
import { CONSTRAINTS, SUBSCHEMAS } from './schema-keywords.ts';
import { conjuncts } from './schema-shape.ts';

/** Whether a value is sent by the client or by the server. */
export type Direction = 'request' | 'response';

/** The keyword for Ajv that stands for `$ref`; its value is a `LazySchema`. */
export const REFERRED = 'x-referred';

/** The keyword of properties that the sender of a direction leaves out. */
const LEFT_OUT = { request: 'readOnly', response: 'writeOnly' } as const;

/**
 * A copy with keywords that restrict values only. Properties that are not sent in this direction are not required. A
 * `oneOf` with a discriminator accepts values that several of its schemas accept, since the discriminator says which one
 * is meant.
 *
 * @param refer the keyword that stands in the copy for a reference, and its value
 */
export function strictSchema(
  document: Node,
  schema: unknown,
  direction: Direction,
  refer: (reference: string) => Node,
): unknown {
  const copied = (one: unknown, unsent: ReadonlySet<string>): unknown => {
    if (!isNode(one)) return one;
    const copy: Record<string, unknown> = {};
    const needed = one.required !== undefined || one.allOf !== undefined;
    const leftOut = needed ? new Set([...unsent, ...unsentProperties(document, one, direction)]) : unsent;
    for (const [keyword, value] of Object.entries(one)) {
      const form = SUBSCHEMAS.get(keyword);
      if (keyword === '$ref') Object.assign(copy, refer(value as string));
      else if (keyword === 'required') copy.required = (value as string[]).filter((name) => !leftOut.has(name));
      else if (CONSTRAINTS.has(keyword)) copy[keyword] = value;
      else if (form === 'schema') copy[keyword] = copied(value, NONE);
      else if (form === 'list') {
        const name = keyword === 'oneOf' && isNode(one.discriminator) && one.anyOf === undefined ? 'anyOf' : keyword;
        copy[name] = (value as unknown[]).map((part) => copied(part, keyword === 'allOf' ? leftOut : NONE));
      } else if (form === 'map') {
        copy[keyword] = Object.fromEntries(
          Object.entries(value as Node).map(([name, part]) => [name, copied(part, NONE)]),
        );
      }
    }
    return copy;
  };
  return copied(schema, NONE);
}

const NONE: ReadonlySet<string> = new Set();

/** The names of the properties, also of references and of the schemas below `allOf`, that are not sent. */
function unsentProperties(document: Node, schema: Node, direction: Direction): string[] {
  const keyword = LEFT_OUT[direction];
  const isUnsent = (property: unknown) => conjuncts(document, property).some((one) => one[keyword] === true);
  return conjuncts(document, schema).flatMap(({ properties }) =>
    Object.entries(isNode(properties) ? properties : {}).flatMap(([name, one]) => (isUnsent(one) ? [name] : [])),
  );
}
