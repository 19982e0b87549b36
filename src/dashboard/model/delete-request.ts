// Requests that delete or void: the row a path addresses, header encoding, and the request as a curl command.
import type { DeleteRequest, Resource, SandboxInfo } from '../../control/schemas.ts';

/** What is done to a row: its DELETE, or the void of a transaction. */
export type Verb = 'delete' | 'void';

/** A request to a provider that deletes or voids. */
export type ProviderRequest = Omit<DeleteRequest, 'method'> & { readonly method: 'DELETE' | 'POST' };

/** The request that voids the transaction which a DELETE deletes. */
export function voidRequest({ path, headers }: DeleteRequest): ProviderRequest {
  return { method: 'POST', path: `${path}/void`, headers };
}

/** The resource and key of the row that a DELETE with this path removes; undefined where there is none. */
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

/** The request, or a dry run of it, as a curl command for a shell. */
export function curlLine({ method, headers }: ProviderRequest, url: string, dryRun: boolean): string {
  const lines = Object.entries({ ...headers, ...(dryRun ? { Prefer: 'dry-run' } : {}) });
  return ['curl', '-i', '-X', method, url, ...lines.flatMap(([name, value]) => ['-H', `${name}: ${value}`])]
    .map(quoted)
    .join(' ');
}

/** A header value as `fetch` takes it: one character per UTF-8 byte. */
export function byteString(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** The absolute URL of a provider's path, on the origin of its base URL. */
export function publicUrl({ providers }: Pick<SandboxInfo, 'providers'>, provider: string, path: string): string {
  return new URL(path, providers[provider]?.baseUrl).href;
}

function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
