// Leads links of responses to this server instead of the published one, so that a client that follows them stays here.
import { isNode, type Node } from '../document-parts.ts';
import { below } from './listing.ts';
import { fieldsOf, type PageChange } from './paging.ts';

/** The absolute URLs of a document's servers, with the defaults of their variables and without a slash at the end. */
export function serverUrls(document: Node): string[] {
  const servers = Array.isArray(document.servers) ? document.servers.filter(isNode) : [];
  return servers
    .map(({ url, variables }) =>
      String(url)
        .replace(/\{([^{}]*)\}/g, (written, name: string) => {
          const variable = isNode(variables) ? variables[name] : undefined;
          return isNode(variable) ? String(variable.default) : written;
        })
        .replace(/\/$/, ''),
    )
    .filter((url) => /^https?:\/\//.test(url))
    .sort((one, other) => other.length - one.length);
}

/**
 * The links of a body, outside of lists, that lead to one of the servers, led to this one (our choice).
 *
 * @param servers as `serverUrls` returns them
 * @param publicBase public base URL of the provider's mount, e.g. `http://127.0.0.1:4010/conductor`
 * @param base prefix of the provider's paths below its mount, e.g. `/v1`
 */
export function ownLinks(body: unknown, servers: readonly string[], publicBase: string, base: string): PageChange[] {
  if (servers.length === 0) return [];
  return fieldsOf(body).flatMap(({ path, value }) => {
    if (typeof value !== 'string') return [];
    const server = servers.find((url) => value.startsWith(url) && /^(?:$|[/?#])/.test(value.slice(url.length)));
    return server === undefined
      ? []
      : [{ path, values: [publicBase + base + below(base, value.slice(server.length))] }];
  });
}
