// A standard fetch that leads to one server and nowhere else, whatever carries its requests.
import { Readable } from 'node:stream';

/** One request as it is carried. */
export interface Outgoing {
  /** Path and query on the server. */
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
}

/** Sends a request and gives its answer; it follows no redirect. Rejects as `fetch` does. */
export type Carrier = (request: Outgoing) => Promise<Response>;

/** What a fetch leads to. */
export interface Reach {
  /** Where URLs without a host begin. */
  readonly origin: string;
  /** Where the server is: beginnings of URLs without their scheme, and the path that each stands for. */
  readonly doors: ReadonlyMap<string, string>;
}

/** The server redirects with 302 what was a GET, and else with 303, which makes it one. */
const REDIRECTS = new Set([302, 303]);

/** Makes a `fetch` over a carrier. A URL that does not lead to the server is refused with a TypeError that says so. */
export function fetchOver(carry: Carrier, reach: Reach): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(typeof input === 'string' ? new URL(input, `${reach.origin}/`) : input, init);
    // The caller's own where there is one: a request's is deaf as soon as nobody holds the request.
    const signal = init?.signal ?? request.signal;
    const { method } = request;
    const headers = new Headers(request.headers);
    const body = await bytesOf(request, signal);
    const follow = async (url: URL, sent: Omit<Outgoing, 'path'>, redirected: boolean): Promise<Response> => {
      signal.throwIfAborted();
      const response = await carry({ ...sent, path: pathOf(url, reach) });
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null || request.redirect === 'manual') return described(response, url, redirected);
      if (request.redirect === 'error') throw failed(new Error('unexpected redirect'));
      headers.delete('content-type');
      return await follow(new URL(location, url), { headers, signal, method: 'GET', body: null }, true);
    };
    return await follow(new URL(request.url), { headers, signal, method, body }, false);
  };
}

/** Carries requests over the network, to the server at `url`. */
export function overSocket(url: string): Carrier {
  return ({ path, ...request }) => globalThis.fetch(url + path, { ...request, redirect: 'manual' });
}

/** The error of a fetch that got no answer. */
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

/** The path that a URL is on the server. */
function pathOf(url: URL, { origin, doors }: Reach): string {
  const place = url.host + url.pathname;
  for (const [door, path] of doors) {
    if (place === door || place.startsWith(`${door}/`)) return path + place.slice(door.length) + url.search;
  }
  throw new TypeError(`Understudy's fetch leads to ${origin} and stands in for the providers, not for ${url.origin}.`);
}

/** Says where an answer comes from, as the answers of a network do. */
function described(response: Response, url: URL, redirected: boolean): Response {
  const { href } = url;
  return Object.defineProperties(response, {
    url: { value: href.slice(0, href.length - url.hash.length) },
    redirected: { value: redirected },
  });
}
