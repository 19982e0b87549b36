// What to do about a request that no operation of its provider takes, in one sentence.
import { pathPattern } from '../openapi/path-pattern.ts';
import type { Provider } from '../provider/provider.ts';

/** The sentence for a path that is not there, or has not this method. `url` may carry a query. */
export function routeHint(
  { name, title, mount, base, operations, published }: Provider,
  { method, url }: { readonly method: string; readonly url: string },
): string {
  const asked = url.split('?', 1)[0] as string;
  const methodsOf = (path: string) =>
    operations.filter((one) => pathPattern(mount + base + one.path).expression.test(path)).map((one) => one.method);
  const others = methodsOf(asked).filter((one) => one !== method);
  if (others.length > 0) return `This path takes ${others.join(', ')}.`;
  if (asked.endsWith('/') && methodsOf(asked.slice(0, -1)).length > 0) return 'Leave out the slash at the end.';
  if (base !== '' && methodsOf(asked.replace(mount, mount + base)).length > 0)
    return `The API is below ${mount}${base}.`;
  return published === undefined
    ? `${operations.length} operations of ${title} are built in; to have the others too, start Understudy with its OpenAPI document: --contract ${name}=<file>.`
    : `Neither Understudy nor the document given with --contract ${name}=<file> has it.`;
}
