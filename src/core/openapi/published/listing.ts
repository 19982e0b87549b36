// Lists the operations of a published document, with references to their parts resolved.
import { follow, isNode, type Node, type Part, type Place } from '../document-parts.ts';
import { type Parameter, parameterOf } from '../parameters.ts';
import { Unservable } from '../unservable.ts';

/** The supported methods; operations with others are ignored. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** An operation as the document declares it. */
export interface Listed {
  readonly name: string;
  readonly method: (typeof METHODS)[number];
  /** Below the provider's base, in the document's spelling. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The body's media types, and their place; null when there is no body. */
  readonly body: { readonly content: Node; readonly place: Place; readonly required: boolean } | null;
  readonly responses: ReadonlyMap<string, Part>;
  readonly place: Place;
}

/** A key of method and path without parameter names; paths with the same key are the same route. */
export function shapeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\{[^{}]*\}/g, '{}')}`;
}

/** A path without the provider's base, which some documents repeat in each path. */
export function below(base: string, path: string): string {
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}

/**
 * All operations of the document.
 *
 * @param base prefix of paths in documents whose server URL lacks it, e.g. `/v1`
 * @throws Unservable for two operations with the same path or operationId, or an operation without responses
 */
export function listOperations(document: Node, base: string): Listed[] {
  const listed: Listed[] = [];
  const taken = new Map<string, string>();
  for (const [written, item] of Object.entries((document.paths ?? {}) as Node)) {
    if (written.startsWith('x-')) continue;
    const at = follow(document, item, ['paths', written]);
    for (const method of METHODS) {
      const operation = at.node[method.toLowerCase()];
      if (!isNode(operation)) continue;
      const place = [...at.place, method.toLowerCase()];
      const path = below(base, written);
      const one = operationAt(document, { node: operation, place }, at, method, path);
      for (const [key, what] of [
        [shapeOf(method, path), 'path'],
        [one.name, 'operationId'],
      ] as const) {
        const other = taken.get(`${what} ${key}`);
        if (other !== undefined) throw new Unservable(place, `its ${what} is also that of ${other}`);
        taken.set(`${what} ${key}`, place.join('.'));
      }
      listed.push(one);
    }
  }
  return listed;
}

function operationAt(
  document: Node,
  { node, place }: Part,
  item: Part,
  method: Listed['method'],
  path: string,
): Listed {
  const own = parametersAt(document, node.parameters, [...place, 'parameters']);
  const shared = parametersAt(document, item.node.parameters, [...item.place, 'parameters']);
  const inherited = shared.filter(({ name, in: where }) => !own.some((one) => one.name === name && one.in === where));
  const responses = Object.entries((node.responses ?? {}) as Node).filter(([status]) => !status.startsWith('x-'));
  if (responses.length === 0) throw new Unservable(place, 'it declares no response');
  return {
    name: typeof node.operationId === 'string' ? node.operationId : `${method} ${path}`,
    method,
    path,
    parameters: [...inherited, ...own],
    body: bodyAt(document, node.requestBody, [...place, 'requestBody']),
    place,
    responses: new Map(
      responses.map(([status, one]) => [status, follow(document, one, [...place, 'responses', status])]),
    ),
  };
}

function parametersAt(document: Node, list: unknown, place: Place): Parameter[] {
  return ((list ?? []) as unknown[]).flatMap((one, n): Parameter[] => {
    const { node, place: at } = follow(document, one, [...place, String(n)]);
    // OpenAPI ignores these three headers as parameters.
    if (node.in === 'header' && /^(accept|content-type|authorization)$/i.test(String(node.name))) return [];
    return [parameterOf(node, at)];
  });
}

function bodyAt(document: Node, body: unknown, place: Place): Listed['body'] {
  if (body === undefined) return null;
  const { node, place: at } = follow(document, body, place);
  const content = node.content as Node;
  if (Object.keys(content).length === 0) return null;
  return { content, place: [...at, 'content'], required: node.required === true };
}

/** The first media type that is JSON. */
export function jsonType(types: readonly string[]): string | undefined {
  return types.find((type) => /^(application\/([\w.+-]+\+)?json|\*\/\*|application\/\*)\s*(;|$)/i.test(type));
}
