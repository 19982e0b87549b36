// Pipelined requests run in the order they were sent, and what counts as delivered is what the connection took.
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Turn } from '../../../src/core/http/connection-order.ts';
import { Sandbox } from '../../../src/core/sandbox/sandbox.ts';
import { listening } from '../../harness.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';
const key = { authorization: 'Bearer sk_x' };

/** A request as bytes. */
function bytes(method: string, path: string, { prefer = '', body = '' } = {}): string {
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk_x\r\n`;
  const content = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  return `${head}${prefer === '' ? '' : `prefer: ${prefer}\r\n`}${content}\r\n${body}`;
}

async function server(t: Test) {
  const running = await listening(t);
  const { call, url } = running;
  return {
    ...running,
    /** Sends bytes over a connection of its own. */
    send(...requests: string[]): Socket & { received: string } {
      const socket = Object.assign(connect(Number(new URL(url).port), '127.0.0.1'), { received: '' });
      socket.on('error', () => {}).on('data', (data) => (socket.received += data.toString('latin1')));
      socket.write(requests.join(''));
      t.teardown(() => socket.destroy());
      return socket;
    },
    there: async () => (await call('GET', ALICE, { headers: key })).status === 200,
    requests: async () => (await call('GET', '/__admin/requests')).body.requests.reverse(),
    receipts: async () => (await call('GET', '/__admin/deletions')).body.deletions,
  };
}

/** Waits until a condition is true; a busy machine may take seconds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(10)) {
    if (await condition()) return true;
  }
  return false;
}

const statuses = (received: string) => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

t.test('a DELETE does not overtake the delayed GET before it', async (t) => {
  const { send, there } = await server(t);
  const socket = send(bytes('GET', ALICE, { prefer: 'delay=100' }), bytes('DELETE', ALICE), bytes('GET', ALICE));
  t.ok(await until(() => statuses(socket.received).length === 3));
  t.strictSame(statuses(socket.received), [200, 200, 404]);
  t.notOk(await there());
});

t.test('a DELETE does not overtake the POST before it, whose body arrives later', async (t) => {
  const { send } = await server(t);
  const socket = send(
    bytes('POST', '/pagecall/v1/users', { body: '{"user_id":"ann"}' }),
    bytes('DELETE', '/pagecall/v1/users/ann'),
  );
  t.ok(await until(() => statuses(socket.received).length === 2));
  t.strictSame(statuses(socket.received), [200, 200]);
});

for (const fault of ['reset', 'empty', 'malformed', 'truncated', 'hang']) {
  t.test(`a DELETE behind fault=${fault} is never processed`, async (t) => {
    const { send, there, requests, receipts } = await server(t);
    const socket = send(bytes('GET', ALICE, { prefer: `fault=${fault}` }), bytes('DELETE', ALICE));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    if (fault === 'hang') {
      t.ok(await until(async () => (await requests()).length > 0));
      socket.destroy();
    }
    await closed;
    await sleep(20);
    t.ok(await there());
    t.strictSame(await receipts(), []);
    const [first, ...others] = await requests();
    t.match(first, { operation: 'endUsers.retrieve', delivered: false });
    t.strictSame(
      others.filter(({ operation }: any) => operation === 'endUsers.delete'),
      [],
      'the server has not read the second request',
    );
  });
}

t.test('a delayed DELETE behind a delayed GET is not done when its client has left', async (t) => {
  const { send, there, receipts } = await server(t);
  const socket = send(bytes('GET', ALICE, { prefer: 'delay=80' }), bytes('DELETE', ALICE, { prefer: 'delay=80' }));
  await sleep(120);
  socket.destroy();
  await sleep(120);
  t.ok(await there());
  t.strictSame(await receipts(), []);
});

t.test('a truncated response does not overtake a slower one before it', async (t) => {
  const { send } = await server(t);
  const socket = send(
    bytes('GET', ALICE, { prefer: 'delay=80' }),
    bytes('GET', '/pagecall/v1/users', { prefer: 'fault=truncated' }),
  );
  await new Promise((resolve) => socket.once('close', resolve));
  t.match(socket.received, /^HTTP\/1\.1 200 OK\r\n[\s\S]*end_usr_alice[\s\S]*HTTP\/1\.1 200 OK\r\n[^{]*\r\n\r\n\{$/);
});

t.test('a truncated response waits for one that is ready but not sent', async (t) => {
  const { send } = await server(t);
  const socket = send(bytes('GET', ALICE), bytes('GET', ALICE, { prefer: 'fault=truncated' }));
  await new Promise((resolve) => socket.once('close', resolve));
  t.strictSame(statuses(socket.received), [200, 200]);
  t.match(socket.received, /content-length: 3\r\n\r\n\{$/);
});

for (const [when, milliseconds] of [
  ['before the wait begins', 15],
  ['during the wait', 120],
] as const) {
  t.test(`a wait behind another request ends when its client leaves ${when}`, async (t) => {
    const { send } = await server(t);
    const { hold } = Sandbox.prototype;
    t.teardown(() => {
      Sandbox.prototype.hold = hold;
    });
    let held = 0;
    Sandbox.prototype.hold = function counted() {
      const release = hold.call(this);
      held += 1;
      return () => {
        held -= 1;
        release();
      };
    };
    const wait = JSON.stringify({ pattern: { operation: 'endUsers.delete' }, timeoutMs: 60_000 });
    const socket = send(
      bytes('GET', ALICE, { prefer: 'delay=60' }),
      bytes('POST', '/__admin/requests/wait', { body: wait }),
    );
    t.ok(await until(() => held > 0));
    await sleep(milliseconds);
    socket.destroy();
    t.ok(await until(() => held === 0));
  });
}

t.test('waits behind a wait end when the server closes', async (t) => {
  const { app, send } = await server(t);
  const wait = bytes('POST', '/__admin/requests/wait', {
    body: JSON.stringify({ pattern: { operation: 'endUsers.delete' }, timeoutMs: 60_000 }),
  });
  send(wait, wait);
  await sleep(50);
  const began = performance.now();
  await app.close();
  t.ok(performance.now() - began < 30_000);
});

/** Sends a DELETE whose response stays behind responses that the client does not read. */
async function unreadDelete({ app, call, send, receipts }: Awaited<ReturnType<typeof server>>, t: Test) {
  const metadata = { text: 'x'.repeat(6000) };
  const users = Array.from({ length: 100 }, (_, n) => ({ user_id: `u${n}`, metadata }));
  for (const json of users) await call('POST', '/pagecall/v1/users', { headers: key, json });
  const sockets = new Set<Socket>();
  app.server.on('connection', (one) => sockets.add(one));
  const socket = send(bytes('GET', '/pagecall/v1/users?limit=100').repeat(16), bytes('DELETE', ALICE));
  socket.pause();
  t.ok(await until(async () => (await receipts()).length === 1));
  // A receipt is there before the responses are written.
  t.ok(await until(() => [...sockets].some(({ writableLength }) => writableLength > 0)));
  return socket;
}

t.test('a response that the connection did not take is not delivered, and its receipt is not answered', async (t) => {
  const running = await server(t);
  const socket = await unreadDelete(running, t);
  socket.resetAndDestroy();
  t.ok(await until(async () => (await running.receipts())[0].answered === false));
  t.match((await running.requests()).at(-1), {
    operation: 'endUsers.delete',
    delivered: false,
    response: { status: 200 },
  });
});

t.test('a receipt that cannot be marked as unanswered does no harm', async (t) => {
  const running = await server(t);
  const socket = await unreadDelete(running, t);
  const db = Object.getOwnPropertyDescriptor(Sandbox.prototype, 'db') as PropertyDescriptor;
  const restore = () => Object.defineProperty(Sandbox.prototype, 'db', db);
  t.teardown(restore);
  const failed = new Promise<void>((resolve) => {
    Object.defineProperty(Sandbox.prototype, 'db', {
      configurable: true,
      get() {
        resolve();
        throw new Error('the disk is full');
      },
    });
  });
  socket.resetAndDestroy();
  await failed;
  restore();
  t.match((await running.requests()).at(-1), { operation: 'endUsers.delete', delivered: false });
  t.ok((await running.receipts())[0].answered);
});

t.test('a wire fault behind an event stream is recorded when the client leaves, and breaks nothing', async (t) => {
  const { send, requests } = await server(t);
  const socket = send(bytes('GET', '/__admin/events?sandbox=default'), bytes('GET', ALICE, { prefer: 'fault=empty' }));
  t.ok(await until(() => socket.received.includes('understudy')));
  await sleep(30);
  t.equal(socket.destroyed, false, 'the fault waits for the stream before it');
  socket.destroy();
  t.ok(await until(async () => (await requests()).length === 1));
  t.match(await requests(), [{ delivered: false, fault: 'fault=empty', response: { status: 200 } }]);
});

t.test('a request that is parsed after its connection closed does not run', async (t) => {
  const socket = new Socket();
  socket.destroy();
  const response = new EventEmitter();
  const turn = new Turn({ socket } as IncomingMessage, response as ServerResponse);
  let started = false;
  turn.begin(() => (started = true));
  t.equal(turn.closed, true);
  t.equal(started, false);
});

t.test('a response that finishes after its connection closed counts as not sent', async (t) => {
  const socket = new Socket();
  const response = new EventEmitter();
  const turn = new Turn({ socket } as IncomingMessage, response as ServerResponse);
  const ends: boolean[] = [];
  turn.onEnd((sent) => ends.push(sent));
  socket.destroy();
  t.ok(await until(() => ends.length > 0));
  response.emit('finish');
  t.strictSame(ends, [false]);
});
