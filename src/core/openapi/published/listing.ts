// The operations a published document declares, with their parts found wherever references lead.
import type { Place } from './schemas.ts';
import { isNode, type Node, pointed, pointerOf, steps, Unservable } from './source.ts';

/** The methods that can be answered; what a document says of others is left out. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A part of the document and where it stands, references followed. */
export interface Part {
  readonly node: Node;
  readonly place: Place;
}

/** One parameter of path, query or header. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  /** Null where it is described by a media type: then anything goes. */
  readonly schema: Part | null;
  /** What separates the values of a list that comes as one text; null where each comes by itself. */
  readonly separator: string | null;
  /** Whether an object comes as `name[key]=value`. */
  readonly deep: boolean;
}

/** One operation as the document declares it. */
export interface Listed {
  readonly name: string;
  readonly method: (typeof METHODS)[number];
  /** Below the provider's base, as the document writes it. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The schema of a JSON body; null where there is no body, or none in JSON. */
  readonly body: { readonly schema: Part; readonly required: boolean } | null;
  readonly responses: ReadonlyMap<string, Part>;
  readonly place: Place;
}

/** Whether two paths are one to a router: the names of their parameters aside. */
export function shapeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
}

/** A path of a document below the provider's base, which some documents write into each path. */
export function below(base: string, path: string): string {
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}

/**
 * All operations of the document.
 *
 * @param base what a path of the document may begin with, e.g. `/v1`, where its server URL lacks it
 * @throws Unservable on two operations that cannot be told apart
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
        if (other !== undefined) throw new Unservable(place, `its ${what} is that of ${other} too`);
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
    // Cookies are not read; these three headers are described elsewhere (OpenAPI says so).
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

/** The media type among them that is JSON. */
export function jsonType(types: readonly string[]): string | undefined {
  return types.find((type) => /^(application\/([\w.+-]+\+)?json|\*\/\*|application\/\*)\s*(;|$)/i.test(type));
}

/** A part itself, or what it refers to. */
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
