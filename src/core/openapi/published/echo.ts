// Repeats the ids of a request's path in the response: who asks for customer 42 gets customer 42.

import { isNode, type Node } from '../document-parts.ts';
import { plainName } from './names.ts';
import type { PageChange } from './paging.ts';

/** Fields that hold the object itself, around its own fields. */
const WRAPPERS = new Set(['data', 'result', 'item', 'response', 'object', 'payload']);

/**
 * The fields that a path's values belong to: those of the same name, and `id` for the last value of a path that ends
 * with it, as `/customers/{customer_id}` does.
 *
 * @param creates whether the operation creates an object: its id is a new one
 */
export function echoes(body: unknown, path: string, params: Node, creates: boolean): PageChange[] {
  const last = /\{([^{}]*)\}[^/]*$/.exec(path)?.[1];
  return Object.entries(params).flatMap(([param, text]) => {
    const name = plainName(param);
    const names = new Set([...(creates && name === 'id' ? [] : [name]), ...(param === last ? ['id'] : [])]);
    return holders(body).flatMap(({ node, path: at }) =>
      Object.entries(node)
        .filter(([key]) => names.has(plainName(key)))
        .map(([key, value]) => ({ path: [...at, key], values: [typed(text, value)] })),
    );
  });
}

function holders(body: unknown): { node: Node; path: string[] }[] {
  if (!isNode(body)) return [];
  const inner = Object.entries(body).flatMap(([key, value]) =>
    WRAPPERS.has(plainName(key)) && isNode(value) ? [{ node: value, path: [key] }] : [],
  );
  return [{ node: body, path: [] }, ...inner];
}

/** A path's value with the type of the sample. */
function typed(text: unknown, sample: unknown): unknown {
  if (typeof sample === 'string') return String(text);
  return typeof sample === 'number' ? Number(text) : text;
}
