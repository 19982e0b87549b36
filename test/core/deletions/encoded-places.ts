// The places of a text that an erasure check searches, each with the requests that put a text there.
import type { RequestOptions, TestServer } from '../../harness.ts';
import { KEYS } from './residues.ts';

type Call = TestServer['call'];

/** A place for a text. */
export interface TextPlace {
  readonly name: string;
  readonly include: 'state' | 'journal' | 'webhooks' | 'faults';
  /** The field of the residue. */
  readonly field: string;
  /** Only the characters of a URL may stand there. */
  readonly url: boolean;
  /** Puts the text there, in place of what was there before. */
  readonly put: (call: Call, text: string) => Promise<void>;
}

async function send(call: Call, method: string, url: string, request: RequestOptions = {}) {
  const { status, body } = await call(method, url, { headers: KEYS[url.split('/')[1] as string] ?? {}, ...request });
  if (status >= 300) throw new Error(`${method} ${url}: ${status} ${JSON.stringify(body)}`);
  return body;
}

async function user(call: Call, json: object): Promise<void> {
  await send(call, 'POST', '/__admin/reset', { json: { to: 'empty' } });
  await send(call, 'POST', '/pagecall/v1/users', { json: { user_id: 'someone', ...json } });
}

/** Sends a request to Pagecall whatever its response, as the only one in the journal. */
async function visit(call: Call, method: string, url: string, { headers = {}, ...rest }: RequestOptions = {}) {
  await send(call, 'DELETE', '/__admin/requests');
  await call(method, `/pagecall/v1${url}`, { headers: { ...KEYS.pagecall, ...headers }, ...rest });
}

async function webhook(call: Call, url: string, user_id: string): Promise<void> {
  await user(call, { user_id });
  const json = { type: 'open', name: 'x', webhook: { url, headers: {} } };
  const { room } = await send(call, 'POST', '/pagecall/v1/rooms', { json });
  await send(call, 'POST', `/__admin/pagecall/rooms/${room.id}/join`, { json: { user_id } });
}

async function fault(call: Call, rule: object): Promise<void> {
  await send(call, 'DELETE', '/__admin/faults');
  await send(call, 'POST', '/__admin/faults', { json: { effect: { status: 500 }, ...rule } });
}

async function redirect(call: Call, redirectUrl: string): Promise<void> {
  await send(call, 'POST', '/__admin/reset', { json: { to: 'empty' } });
  const endUser = { companyName: 'C', sourceId: 's', email: 'c@example.org' };
  const { id } = await send(call, 'POST', '/conductor/v1/end-users', { json: endUser });
  const json = { endUserId: id, publishableKey: 'pk_conductor_test', redirectUrl };
  await send(call, 'POST', '/conductor/v1/auth-sessions', { json });
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

type Row = [
  name: string,
  include: TextPlace['include'],
  field: string,
  url: 'url' | 'any',
  put: (call: Call, text: string) => Promise<void>,
];

const ROWS: readonly Row[] = [
  ['a column', 'state', 'profile_url', 'any', (call, text) => user(call, { profile_url: text })],
  ['a redirect URL', 'state', 'redirectUrl', 'url', (call, text) => redirect(call, `https://app.test/?to=${text}`)],
  ['a string in JSON', 'state', 'metadata.note[0]', 'any', (call, text) => user(call, { metadata: { note: [text] } })],
  ['a path', 'journal', 'request.url', 'url', (call, text) => visit(call, 'GET', `/users/${text}`)],
  ['a query', 'journal', 'request.url', 'url', (call, text) => visit(call, 'GET', `/rooms?to=${text}`)],
  [
    'a header',
    'journal',
    'request.headers.referer',
    'url',
    (call, text) => visit(call, 'GET', '/rooms', { headers: { referer: text } }),
  ],
  [
    'a JSON body',
    'journal',
    'request.body.type',
    'any',
    (call, text) => visit(call, 'POST', '/rooms', { json: { type: text } }),
  ],
  [
    'a form body',
    'journal',
    'request.body',
    'url',
    (call, text) => visit(call, 'POST', '/rooms', { headers: FORM, raw: `to=${text}&x=1` }),
  ],
  ["a webhook's URL", 'webhooks', 'url', 'url', (call, text) => webhook(call, `http://127.0.0.1:9/?to=${text}`, 'x')],
  [
    "a webhook's body",
    'webhooks',
    'body.payload.userId',
    'any',
    (call, text) => webhook(call, 'http://[::1]:9/', text),
  ],
  ["a fault rule's path", 'faults', 'match.path', 'url', (call, text) => fault(call, { match: { path: `/${text}` } })],
  [
    "a fault rule's body",
    'faults',
    'match.body.to',
    'any',
    (call, text) => fault(call, { match: { body: { to: text } } }),
  ],
  [
    "a fault rule's response",
    'faults',
    'effect.headers.x-for',
    'url',
    (call, text) => fault(call, { effect: { status: 500, headers: { 'x-for': text } } }),
  ],
];

export const TEXT_PLACES: readonly TextPlace[] = ROWS.map(([name, include, field, url, put]) => {
  return { name, include, field, url: url === 'url', put };
});
