// Routes: the sandbox and panel shown, encoded in the URL so that reloads and shared links lead back.

export const PANELS = ['overview', 'rows', 'books', 'journal', 'faults', 'erasure', 'snapshots'] as const;
export type Panel = (typeof PANELS)[number];

/** What the page shows. */
export interface Route {
  readonly sandbox: string;
  readonly panel: Panel;
  /** What the panel shows: provider and resource, an end-user's company file and a place in it, or the id of a request. */
  readonly rest: readonly string[];
}

export const DEFAULT_SANDBOX = 'default';

/** The route of a URL; the default sandbox and the overview where it has none. */
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

/** The URL hash of a panel. */
export function routeHash(panel: Panel, ...rest: readonly string[]): string {
  return `#${[panel, ...rest.map(encodeURIComponent)].join('/')}`;
}

/** The URL query of a sandbox; empty for the default one. */
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
