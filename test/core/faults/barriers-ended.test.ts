// Waits at barriers end in time, whatever happens: hang-ups, deleted barriers and sandboxes, resets, one connection.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ALICE, GONE, read, remove, server, unmet } from './barrier-server.ts';

t.test(
  'a client that hangs up while it waits leaves its side free, changes nothing, and spends no fault',
  async (t) => {
    const { ask, plan, waiting, barrier, url, entries, call, get } = await server(t);
    const id = await plan({ first: remove });
    const fault = { match: remove, mode: { times: 1 }, effect: { status: 503 } };
    await call('POST', '/__admin/faults', { json: fault });
    const leaving = new AbortController();
    const left = fetch(url + ALICE, {
      method: 'DELETE',
      headers: { authorization: 'Bearer sk_x' },
      signal: leaving.signal,
    });
    await waiting(1);
    leaving.abort();
    await t.rejects(left);
    await waiting(0);
    const [entry] = await entries();
    t.match(entry, { barrier: id, delivered: false, response: { status: 499, body: null } });
    t.match((await get('/__admin/faults')).faults, [{ hits: 0, spent: false }]);
    t.strictSame(await barrier(id), unmet(id));
    const both = await Promise.all([ask('DELETE', ALICE), ask('DELETE', ALICE)]);
    t.strictSame(both.map(({ status }) => status).sort(), [200, 503]);
  },
);

t.test('the second of a met pair that hangs up does not disturb the first', async (t) => {
  const { ask, plan, waiting, barrier, url } = await server(t);
  const id = await plan({ first: remove, second: read });
  const first = ask('DELETE', ALICE, { prefer: 'delay=200' });
  await waiting(1);
  const leaving = new AbortController();
  const left = fetch(url + ALICE, { headers: { authorization: 'Bearer sk_x' }, signal: leaving.signal });
  await waiting(2);
  leaving.abort();
  await t.rejects(left);
  t.equal((await first).status, 200);
  t.equal((await barrier(id)).state, 'met');
});

t.test('requests that wait go on at once when their barrier goes', async (t) => {
  const release: Record<string, (running: Awaited<ReturnType<typeof server>>, id: string) => Promise<unknown>> = {
    'it is removed': ({ call }, id) => call('DELETE', `/__admin/barriers/${id}`),
    'all are removed': ({ call }) => call('DELETE', '/__admin/barriers'),
    'the faults are reset': ({ call }) => call('POST', '/__admin/reset', { json: { scope: ['faults'] } }),
    'everything is reset': ({ call }) => call('POST', '/__admin/reset'),
    'the server closes': async ({ app }) => void app.close(),
  };
  for (const [when, act] of Object.entries(release)) {
    const running = await server(t);
    const id = await running.plan({ first: remove, timeoutMs: 60_000 });
    const pending = running.ask('DELETE', ALICE);
    await running.waiting(1);
    const began = performance.now();
    await act(running, id);
    const { status, body } = await pending;
    t.strictSame([status, JSON.parse(body)], [200, GONE], when);
    t.ok(performance.now() - began < 30_000, when);
  }
});

t.test('deleting a sandbox ends the requests that wait in it', async (t) => {
  const { ask, plan, call } = await server(t);
  await call('POST', '/__admin/sandboxes', { json: { name: 'short' } });
  await plan({ first: remove, timeoutMs: 60_000 }, 'short');
  const pending = ask('DELETE', ALICE, { 'x-understudy-sandbox': 'short' });
  const wait = { pattern: remove, timeoutMs: 30_000 };
  await call('POST', '/__admin/requests/wait?sandbox=short', { json: wait });
  await call('DELETE', '/__admin/sandboxes/short');
  const { status, body } = await pending;
  t.equal(status, 410);
  t.match(JSON.parse(body), { detail: 'Sandbox short was deleted while this request was in progress.' });
});

t.test('a reset of the rows and a restored snapshot leave barriers and waits', async (t) => {
  const { ask, plan, waiting, call, barrier } = await server(t);
  const id = await plan({ first: remove });
  await call('POST', '/__admin/snapshots', { json: { name: 'before' } });
  const one = ask('DELETE', ALICE);
  await waiting(1);
  await call('POST', '/__admin/reset', { json: { scope: ['state'] } });
  await call('POST', '/__admin/snapshots/before/restore');
  t.equal((await barrier(id)).state, 'waiting');
  const statuses = [(await ask('DELETE', ALICE)).status, (await one).status];
  t.strictSame(statuses, [404, 200]);
});

t.test('two requests of one connection do not meet: they run one after another', async (t) => {
  const { plan, barrier, url, entries } = await server(t);
  const id = await plan({ first: remove, timeoutMs: 50 });
  const bytes = `DELETE ${ALICE} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk_x\r\n\r\n`;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (data) => (received += data)).write(bytes + bytes);
  while ((received.match(/HTTP\/1\.1 /g) ?? []).length < 2) await sleep(10);
  socket.destroy();
  t.strictSame(
    [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ['200', '404'],
  );
  const [first] = await entries();
  t.strictSame((await barrier(id)).pairs, [{ state: 'timed-out', first: first.id, second: null }]);
});
