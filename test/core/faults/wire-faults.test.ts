// Wire faults over real connections, HTTP and HTTPS: what the client sees, and what happened on the server.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { FastifyReply } from 'fastify';
import t, { type Test } from 'tap';
import { breakConnection } from '../../../src/core/faults/wire-faults.ts';
import { listening } from '../../harness.ts';
import { secured } from '../../https.ts';
import { sendRaw } from '../../raw-socket.ts';

const PATH = '/conductor/v1/end-users/end_usr_alice000000042';

interface Seen {
  bytes: string;
  /** The connection was reset. */
  reset: boolean;
}

/** Sends a DELETE and resolves when the connection ends, at most `patience` ms later. */
function remove(url: string, prefer: string, patience = 30_000, ca?: string): Promise<Seen & { ended: boolean }> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const ask = () => {
      socket.write(
        `DELETE ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk_x\r\nprefer: ${prefer}\r\n\r\n`,
      );
      timer = setTimeout(() => finish(false), patience);
    };
    const at = { port: Number(new URL(url).port), host: '127.0.0.1' };
    const socket = ca === undefined ? connect(at, ask) : connectTls({ ...at, ca }, ask);
    const seen = { bytes: '', reset: false };
    const finish = (ended: boolean) => {
      clearTimeout(timer);
      resolve({ ...seen, ended });
      socket.destroy();
    };
    socket.on('data', (data) => (seen.bytes += data.toString('latin1')));
    socket.on('error', (error: Error & { code?: string }) => (seen.reset = error.code === 'ECONNRESET'));
    socket.on('close', () => finish(true));
  });
}

async function server(t: Test, scheme = 'http') {
  const { url, call, ca } =
    scheme === 'https'
      ? await secured(t).then(({ secure, ...rest }) => ({ ...rest, url: secure }))
      : { ca: undefined, ...(await listening(t)) };
  const there = async () => (await call('GET', PATH, { headers: { authorization: 'Bearer sk_x' } })).status === 200;
  return { url, ca, call, there };
}

for (const [scheme, phase] of [
  ['http', 'before'],
  ['http', 'after-commit'],
  ['https', 'before'],
  ['https', 'after-commit'],
] as const) {
  t.test(`${scheme}, ${phase}: reset, empty, malformed, truncated`, async (t) => {
    const expected: Record<string, (seen: Seen) => boolean> = {
      reset: ({ bytes, reset }) => bytes === '' && reset,
      empty: ({ bytes, reset }) => bytes === '' && !reset,
      malformed: ({ bytes }) => bytes !== '' && !bytes.startsWith('HTTP/'),
      truncated: ({ bytes }) => {
        const [head = '', body = ''] = bytes.split('\r\n\r\n');
        return head.startsWith('HTTP/1.1 200 ') && body.length < Number(/content-length: (\d+)/.exec(head)?.[1]);
      },
    };
    for (const [fault, fits] of Object.entries(expected)) {
      const { url, ca, call, there } = await server(t, scheme);
      const seen = await remove(url, `fault=${fault}, phase=${phase}`, 30_000, ca);
      t.ok(seen.ended && fits(seen), `${fault}: ${JSON.stringify(seen)}`);
      t.equal(
        await there(),
        phase === 'before',
        `${fault}: the user is ${phase === 'before' ? 'still there' : 'gone'}`,
      );
      const { requests } = (await call('GET', '/__admin/requests?operation=endUsers.delete')).body;
      t.match(requests, [{ fault: `fault=${fault}, phase=${phase}` }], 'the lost response is in the journal');
    }
  });

  t.test(`${scheme}, ${phase}: hang holds the connection until the client disconnects`, async (t) => {
    const { url, ca, there } = await server(t, scheme);
    const seen = await remove(url, `fault=hang, phase=${phase}`, 150, ca);
    t.match(seen, { bytes: '', ended: false });
    t.equal(await there(), phase === 'before');
  });
}

t.test(
  'a client that disconnects during the delay has changed nothing, unless the delay comes after the commit',
  async (t) => {
    for (const phase of ['before', 'after-commit']) {
      const { url, call, there } = await server(t);
      t.match(await remove(url, `delay=5000, phase=${phase}`, 60), { ended: false, bytes: '' });
      const { body } = await call('POST', '/__admin/requests/wait', {
        json: { pattern: { operation: 'endUsers.delete' }, timeoutMs: 30_000 },
      });
      t.equal(body.count, 1);
      t.equal(await there(), phase === 'before', phase);
    }
  },
);

