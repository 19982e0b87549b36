// A DELETE of very many rows runs in slices, and in everything that can be seen it is the DELETE in one statement.
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { listening, type TestServer } from '../../harness.ts';
import { shortOrLong } from '../../seeds.ts';
import { CONDUCTOR } from './deletions.ts';
import { LARGE_CASES, type LargeCase, padding } from './large-cases.ts';

type Server = TestServer & { url: string };

/** Reads the event stream; the result returns the text of the events up to the deletion. */
async function follow({ url }: Server): Promise<() => Promise<string>> {
  const stop = new AbortController();
  const response = await fetch(`${url}/__admin/events`, { signal: stop.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  return async () => {
    let text = '';
    while (!/event: deletion\n.*\n\n/.test(text)) text += new TextDecoder().decode((await reader.read()).value);
    stop.abort();
    return text;
  };
}

/**
 * Sends the DELETE, a request to the sandbox right behind it, and requests to the server until that one is answered;
 * returns how many were served meanwhile.
 */
async function beside({ call }: Server, { url, headers }: LargeCase, dry: boolean) {
  const deletion = call('DELETE', url, { headers: { ...headers, ...(dry ? { prefer: 'dry-run' } : {}) } });
  await setImmediate();
  let waits = true;
  const behind = call('GET', '/conductor/v1/end-users/nobody', { headers: CONDUCTOR }).finally(() => {
    waits = false;
  });
  let served = 0;
  for (; waits; served++) {
    await call('GET', '/__admin/health');
    await setImmediate();
  }
  await behind;
  return { response: await deletion, served };
}

/** All that can be seen of a deletion, with random ids replaced. */
async function seenOf(t: Test, one: LargeCase, how: { large: boolean; dry: boolean; data: boolean }) {
  const server = await listening(t, { webhooks: false, ...(how.data ? { data: t.testdir({ data: {} }) } : {}) });
  const admin = async (method: string, path: string, json?: object) => {
    const { status, body } = await server.call(method, `/__admin/${path}`, json === undefined ? {} : { json });
    t.ok(status < 300, `${method} ${path}: ${status}`);
    return body;
  };
  await admin('PUT', 'clock', { action: 'freeze', instant: '2025-06-01T10:00:00.000Z' });
  await admin('PUT', 'state', one.state);
  await admin('POST', 'state', padding(one.provider, how.large));
  const rows = () => admin('GET', `state?provider=${one.provider}`);
  const before = await rows();
  const events = await follow(server);
  const { response, served } = await beside(server, one, how.dry);
  const id = String(response.headers['x-understudy-request']);
  const { deletions } = await admin('GET', 'deletions');
  const after = await rows();
  const seen = {
    response,
    after,
    deletions,
    entry: await admin('GET', `requests/${id}`),
    webhooks: await admin('GET', 'webhooks'),
    erasure: await admin('POST', 'erasure-checks', {
      subjects: [one.provider === 'pagecall' && !how.dry ? 'p-0-0' : 'one'],
      include: ['state', 'journal'],
    }),
    events: (await events()).split('\n\n').filter((event) => event.includes(id)),
  };
  // SQLite cascades again, and the ledger goes on.
  const end = '/conductor/v1/end-users/';
  const created = await server.call('POST', end.slice(0, -1), {
    headers: CONDUCTOR,
    json: { companyName: 'A', email: 'a@example.com', sourceId: 'next' },
  });
  await admin('POST', 'state', {
    conductor: {
      integrationConnections: [
        {
          id: 'int_conn_next',
          endUserId: created.body.id,
          createdAt: '2024-01-01T00:00:00.000Z',
          integrationSlug: 'quickbooks_desktop',
        },
      ],
    },
  });
  await server.call('DELETE', end + created.body.id, { headers: CONDUCTOR });
  const next = (await admin('GET', 'deletions?limit=1')).deletions[0].counts;
  const texts = [id, String(response.headers['x-request-id'] ?? response.headers['conductor-request-id'])];
  const text = texts.reduce((text, random) => text.replaceAll(random, 'ID'), JSON.stringify(seen));
  return { before, after, served, deletions, next, seen: JSON.parse(withoutTimes(text)) };
}

/** Without real times and the ids of webhook deliveries. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/(\\?"durationMs\\?"):[\d.]+/g, '$1:0')
    .replaceAll(/"id":"[0-9a-z]{16}"/g, '"id":"ID"')
    .replaceAll(/"date":"[^"]*"/g, '"date":""');
}

/** Each case in each way; the short tests take three. */
const WAYS = shortOrLong(
  [
    { name: 'users_delete', dry: false, data: false },
    { name: 'DeleteUser', dry: true, data: false },
    { name: 'deleteRoom', dry: false, data: true },
  ],
  [false, true].flatMap((data) =>
    [false, true].flatMap((dry) => Object.keys(LARGE_CASES).map((name) => ({ name, dry, data }))),
  ),
);

for (const { name, dry, data } of WAYS) {
  t.test(`${name}, ${dry ? 'dry run' : 'for real'}, ${data ? 'with --data' : 'in memory'}`, async (t) => {
    const one = LARGE_CASES[name] as LargeCase;
    const whole = await seenOf(t, one, { large: false, dry, data });
    const sliced = await seenOf(t, one, { large: true, dry, data });
    t.ok(whole.served < 4, `in one statement: ${whole.served}`);
    t.ok(sliced.served > 4, `in slices: ${sliced.served} requests were served meanwhile`);
    for (const [part, value] of Object.entries(whole.seen))
      t.equal(JSON.stringify(sliced.seen[part]), JSON.stringify(value), part);
    const [{ counts, detached, truncated }] = sliced.deletions;
    const sum = Object.values<number>(counts).reduce((sum, rows) => sum + rows, 0);
    t.strictSame([sum, detached.length, truncated], [...one.rows, undefined]);
    const [before, after] = [sliced.before, sliced.after].map((state) => JSON.stringify(state));
    t.equal(after === before, dry, 'a dry run changes nothing');
    t.strictSame(sliced.next, { endUsers: 1, integrationConnections: 1 });
  });
}
