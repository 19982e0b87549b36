// Paths of OpenAPI documents as routes: several parameters in a segment, text beside them, queries and wildcards.
import { routeKey } from './parameters.ts';

/** A path of a document as the router takes it. */
export interface PathPattern {
  /** In the router's syntax, without the query. */
  readonly url: string;
  /** The query that a path key such as `/items?beta=true` requires; a value of null means any. */
  readonly query: readonly (readonly [key: string, value: string | null])[];
  /** The names of its parameters in the router. */
  readonly names: readonly string[];
  /** Whole paths of it, whatever stands in the places of its parameters. */
  readonly expression: RegExp;
}

/** Reads a path, which may end in a query, or in a fragment that stands for one. */
export function pathPattern(path: string): PathPattern {
  const parts = /^((?:\{[^{}]*\}|[^?#])*)[?#]?(.*)$/s.exec(path) as RegExpExecArray;
  const [, location, queryText] = parts as unknown as [string, string, string];
  const query = queryText
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', value] = pair.split(/=(.*)/s);
      return [decoded(key), value === undefined || /^\{.*\}$/.test(value) ? null : decoded(value)] as const;
    });
  const pieces = location.split(/(\/)/);
  const names: string[] = [];
  const urls = pieces.map((segment, n) => {
    if (segment === '*' && n === pieces.length - 1) return '*';
    const parts = partsOf(segment);
    const alone = parts.length === 1;
    return parts
      .map((part) => {
        if (part.text !== null) return part.text.replaceAll(':', '::').replaceAll('%', '%25');
        const name = routeKey('path', part.name ?? `wildcard_${names.length}`);
        names.push(name);
        return `:${name}${alone ? '' : '(.+?)'}`;
      })
      .join('');
  });
  const whole = pieces.map((segment, n) =>
    segment === '*' && n === pieces.length - 1
      ? '.*'
      : partsOf(segment)
          .map(({ text }) => (text === null ? '[^/]+' : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
          .join(''),
  );
  return { url: urls.join(''), query, names, expression: new RegExp(`^${whole.join('')}$`) };
}

/** Whether a query has what a path requires. */
export function hasQuery(required: PathPattern['query'], query: Readonly<Record<string, unknown>>): boolean {
  return required.every(([key, value]) => {
    const arrived = query[key];
    return arrived !== undefined && (value === null || [arrived].flat().includes(value));
  });
}

/** A segment's texts and parameters; a `*` is a parameter without a name. */
function partsOf(segment: string): { readonly text: string | null; readonly name: string | null }[] {
  return [...segment.matchAll(/\{([^{}]*)\}|(\*)|((?:(?!\{[^{}]*\})[^*])+)/gs)].map(([, name, star, text]) => ({
    text: text ?? null,
    // `{+name}` and `{name*}` are RFC 6570's forms of a name.
    name: star === undefined ? (name?.replace(/^\+|\*$/g, '') ?? null) : null,
  }));
}

function decoded(text: string): string {
  return new URLSearchParams(`a=${text}`).get('a') as string;
}
