// The requests of a race: the call as the journal has it, to be sent again, and its rival.
import type { JournalEntry } from '../control/schemas.ts';
import { REDACTED } from '../core/journal/journal-entry.ts';
import { CLIENT_HEADER } from '../core/journal/request-digest.ts';
import { JSON_TYPE } from '../core/problem.ts';
import type { ControlPlane } from '../library/control-plane.ts';
import type { Providers } from '../library/providers.ts';
import type { Sandbox } from '../library/sandbox.ts';
import { PROVIDERS } from '../providers/index.ts';
import type { Call } from './calls.ts';
import type { Rival } from './rivals.ts';

/** The name of the other client in `X-Understudy-Client`. */
export const RIVAL = 'rival';
/** Headers that belong to a connection, or to the body as it was sent. */
const NOT_COPIED = new Set([
  ...['accept-encoding', 'connection', 'content-encoding', 'content-length', 'expect', 'host', 'keep-alive'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/** A request as it is sent again. */
export interface Copied {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The request without its key, and without what belongs to its connection. */
export function copyOf({ request: { method, url, headers, body } }: JournalEntry): Copied {
  const kept = Object.entries(headers).filter(([name, value]) => value !== REDACTED && !NOT_COPIED.has(name));
  return {
    method,
    url,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    body: body === null || typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** The request of the other client at the same time as a call. */
export function requestOf(copy: Copied, { provider }: Call, rival: Rival): Copied {
  const headers = { ...copy.headers, [CLIENT_HEADER]: RIVAL };
  if (rival.same) return { ...copy, headers };
  const mount = PROVIDERS.find(({ name }) => name === provider)?.mount as string;
  const steps = (copy.url.split('?', 1)[0] as string).slice(mount.length).split('/');
  const path = rival.path.split('/').map((step, n) => (step === '*' ? steps[n] : encodeURIComponent(step)));
  return {
    method: rival.method,
    url: mount + path.join('/'),
    headers: { ...headers, 'content-type': JSON_TYPE },
    body: rival.body === null ? null : JSON.stringify(rival.body),
  };
}

/** Sends a request to a sandbox, with its key; resolves to the status of the response. */
export async function send(
  control: ControlPlane,
  sandbox: Sandbox,
  { provider }: Call,
  request: Copied,
): Promise<number> {
  const access = sandbox[provider as keyof Providers];
  const key = 'secretKey' in access ? access.secretKey : access.apiKey;
  const { method, url, headers, body } = request;
  const response = await control.send(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${key}` },
    body,
  });
  await response.text();
  return response.status;
}
