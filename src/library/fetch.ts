// A standard `fetch` that reaches one server only, over a socket or in process.
import { Readable } from 'node:stream';

/** A request as it is sent. */
export interface Outgoing {
  /** Path and query on the server. */
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
}

/** Sends a request and resolves to its response, without following redirects. Rejects as `fetch` does. */
export type Transport = (request: Outgoing) => Promise<Response>;

/** The server a fetch reaches. */
export interface Target {
  /** The base of URLs without a host. */
  readonly origin: string;
  /** URL prefixes that belong to the server, without their scheme, and the path each one maps to. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/** The server redirects a GET with 302, and anything else with 303, which turns it into a GET. */
const REDIRECTS = new Set([302, 303]);

/** Makes a `fetch` over a transport. It rejects a URL of another server with a TypeError that says so. */
export function fetchOver(send: Transport, target: Target): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(typeof input === 'string' ? new URL(input, `${target.origin}/`) : input, init);
    // The caller's own signal where there is one: a Request's follows it only until the Request is garbage-collected.
    const signal = init?.signal ?? request.signal;
    const { method } = request;
    const headers = new Headers(request.headers);
    const body = await bytesOf(request, signal);
    const follow = async (url: URL, sent: Omit<Outgoing, 'path'>, redirected: boolean): Promise<Response> => {
      signal.throwIfAborted();
      const response = await send({ ...sent, path: pathOf(url, target) });
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null || request.redirect === 'manual') return withUrl(response, url, redirected);
      if (request.redirect === 'error') throw failed(new Error('unexpected redirect'));
      headers.delete('content-type');
      return await follow(new URL(location, url), { headers, signal, method: 'GET', body: null }, true);
    };
    return await follow(new URL(request.url), { headers, signal, method, body }, false);
  };
}

/** Sends requests over the network to the server at `url`. */
export function overSocket(url: string): Transport {
  return ({ path, ...request }) => globalThis.fetch(url + path, { ...request, redirect: 'manual' });
}

/** The error of a fetch without a response. */
export function failed(cause: Error): TypeError {
  return new TypeError('fetch failed', { cause });
}

async function bytesOf({ body }: Request, signal: AbortSignal): Promise<Buffer | null> {
  if (body === null) return null;
  try {
    return Buffer.concat(await Readable.fromWeb(body, { signal }).toArray());
  } catch (error) {
    signal.throwIfAborted();
    throw failed(error as Error);
  }
}

/** The path on the server that a URL maps to. */
function pathOf(url: URL, { origin, prefixes }: Target): string {
  const address = url.host + url.pathname;
  for (const [prefix, path] of prefixes) {
    if (address === prefix || address.startsWith(`${prefix}/`)) return path + address.slice(prefix.length) + url.search;
  }
  throw new TypeError(`This fetch reaches ${origin} and the providers it stands in for, not ${url.origin}.`);
}

/** Sets `url` and `redirected` on a response and its clones, as on those from the network. */
function withUrl(response: Response, url: URL, redirected: boolean): Response {
  const { href } = url;
  return Object.defineProperties(response, {
    url: { value: href.slice(0, href.length - url.hash.length) },
    redirected: { value: redirected },
    clone: { value: () => withUrl(Response.prototype.clone.call(response), url, redirected) },
  });
}
