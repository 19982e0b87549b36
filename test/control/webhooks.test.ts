// /__admin/webhooks: list deliveries with their attempts, and redeliver.
import { createServer } from 'node:http';
import t, { type Test } from 'tap';
import { type TestServer, testServer } from '../harness.ts';

const key = { authorization: 'Bearer k' };
const webhooks = '/__admin/webhooks';

/** A receiver that accepts every delivery. */
async function receiver(t: Test) {
  const received: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      received.push(request.url as string);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as { port: number }).port}/hook` };
}

/** Creates a room with a webhook and joins it `times` times. */
async function visited({ call }: TestServer, url: string, times: number) {
  const made = await call('POST', '/pagecall/v1/rooms', {
    headers: key,
    json: { name: 'x', type: 'open', webhook: { url } },
  });
  const id = made.body.room.id;
  for (let count = 0; count < times; count++)
    await call('POST', `/__admin/pagecall/rooms/${id}/join`, { json: { user_id: 'user-42' } });
  return id;
}

/** The list once all deliveries have been sent. */
async function settled({ call }: TestServer) {
  for (let count = 0; count < 3000; count++) {
    const { body } = await call('GET', webhooks);
    if (body.webhooks.every(({ state }: { state: string }) => state !== 'waiting')) return body;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('still waiting');
}

t.test('deliveries are listed newest first and can be redelivered', async (t) => {
  const running = await testServer(t);
  const { call } = running;
  const { url, received } = await receiver(t);
  t.strictSame((await call('GET', webhooks)).body, { webhooks: [], meta: { total: 0 } });
  await visited(running, url, 3);
  const { webhooks: list, meta } = await settled(running);
  t.strictSame(meta, { total: 3 });
  t.match(list[0], {
    id: /^\w{16}$/,
    at: /Z$/,
    url,
    headers: { 'content-type': 'application/json' },
    body: { action: 'sessionJoined', payload: { sessionsCount: 3 } },
    state: 'delivered',
    attempts: [{ at: /Z$/, status: 200, durationMs: Number }],
  });
  t.strictSame(
    list.map(({ body }: { body: { payload: { sessionsCount: number } } }) => body.payload.sessionsCount),
    [3, 2, 1],
  );
  const [third, second, first] = list;
  const page = async (query: string) => (await call('GET', `${webhooks}?${query}`)).body;
  t.strictSame(await page('limit=1'), { webhooks: [third], meta: { total: 3 } });
  t.strictSame(await page(`since=${first.id}`), { webhooks: [third, second], meta: { total: 2 } });
  t.match(await page('since=0123456789abcdef'), { meta: { total: 3 } }, 'an unknown id counts as pruned');
  t.match(await page('since=2000-01-01T00:00:00Z'), { meta: { total: 3 } });
  t.match(await page('since=2100-01-01T00:00:00Z'), { meta: { total: 0 } });
  await call('POST', '/__admin/sandboxes', { json: { name: 'other' } });
  t.match(await page('sandbox=other'), { meta: { total: 0 } });
  t.match(await page('since=yesterday'), { status: 400, errors: [{ path: 'since' }] });
  t.match(await page('limit=0'), { status: 400, errors: [{ path: 'limit' }] });
  const again = await call('POST', `${webhooks}/${first.id}/redeliver`);
  t.match(again, { status: 200, body: { id: first.id, state: 'waiting' } });
  t.equal((await settled(running)).webhooks.at(-1).attempts.length, 2);
  t.equal(received.length, 4);
  t.match(await call('POST', `${webhooks}/nope/redeliver`), {
    status: 404,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: { detail: /no webhook delivery "nope"/ },
  });
});

t.test('with webhooks off, deliveries are recorded and not sent', async (t) => {
  const running = await testServer(t, { webhooks: false });
  const { url, received } = await receiver(t);
  await visited(running, url, 1);
  const { body } = await running.call('GET', webhooks);
  t.match(body.webhooks, [{ state: 'waiting', attempts: [] }]);
  const { id } = body.webhooks[0];
  t.match(await running.call('POST', `${webhooks}/${id}/redeliver`), { status: 200, body: { state: 'waiting' } });
  await new Promise((resolve) => setTimeout(resolve, 30));
  t.strictSame(received, []);
});

t.test('advancing the clock sends the deliveries that wait for a retry', async (t) => {
  // The delays are 250 and 1,000 ms; a machine that is slow now and then has several turns.
  let fastest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5 && fastest >= 1000; turn++) {
    const running = await testServer(t);
    await visited(running, 'http://127.0.0.1:1/closed', 1);
    const started = performance.now();
    await running.call('PUT', '/__admin/clock', { json: { action: 'advance', duration: 'PT1M' } });
    t.match((await settled(running)).webhooks, [{ state: 'failed', attempts: { length: 3 } }]);
    fastest = Math.min(fastest, performance.now() - started);
  }
  t.ok(fastest < 1000, 'without retry delays');
});
