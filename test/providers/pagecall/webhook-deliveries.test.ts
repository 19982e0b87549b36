// Webhook deliveries: attempts, retry delays, redelivery and cancellation.
import t, { type Test } from 'tap';
import type { Delivery } from '../../../src/core/sandbox/webhook-delivery.ts';
import { Webhooks } from '../../../src/core/sandbox/webhooks.ts';
import { at } from './moving-clock.ts';
import { receiver } from './webhook-receiver.ts';

/** Webhooks without retry delays, and the delivery of one message. */
function deliveries(t: Test, options: { retryDelays?: number[]; timeout?: number; maxDeliveries?: number } = {}) {
  const webhooks = new Webhooks({ now: () => at(0), retryDelays: [0, 0], ...options });
  t.teardown(() => webhooks.close());
  return {
    webhooks,
    send: (url: string, n = 0, key = 'room') => webhooks.send({ key, url, headers: { a: 'b' }, body: { n } }),
  };
}

/** Resolves once the first attempt of a delivery is over. */
async function tried(delivery: Delivery): Promise<void> {
  while (delivery.attempts.length === 0) await new Promise(setImmediate);
}

t.test('a delivery is attempted three times, and every attempt is recorded', async (t) => {
  const { url, hits } = await receiver(t, [500, 302, 204, 404]);
  const { webhooks, send } = deliveries(t);
  const good = send(url, 1);
  const bad = send(url, 2);
  t.equal(good.state, 'waiting', 'delivery is asynchronous');
  await webhooks.flush();
  const tries = (statuses: number[]) => statuses.map((status) => ({ at: at(0), status, durationMs: Number }));
  t.match(good, {
    id: /^\w{16}$/,
    at: at(0),
    url,
    headers: { a: 'b', 'content-type': 'application/json' },
    body: { n: 1 },
    state: 'delivered',
    attempts: tries([500, 302, 204]),
  });
  t.match(bad, { state: 'failed', attempts: tries([404, 404, 404]) });
  t.equal(good.attempts.length + bad.attempts.length, 6);
  t.strictSame(
    hits.map(({ body }) => body),
    [1, 1, 1, 2, 2, 2].map((n) => ({ n })),
    'in sequence; a redirect is not followed',
  );
  t.strictSame(webhooks.list(), [good, bad]);
});

t.test('unreachable and silent receivers and invalid URLs fail with an error', async (t) => {
  const { url, until } = await receiver(t, [0]);
  const { webhooks, send } = deliveries(t, { retryDelays: [], timeout: 30 });
  const silent = send(url, 1, 'silent');
  await until(1);
  const closed = send('http://127.0.0.1:1/', 2, 'closed');
  const noUrl = send('receiver', 3, 'no URL');
  const unsendable = webhooks.send({ key: 'bad', url, headers: { 'bad name': 'x' }, body: null });
  await webhooks.flush();
  t.match(
    [silent, closed, noUrl, unsendable].map(({ state, attempts: [attempt] }) => [state, attempt?.error]),
    [
      ['failed', /timeout/],
      ['failed', 'ECONNREFUSED'],
      ['failed', 'Invalid URL'],
      ['failed', /Header name/],
    ],
  );
});

t.test('moving the clock ends retry delays', async (t) => {
  const { url } = await receiver(t, [500, 500, 200]);
  const { webhooks, send } = deliveries(t, { retryDelays: [3_600_000, 3_600_000] });
  const delivery = send(url);
  await tried(delivery);
  await webhooks.flush();
  t.match(delivery, { state: 'delivered', attempts: [{ status: 500 }, { status: 500 }, { status: 200 }] });
});

t.test('a delivery can be redelivered', async (t) => {
  const { url, hits, until } = await receiver(t, [400, 400, 400, 200]);
  const { webhooks, send } = deliveries(t);
  const delivery = send(url);
  t.equal(webhooks.redeliver(delivery.id), delivery);
  await webhooks.flush();
  t.match(delivery, { state: 'failed' });
  t.equal(hits.length, 3, 'not while it is waiting');
  t.equal(webhooks.redeliver(delivery.id)?.state, 'waiting');
  await until(4);
  await webhooks.flush();
  t.match(delivery, { state: 'delivered' });
  t.equal(delivery.attempts.length, 4);
  t.equal(webhooks.redeliver('unknown'), undefined);
});

t.test('with webhooks off, deliveries are recorded and not sent', async (t) => {
  const { url, hits } = await receiver(t);
  const { webhooks, send } = deliveries(t, { maxDeliveries: 2 });
  webhooks.enabled = false;
  const [, second, third] = [send(url, 1), send(url, 2), send(url, 3)];
  webhooks.redeliver(second.id);
  await webhooks.flush();
  t.strictSame(webhooks.list(), [second, third], 'the newest deliveries are kept');
  t.match(second, { state: 'waiting', attempts: [] });
  t.equal(hits.length, 0);
  webhooks.enabled = true;
  webhooks.redeliver(third.id);
  await webhooks.flush();
  t.match(third, { state: 'delivered' });
});

t.test('clearing and closing cancel waiting and running deliveries', async (t) => {
  const { url, hits, until } = await receiver(t, [500, 0]);
  const { webhooks, send } = deliveries(t, { retryDelays: [3_600_000] });
  const pausing = send(url, 1);
  await tried(pausing);
  const behind = send(url, 2);
  webhooks.clear();
  t.strictSame(webhooks.list(), []);
  const silent = send(url, 3);
  const after = send(url, 4);
  await until(2);
  webhooks.close();
  await webhooks.flush();
  await new Promise(setImmediate);
  t.equal(hits.length, 2);
  t.strictSame(
    [pausing, behind, silent, after].map(({ state }) => state),
    ['waiting', 'waiting', 'waiting', 'waiting'],
  );
  t.strictSame(webhooks.list(), [silent, after], 'recorded deliveries can still be read');
});