t.test(
  'a rule can drop the response of a delete that happened: a retry gets not found, and the receipt says so',
  async (t) => {
    const { url, call, there } = await server(t);
    const rule = {
      match: { operation: 'endUsers.delete' },
      mode: { times: 1 },
      effect: { fault: 'reset' },
      phase: 'after-commit',
    };
    await call('POST', '/__admin/faults', { json: rule });
    t.match(await remove(url, 'x'), { bytes: '', reset: true });
    t.notOk(await there());
    t.match((await remove(url, 'x', 300)).bytes, /^HTTP\/1\.1 404 /);
    t.match((await call('GET', '/__admin/deletions')).body, {
      deletions: [{ answered: false, counts: { endUsers: 1 } }],
      meta: { total: 1 },
    });
  },
);

t.test('a truncated response is not completed by the response to a pipelined request', async (t) => {
  const { url } = await server(t);
  const head = `DELETE ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk_x\r\nprefer: fault=truncated\r\n\r\n`;
  const seen = await sendRaw(new URL(url).port, head.repeat(3));
  t.match(seen, /^HTTP\/1\.1 200 OK\r\n[^{]*\r\ncontent-length: 3\r\n\r\n\{$/);
});

t.test('a client that has closed its side during a delay is disconnected by a reset', async (t) => {
  const { app, url } = await listening(t);
  const closed = new Promise((resolve) => {
    app.server.on('connection', (socket) => socket.once('close', resolve));
  });
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  t.teardown(() => socket.destroy());
  socket
    .on('error', () => {})
    .end(`GET ${PATH} HTTP/1.1\r\nauthorization: Bearer sk_x\r\nprefer: delay=50, fault=reset\r\n\r\n`);
  socket.resume();
  await closed;
  await new Promise<void>((resolve) => app.server.getConnections((_error, open) => resolve(t.equal(open, 0) as never)));
});

t.test('no broken connection stays open when its client does not hang up', async (t) => {
  const { app, url } = await listening(t);
  const sockets = ['reset', 'empty', 'malformed', 'truncated']
    .flatMap((fault) => Array(50).fill(fault))
    .map((fault) => {
      const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {}).resume();
      socket.write(`GET ${PATH} HTTP/1.1\r\nauthorization: Bearer sk_x\r\nprefer: fault=${fault}\r\n\r\n`);
      return socket;
    });
  t.teardown(() => sockets.map((socket) => socket.destroy()));
  const open = () => new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
  await once(app.server, 'connection');
  for (let tries = 0; tries < 300 && (await open()) > 0; tries++) await new Promise((next) => setTimeout(next, 100));
  t.equal(await open(), 0);
});

t.test('a fault comes before authentication at providers that do so', async (t) => {
  const { url } = await server(t);
  await t.rejects(fetch(`${url}/pagecall/v1/users`, { headers: { prefer: 'fault=reset' } }));
  const late = await fetch(`${url}/conductor/v1/end-users`, { headers: { prefer: 'fault=reset' } });
  t.equal(late.status, 401);
});

t.test('a held connection ends when the server closes', async (t) => {
  const { app, server, url, secure, ca } = await secured(t);
  const arrived = [app.server, server].map((one) => once(one, 'request'));
  const hanging = [remove(url, 'fault=hang', 5000), remove(secure, 'fault=hang', 5000, ca)];
  await Promise.all(arrived);
  await app.close();
  for (const { ended } of await Promise.all(hanging)) t.equal(ended, true);
});

t.test('a reset of a connection that is already ending closes it', async (t) => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const client = connect((server.address() as { port: number }).port, '127.0.0.1');
  client.on('error', () => {});
  t.teardown(() => client.destroy());
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.end('bye');
  const closed = once(socket, 'close');
  const reply = { hijack: () => {}, request: { raw: { socket } } } as unknown as FastifyReply;
  breakConnection(reply, new Set(), 'reset', { status: 200, headers: {}, payload: '' });
  await closed;
  t.equal(socket.destroyed, true);
});
