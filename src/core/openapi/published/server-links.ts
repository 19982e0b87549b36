// Replaces the provider's address in the links of responses, so that a client that follows them stays at Understudy.
import { isNode, type Node, type Place, valueAt } from '../document-parts.ts';
import { below } from './listing.ts';
import { fieldsOf, type PageChange } from './paging.ts';

/**
 * Matches the absolute URLs of the servers of a document, of a path and of an operation, with each default and listed
 * value of their variables; null when there are none.
 *
 * @param operation place of the operation
 */
export function serverPattern(document: Node, operation: Place): RegExp | null {
  const urls = [document, valueAt(document, operation.slice(0, -1)), valueAt(document, operation)]
    .flatMap((node) => (isNode(node) && Array.isArray(node.servers) ? node.servers.filter(isNode) : []))
    .filter(({ url }) => /^https?:\/\//.test(String(url)))
    .map(urlPattern)
    // The server that says most about a URL comes first.
    .sort((one, other) => other.length - one.length);
  return urls.length === 0 ? null : new RegExp(`^(?:${urls.join('|')})(?=$|[/?#])`);
}

/** The source of a regular expression for a server's URL, without a slash at the end. */
function urlPattern({ url, variables }: Node): string {
  return String(url)
    .replace(/\/$/, '')
    .split(/(\{[^{}]*\})/)
    .map((part) => {
      const variable = isNode(variables) && part.startsWith('{') ? variables[part.slice(1, -1)] : undefined;
      if (!isNode(variable)) return literal(part);
      const values = [variable.default, ...(Array.isArray(variable.enum) ? variable.enum : [])];
      return `(?:${values.map((value) => literal(String(value))).join('|')})`;
    })
    .join('');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/**
 * Changes of a body: its links to the provider's servers, outside of lists, become links to this server (our choice).
 *
 * @param servers as `serverPattern` returns it
 * @param publicBase public base URL of the provider's mount, e.g. `http://127.0.0.1:4010/conductor`
 * @param base prefix of the provider's paths below its mount, e.g. `/v1`
 */
export function linkChanges(body: unknown, servers: RegExp | null, publicBase: string, base: string): PageChange[] {
  if (servers === null) return [];
  return fieldsOf(body).flatMap(({ path, value }) => {
    if (typeof value !== 'string' || !servers.test(value)) return [];
    return [{ path, values: [publicBase + base + below(base, value.replace(servers, ''))] }];
  });
}
