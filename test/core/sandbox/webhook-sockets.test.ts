// Webhooks use a limited number of sockets, over all sandboxes and to each receiver, and a bounded queue.
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { SOCKET_LIMITS, WebhookSockets } from '../../../src/core/sandbox/webhook-sockets.ts';
import { Webhooks } from '../../../src/core/sandbox/webhooks.ts';
import { Authority } from '../../../src/core/tls/certificate-authority.ts';

/** Receivers that accept connections and never respond. */
async function silentReceivers(t: Test, number: number) {
  const open = new Set<Socket>();
  let most = 0;
  const servers = Array.from({ length: number }, () =>
    createServer((socket) => {
      open.add(socket);
      most = Math.max(most, open.size);
      socket
        .on('error', () => {})
        .on('close', () => open.delete(socket))
        .resume();
    }),
  );
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    for (const server of servers) server.close();
  });
  const urls = servers.map((server) => `http://127.0.0.1:${(server.address() as { port: number }).port}/`);
  return { urls, most: () => most, open: () => open.size };
}

function webhooks(t: Test, options: { timeout?: number; maxDeliveries?: number } = {}) {
  const made = new Webhooks({ now: () => '2030-01-01T00:00:00.000Z', retryDelays: [], timeout: 300, ...options });
  t.teardown(() => made.close());
  return {
    made,
    send: (url: string, key: string) => made.send({ key, url, headers: {}, body: {} }),
  };
}

t.test('600 receivers that never respond take a limited number of sockets, and time out', async (t) => {
  const { urls, most, open } = await silentReceivers(t, 600);
  const sandboxes = [webhooks(t, { timeout: 150 }), webhooks(t, { timeout: 150 })] as const;
  const deliveries = urls.map((url, n) => (n % 2 === 0 ? sandboxes[0] : sandboxes[1]).send(url, url));
  await Promise.all(sandboxes.map(({ made }) => made.flush()));
  // A receiver notices the end of a connection only after the next one has been opened.
  t.ok(most() <= 2 * SOCKET_LIMITS.total, `${most()} sockets at most`);
  t.ok(most() > SOCKET_LIMITS.total / 2);
  for (const { state, attempts } of deliveries) {
    if (state !== 'failed' || attempts.length !== 1) t.fail(`${state} after ${attempts.length}`);
    else if (!/timeout/.test(String(attempts[0]?.error))) t.fail(String(attempts[0]?.error));
  }
  for (let tries = 0; tries < 3000 && open() > 0; tries++) await sleep(10);
  t.equal(open(), 0, 'no socket stays open');
});

t.test('one receiver that does not respond does not hold up the others', async (t) => {
  const { urls, most } = await silentReceivers(t, 1);
  const [silent] = urls as [string];
  const { made, send } = webhooks(t, { timeout: 60_000 });
  for (let n = 0; n < 100; n++) send(silent, String(n));
  const refused = send('http://127.0.0.1:1/', 'refused');
  for (let tries = 0; tries < 3000 && refused.state === 'waiting'; tries++) await sleep(10);
  t.match(refused, { state: 'failed', attempts: [{ error: 'ECONNREFUSED' }] });
  for (let tries = 0; tries < 3000 && most() < SOCKET_LIMITS.perReceiver; tries++) await sleep(10);
  t.equal(most(), SOCKET_LIMITS.perReceiver);
  made.clear();
  t.notOk(made.busy);
});

t.test('a webhook is posted over HTTPS only to a receiver whose certificate is trusted', async (t) => {
  const { cert, key } = Authority.open(null).credentials('127.0.0.1');
  const received: [method: string | undefined, body: string][] = [];
  const server = createHttpsServer({ cert, key }, async (request, response) => {
    received.push([request.method, await text(request)]);
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  const url = `HTTPS://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { made, send } = webhooks(t, { timeout: 10_000 });
  const untrusted = send(url, 'untrusted');
  await made.flush();
  t.match(untrusted, { state: 'failed', attempts: [{ error: /^(SELF_SIGNED_CERT|UNABLE_TO)_/ }] });
  t.strictSame(received, []);
  const warnings = t.capture(process, 'emitWarning');
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  t.teardown(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  const trusted = send(url, 'trusted');
  await made.flush();
  t.match(trusted, { state: 'delivered', attempts: [{ status: 200 }] });
  t.strictSame(received, [['POST', '{}']]);
  t.equal(warnings().length, 1, 'Node warns that certificates are not checked');
});

t.test('beyond the queue’s limit a webhook fails at once, and says why', async (t) => {
  const { made, send } = webhooks(t, { timeout: 60_000, maxDeliveries: 2 });
  const { urls } = await silentReceivers(t, 1);
  const [silent] = urls as [string];
  const [, , third] = [send(silent, 'a'), send(silent, 'a'), send(silent, 'a')];
  t.match(third, {
    state: 'failed',
    attempts: [{ error: 'not sent: 2 webhooks of this sandbox are waiting for their receivers', durationMs: 0 }],
  });
  made.clear();
  t.equal(send(silent, 'a').state, 'waiting');
});

t.test('a waiting webhook that is stopped takes no socket', async (t) => {
  const sockets = new WebhookSockets({ total: 1, perReceiver: 1 });
  const stop = new AbortController();
  const release = await sockets.acquire('a', stop.signal);
  const second = sockets.acquire('b', stop.signal);
  stop.abort();
  (await second)();
  (await sockets.acquire('c', stop.signal))();
  release();
  const last = await sockets.acquire('d', new AbortController().signal);
  t.type(last, 'function', 'the socket is free again');
  last();
});
