// Where one is on the page, and how the address says so: a reload or a shared link leads back sandboxQuery.

export const PANELS = ['overview', 'rows', 'journal', 'faults', 'erasure', 'snapshots'] as const;
export type Panel = (typeof PANELS)[number];

/** A route on the page. */
export interface Route {
  readonly sandbox: string;
  readonly panel: Panel;
  /** What of the panel is shown: provider and resource, or the id of a request. */
  readonly rest: readonly string[];
}

export const DEFAULT_SANDBOX = 'default';

/** The route an address means; what it does not say is the default sandbox and the overview. */
export function parseRoute(search: string, hash: string): Route {
  const [first = '', ...rest] = hash.replace(/^#/, '').split('/').map(decoded);
  const panel = PANELS.find((name) => name === first);
  const sandbox = new URLSearchParams(search).get('sandbox');
  return {
    sandbox: sandbox === null || sandbox === '' ? DEFAULT_SANDBOX : sandbox,
    panel: panel ?? 'overview',
    rest: panel === undefined ? [] : rest,
  };
}

/** The part of an address that names a route within a sandbox. */
export function routeHash(panel: Panel, ...rest: readonly string[]): string {
  return `#${[panel, ...rest.map(encodeURIComponent)].join('/')}`;
}

/** The query that names a sandbox; none for the default one. */
export function sandboxSearch(sandbox: string): string {
  return sandbox === DEFAULT_SANDBOX ? '' : `?sandbox=${encodeURIComponent(sandbox)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
