// The structure of an OpenAPI document, keyword by keyword: nothing is rewritten, only prose is left out.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { selects } from '../../src/core/openapi/overlay.ts';

type Node = Record<string, any>;

/** Keywords whose values are words and samples of ours. */
const PROSE = new Set(['description', 'summary', 'example', 'examples']);
/** Keys below which every key is a name. */
const NAMED = new Set(['properties', 'schemas', 'headers', 'responses', 'securitySchemes', 'paths', 'content']);

/** A place in a document where two of them differ. */
export interface Difference {
  /** Keys from the root. */
  readonly at: readonly string[];
  readonly one: unknown;
  readonly other: unknown;
}

/** Paths and components with everything that is not prose. */
export function structure({ openapi, security, paths, components }: Node): Node {
  return pruned({ openapi, security, paths, components }, false);
}

function pruned(node: any, named: boolean): any {
  if (Array.isArray(node)) return node.map((one) => pruned(one, false));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => value !== undefined && (named || !PROSE.has(key)))
      .map(([key, value]) => [key, pruned(value, !named && NAMED.has(key))]),
  );
}

/** The structure in one number; the order of keys means nothing. */
export function digest(document: Node): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(structure(document))))
    .digest('hex');
}

function sorted(node: any): any {
  if (Array.isArray(node)) return node.map(sorted);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.keys(node)
      .sort()
      .map((key) => [key, sorted(node[key])]),
  );
}

/** Every place where two values differ; a list is compared item by item, and one that is not there is an empty one. */
export function differences(one: any, other: any, at: readonly string[] = []): Difference[] {
  if (one === undefined && Array.isArray(other)) return differences([], other, at);
  if (typeof one === 'object' && typeof other === 'object' && one !== null && other !== null) {
    if (Array.isArray(one) === Array.isArray(other)) {
      const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
      return keys.flatMap((key) => differences(one[key], other[key], [...at, key]));
    }
  }
  return Object.is(one, other) ? [] : [{ at, one, other }];
}

/** Whether an action of an overlay explains a difference: what it put there, or that it took something away (null). */
export function explains(target: string, update: unknown, { at, other }: Difference): boolean {
  const steps = [...target.matchAll(/\.([A-Za-z_][\w-]*)|\[(\*|[^\]]*)\]/g)].map(([, name, list]) =>
    name !== undefined
      ? [name]
      : list === '*'
        ? null
        : [...(list as string).matchAll(/'([^']*)'/g)].map(([, one]) => one as string),
  );
  if (
    at.length < steps.length ||
    !steps.every((names, n) => names === null || names.some((name) => selects(name, at[n] as string)))
  )
    return false;
  if (update === null) return true;
  let node: any = pruned(update, NAMED.has(String(at[steps.length - 1])));
  for (const key of at.slice(steps.length)) {
    // What is appended to a list stands behind what was there.
    if (Array.isArray(node)) return node.some((item) => isDeepStrictEqual(item, other));
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return false;
    node = node[key];
  }
  return isDeepStrictEqual(node, other);
}

/**
 * The published contract in facts (operations as a list, in one or several parts) as the structure of an OpenAPI
 * document. Parameters and headers that the facts share are written out where they are used.
 */
export function structureOfFacts(parts: readonly Node[]): Node {
  const [{ openapi, security }] = parts as [Node];
  const paths: Node = {};
  for (const part of parts) Object.assign(paths, pathsOfFacts(part, paths));
  const { parameters, headers, ...components } = Object.fromEntries(
    [...new Set(parts.flatMap((part) => Object.keys(part.components)))].map((kind) => [
      kind,
      Object.assign({}, ...parts.map((part) => part.components[kind])),
    ]),
  ) as Node;
  return structure({ openapi, security, paths, components });
}

function pathsOfFacts({ operations, components }: Node, known: Node): Node {
  const paths = known;
  const written = (one: Node) =>
    one.$ref === undefined
      ? one
      : one.$ref
          .slice(2)
          .split('/')
          .slice(1)
          .reduce((node: any, key: string) => node[key], components);
  for (const {
    method,
    path,
    operationId,
    tags,
    security: own,
    parameters: given,
    requestBody,
    responses,
  } of operations) {
    const parameters = given.map(written);
    const { required, contentType, schema } = requestBody ?? {};
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      operationId: operationId ?? undefined,
      tags,
      security: own,
      parameters: parameters.length === 0 ? undefined : parameters,
      requestBody: requestBody ? { required, content: { [contentType]: { schema } } } : undefined,
      responses: Object.fromEntries(
        Object.entries(responses as Node).map(([status, { contentType: type, schema: body, headers }]) => [
          status,
          {
            headers:
              Object.keys(headers ?? {}).length === 0
                ? undefined
                : Object.fromEntries(Object.entries(headers as Node).map(([name, one]) => [name, written(one)])),
            content: type === null ? undefined : { [type]: { schema: body } },
          },
        ]),
      ),
    };
  }
  return paths;
}
