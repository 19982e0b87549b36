// Lists the operations of a published document, with references to their parts resolved.
import type { Place } from './schemas.ts';
import { isNode, type Node, pointed, pointerOf, steps } from './source.ts';
import { Unservable } from './unservable.ts';

/** The supported methods; operations with others are ignored. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A part of the document and its place, with references resolved. */
export interface Part {
  readonly node: Node;
  readonly place: Place;
}

/** A parameter in path, query or header. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  /** Null when it is described by a media type; any value is valid then. */
  readonly schema: Part | null;
  /** The separator of a list sent as one string; null when each value is sent separately. */
  readonly separator: string | null;
  /** Whether an object is sent as `name[key]=value`. */
  readonly deep: boolean;
}

/** An operation as the document declares it. */
export interface Listed {
  readonly name: string;
  readonly method: (typeof METHODS)[number];
  /** Below the provider's base, in the document's spelling. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The schema of a JSON body; null when there is no body, or it is not JSON. */
  readonly body: { readonly schema: Part; readonly required: boolean } | null;
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
  const responses = Object.entries((node.responses ?? {}) as Node);
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
    const { name, in: where, required = false, schema, style, explode } = node as Record<string, never> & Node;
    // Cookies are not read; OpenAPI ignores these three headers as parameters.
    if (where === 'cookie' || (where === 'header' && /^(accept|content-type|authorization)$/i.test(String(name))))
      return [];
    const separators: Record<string, string> = { spaceDelimited: ' ', pipeDelimited: '|' };
    const apart = where === 'query' && (explode ?? (style ?? 'form') === 'form');
    return [
      {
        name: String(name),
        in: where as unknown as Parameter['in'],
        required: Boolean(required),
        schema: schema === undefined ? null : { node: schema as Node, place: [...at, 'schema'] },
        separator: apart ? null : (separators[String(style)] ?? ','),
        deep: style === 'deepObject',
      },
    ];
  });
}

function bodyAt(document: Node, body: unknown, place: Place): Listed['body'] {
  if (body === undefined) return null;
  const { node, place: at } = follow(document, body, place);
  const content = node.content as Record<string, Node>;
  const type = jsonType(Object.keys(content));
  const schema = type === undefined ? undefined : content[type]?.schema;
  if (type === undefined || !isNode(schema)) return null;
  return { schema: { node: schema, place: [...at, 'content', type, 'schema'] }, required: node.required === true };
}

/** The first media type that is JSON. */
export function jsonType(types: readonly string[]): string | undefined {
  return types.find((type) => /^(application\/([\w.+-]+\+)?json|\*\/\*|application\/\*)\s*(;|$)/i.test(type));
}

/** Resolves the references of a part. @throws Unservable for a circular reference or a part that is not an object */
export function follow(document: Node, node: unknown, place: Place): Part {
  const seen = new Set<string>();
  let part = { node, place };
  for (;;) {
    const reference = isNode(part.node) ? part.node.$ref : undefined;
    if (!isNode(part.node)) throw new Unservable(part.place, 'it is not an object');
    if (typeof reference !== 'string') return { node: part.node, place: part.place };
    if (seen.has(reference)) throw new Unservable(place, `it refers to ${reference}, which refers back to itself`);
    seen.add(reference);
    part = { node: pointed(document, reference), place: steps(document, pointerOf(reference)).map(String) };
  }
}
