// The provider's own DELETE of a row: whose it is, how its headers are written, and the same as a line for a shell.
import type { Removal, Resource, Sandbox } from './answers.ts';

/** The resource whose row a DELETE removes, and the row's key as the path has it. */
export function deletableRow(
  resources: readonly Resource[],
  path: string,
): { readonly resource: Resource; readonly id: string } | undefined {
  for (const resource of resources) {
    if (resource.removal.of === 'owner') continue;
    const [before = '', after = ''] = resource.removal.path.split(/\{\w+\}/);
    if (path.length <= before.length + after.length || !path.startsWith(before) || !path.endsWith(after)) continue;
    const id = path.slice(before.length, path.length - after.length);
    if (!id.includes('/')) return { resource, id: decodeURIComponent(id) };
  }
  return undefined;
}

/** A call as curl sends it, rehearsed or for real. */
export function curlLine({ method, headers }: Removal, url: string, dryRun: boolean): string {
  const lines = Object.entries({ ...headers, ...(dryRun ? { Prefer: 'dry-run' } : {}) });
  return ['curl', '-i', '-X', method, url, ...lines.flatMap(([name, value]) => ['-H', `${name}: ${value}`])]
    .map(quoted)
    .join(' ');
}

/** A header's value as `fetch` takes it: a character for each of its bytes in UTF-8. */
export function byteString(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** Where a path of a provider is reached from outside: under the origin of its base URL. */
export function publicUrl({ providers }: Sandbox, provider: string, path: string): string {
  return new URL(path, providers[provider]?.baseUrl).href;
}

function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
