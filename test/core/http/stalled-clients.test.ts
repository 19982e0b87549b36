// Clients that send or read too slowly are disconnected; all others are served.
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { listening } from '../../harness.ts';

/** Number of journal entries requested, 16 KiB each. */
const ENTRIES = 500;
/** Number of requests: twice this exceeds the socket buffers of a connection. */
const TIMES = 2;

function open(t: Test, url: string, text: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => {});
  socket.write(text);
  return socket;
}

async function ended(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => (text += data));
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

t.test('an incomplete request times out, with the provider’s error body on a provider path', async (t) => {
  const { url } = await listening(t, { requestTimeout: 200 });
  const body = 'content-type: application/json\r\ncontent-length: 100\r\n\r\n{';
  const answers = await Promise.all(
    ['', 'GET /__admin/health HTTP/1.1\r\nx: ', `POST /__admin/reset HTTP/1.1\r\nhost: localhost\r\n${body}`].map(
      (text) => ended(open(t, url, text)),
    ),
  );
  for (const answer of answers) t.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/);
  t.equal((await fetch(`${url}/__admin/health`)).status, 200);
});

t.test('a client that keeps the connection open after a 400 for invalid HTTP is disconnected', async (t) => {
  const { app, url } = await listening(t);
  let left = 2;
  const closed = new Promise<void>((resolve) => {
    app.server.on('connection', (socket) => socket.once('close', () => --left === 0 && resolve()));
  });
  const stays = async (...texts: string[]) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
    t.teardown(() => socket.destroy());
    let answer = '';
    socket.on('data', (data) => (answer += data));
    for (const text of texts) await new Promise((resolve) => socket.write(text, () => setTimeout(resolve, 20)));
    await closed;
    t.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n.*}$/s);
  };
  await Promise.all([stays('GET\r\n\r\n'), stays('GET\r\n\r\n', 'more of it\r\n', 'and more\r\n')]);
});

t.test('a client that does not read its response is disconnected; a pending response is not', async (t) => {
  const { app, url, call } = await listening(t, { readTimeout: 600 });
  for (let n = 0; n < ENTRIES; n++)
    await call('POST', '/pagecall/v1/users', { headers: { authorization: 'Bearer k' }, raw: 'x'.repeat(16_000) });
  const hung = open(
    t,
    url,
    'GET /pagecall/v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\nprefer: fault=hang\r\n\r\n',
  );
  let gone = false;
  hung.once('close', () => {
    gone = true;
  });
  const late = fetch(`${url}/pagecall/v1/users`, { headers: { authorization: 'Bearer k', prefer: 'delay=900' } });
  const ask = `GET /__admin/requests?limit=${ENTRIES} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
  const closed = new Promise<void>((resolve) => {
    app.server.on('connection', (socket) => {
      // A closed socket has no address.
      const { remotePort } = socket;
      socket.once('close', () => remotePort === stalled.localPort && resolve());
    });
  });
  const stalled = open(t, url, ask.repeat(TIMES));
  stalled.pause();
  await closed;
  const reader = open(t, url, `${ask.slice(0, -2)}connection: close\r\n\r\n`);
  const whole = await ended(reader);
  t.equal((JSON.parse(whole.split('\r\n\r\n')[1] as string) as { requests: object[] }).requests.length, ENTRIES);
  t.equal((await late).status, 200);
  const cut = await ended(stalled.resume());
  t.ok(cut.length > 0 && cut.length < whole.length * TIMES, `${cut.length} of ${whole.length * TIMES} bytes were read`);
  t.equal(gone, false, 'a held response stays open');
});
