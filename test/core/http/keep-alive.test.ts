// What a response says of its connection: an error leaves it open or closes it as a success does.
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { openAdminPort } from '../../../src/control/admin-port.ts';
import { openRootMount } from '../../../src/core/http/root-mounts.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { httpOptions } from '../../../src/server.ts';
import { listening } from '../../harness.ts';
import { sendRaw } from '../../raw-socket.ts';

/** A request whose head and body are sent apart. */
interface Parts {
  readonly head: string;
  readonly body: string;
}

/** A request with a key and, where `body` is not empty, a JSON body. */
function parts(line: string, { version = '1.1', lines = [] as string[], body = '' } = {}): Parts {
  const all = [`${line} HTTP/${version}`, 'host: localhost', 'authorization: Bearer sk_x', ...lines];
  if (body !== '') all.push('content-type: application/json', `content-length: ${body.length}`);
  return { head: `${all.join('\r\n')}\r\n\r\n`, body };
}

function bytes(...input: Parameters<typeof parts>): string {
  const { head, body } = parts(...input);
  return head + body;
}

/** Requests by the status of their response, with a body that is read, rejected, or never looked at. */
const REQUESTS: readonly [number, string, { readonly lines?: string[]; readonly body?: string }][] = [
  [200, 'GET /__admin/health', {}],
  [400, 'GET /__admin/faults', { lines: ['x-understudy-sandbox: a, b'] }],
  [404, 'GET /__admin/nowhere', {}],
  [404, 'POST /nowhere', { body: '{}' }],
  [400, 'POST /__admin/state', { body: '{"unknown":1}' }],
  [400, 'POST /__admin/state', { body: '{"not json' }],
  [415, 'POST /__admin/state', { lines: ['content-encoding: br'], body: '{}' }],
  [413, 'POST /__admin/reset', { body: 'x'.repeat(2 * 1024 * 1024) }],
  [200, 'GET /pagecall/v1/users', {}],
  [400, 'POST /pagecall/v1/users', { body: '{"not json' }],
  [400, 'POST /pagecall/v1/users', { body: 'x'.repeat(2 * 1024 * 1024) }],
  [400, 'POST /conductor/v1/end-users', { lines: ['content-encoding: br'], body: '{}' }],
];

/** Status and what is said of the connection, of each response in `text`. */
function said(text: string): { status: number; connection: string | null; keepAlive: string | null }[] {
  return text
    .split(/(?=HTTP\/1\.1 \d)/)
    .map((response) => response.split('\r\n\r\n', 1)[0] ?? '')
    .map((head) => ({
      status: Number(head.split(' ', 2)[1]),
      connection: /^connection: (.*)$/im.exec(head)?.[1]?.trim() ?? null,
      keepAlive: /^keep-alive: (.*)$/im.exec(head)?.[1]?.trim() ?? null,
    }));
}

t.test('a response to a client that closes the connection says so, error or not', async (t) => {
  const { url } = await listening(t);
  for (const [status, line, rest] of REQUESTS) {
    const lines = ['connection: close', ...(rest.lines ?? [])];
    for (const request of [bytes(line, { ...rest, lines }), bytes(line, { ...rest, version: '1.0' })])
      t.strictSame(
        said(await sendRaw(new URL(url).port, request)),
        [{ status, connection: 'close', keepAlive: null }],
        `${line} ${status}`,
      );
  }
});

t.test('any other response leaves it open, and says for how long', async (t) => {
  const { url } = await listening(t);
  for (const [version, lines] of [
    ['1.1', []],
    ['1.0', ['connection: keep-alive']],
  ] as const) {
    const requests = REQUESTS.map(([, line, rest]) =>
      bytes(line, { ...rest, version, lines: [...lines, ...(rest.lines ?? [])] }),
    );
    const last = bytes('GET /__admin/health', { lines: ['connection: close'] });
    t.strictSame(said(await sendRaw(new URL(url).port, [...requests, last].join(''))), [
      ...REQUESTS.map(([status]) => ({ status, connection: 'keep-alive', keepAlive: 'timeout=72' })),
      { status: 200, connection: 'close', keepAlive: null },
    ]);
  }
});

t.test('every port keeps idle connections open for the same time', async (t) => {
  const { app, url } = await listening(t);
  const at = { port: 0, host: '127.0.0.1', http: httpOptions() };
  const provider = PROVIDERS.find(({ name }) => name === 'pagecall') as (typeof PROVIDERS)[number];
  const servers = [await openRootMount(app, provider, at), await openAdminPort(app, at)];
  const [root, admin] = servers.map((server) => (server.address() as AddressInfo).port);
  for (const [port, good, bad] of [
    [new URL(url).port, 'GET /__admin/health', 'POST /__admin/state'],
    [root, 'GET /v1/users', 'POST /v1/users'],
    [admin, 'GET /__admin/health', 'POST /__admin/state'],
  ] as const) {
    const requests = [
      bytes(good),
      bytes(bad, { body: '{"not json' }),
      bytes('GET /', { lines: ['connection: close'] }),
    ];
    const responses = said(await sendRaw(port as number, requests.join('')));
    t.strictSame(
      responses.map(({ keepAlive }) => keepAlive),
      ['timeout=72', 'timeout=72', null],
    );
  }
});

t.test('a server that stops closes the connection, also after an error in the body', async (t) => {
  for (const [status, line, { body }] of [
    [400, 'POST /__admin/state', { body: '{"not json' }],
    [400, 'POST /pagecall/v1/users', { body: '{"not json' }],
  ] as const) {
    const { app, url } = await listening(t);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (data) => (text += data.toString('latin1')));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const { head, body: content } = parts(line, { body });
    const [accepted] = await once(app.server, 'connection');
    // Half a head: a connection that is in use when the server stops.
    socket.write(head.slice(0, 30));
    while (accepted.bytesRead < 30) await sleep(5);
    const stopped = app.close();
    while (app.server.listening) await sleep(5);
    await sleep(20);
    socket.write(head.slice(30) + content);
    await closed;
    t.strictSame(said(text), [{ status, connection: 'close', keepAlive: null }], line);
    await stopped;
  }
});
