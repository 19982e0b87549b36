// The provider's own DELETE of a row: its path, the key it is sent with, and the same as a line for a shell.
import type { Resource, Row, Sandbox } from './answers.ts';

/** The path of the DELETE that removes a row; undefined where it goes only with its owner. */
export function removalPath({ removal }: Resource, row: Row): string | undefined {
  if (removal.of === 'owner') return undefined;
  return removal.path.replace(/\{(\w+)\}/g, (_, column: string) => encodeURIComponent(String(row[column])));
}

/** The resource whose row a DELETE removes, and the row's key as the path has it. */
export function removalTarget(
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

/** The key that may delete: whichever of a provider's keys is not one to publish. */
export function deletingKey({ providers }: Sandbox, provider: string): string {
  const { baseUrl, ...keys } = providers[provider] ?? {};
  const [, key = ''] = Object.entries(keys).find(([name]) => !/publishable/i.test(name)) ?? [];
  return key;
}

/** A DELETE as curl sends it. */
export function curlLine(url: string, key: string, dryRun: boolean): string {
  const parts = ['curl -i -X DELETE', quoted(url), '-H', quoted(`Authorization: Bearer ${key}`)];
  return [...parts, ...(dryRun ? ['-H', quoted('Prefer: dry-run')] : [])].join(' ');
}

/** Where a path of a provider is reached from outside: under the origin of its base URL. */
export function outsideUrl({ providers }: Sandbox, provider: string, path: string): string {
  return new URL(path, providers[provider]?.baseUrl).href;
}

function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
