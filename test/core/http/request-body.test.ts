// Request bodies that are too large or compressed, over real connections.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { listening, testServer } from '../../harness.ts';
import { sendRaw } from '../../raw-socket.ts';

const key = { authorization: 'Bearer sk_x', 'content-type': 'application/json' };
const MEBIBYTE = 1024 * 1024;

/** Where each provider takes a body, and what it says of one that is too large. */
const CREATES = [
  ['/proficient/users', { error: { code: 'invalid_request', message: 'body: larger than 1 MiB' } }],
  ['/pagecall/v1/users', { message: 'Request body is too large.' }],
  ['/conductor/v1/end-users', { error: { code: 'PARAMETER_INVALID', httpStatusCode: 400 } }],
] as const;

/** Sends a body of `x` to its end before it reads anything, as many clients do; resolves to the response. */
async function sendWhole(url: string, path: string, size: number, chunked: boolean) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  let failure: Error | null = null;
  socket.on('error', (error) => {
    failure = error;
  });
  const length = chunked ? 'transfer-encoding: chunked' : `content-length: ${size}`;
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sk_x\r\ncontent-type: application/json\r\n${length}\r\n\r\n`,
  );
  const bytes = 'x'.repeat(64 * 1024);
  const piece = chunked ? `${bytes.length.toString(16)}\r\n${bytes}\r\n` : bytes;
  for (let sent = 0; sent < size && failure === null; sent += bytes.length)
    await new Promise<unknown>((resolve) => socket.write(piece, resolve));
  if (chunked) socket.write('0\r\n\r\n');
  let text = '';
  socket.on('data', (data) => (text += data.toString('latin1'))).resume();
  while (!text.endsWith('}') && !socket.destroyed) await sleep(5);
  socket.destroy();
  if (failure !== null) throw failure;
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ', 2)[1]), body: JSON.parse(body) };
}

t.test('a client that sends a body over the limit can read the response', async (t) => {
  const { url } = await listening(t);
  const size = 12 * MEBIBYTE;
  for (const chunked of [false, true]) {
    for (const [path, body] of CREATES) {
      for (let time = 0; time < 3; time++)
        t.match(await sendWhole(url, path, size, chunked), { status: 400, body }, path);
    }
    t.match(await sendWhole(url, '/__admin/reset', size, chunked), {
      status: 413,
      body: { type: 'urn:understudy:too-large' },
    });
    t.match(await sendWhole(url, '/nowhere', size, chunked), { status: 404 });
  }
});

t.test('a body without an end is read for a bounded number of bytes', async (t) => {
  const { url } = await listening(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {}).resume();
  socket.write(
    'POST /pagecall/v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-type: application/json\r\ncontent-length: 1000000000\r\n\r\n',
  );
  const piece = Buffer.alloc(MEBIBYTE, 'x');
  let sent = 0;
  const send = () => {
    while (!socket.destroyed && sent < 200) {
      sent += 1;
      if (!socket.write(piece)) return;
    }
  };
  socket.on('drain', send);
  send();
  await closed;
  t.ok(sent > 60 && sent < 100, `${sent} MiB`);
});

t.test('gzip and deflate bodies are read', async (t) => {
  const { url, call } = await listening(t);
  const encodings = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, Identity: (text: string) => text };
  for (const [encoding, encode] of Object.entries(encodings)) {
    const body = encode(JSON.stringify({ user_id: encoding, name: 'é'.repeat(2000) }));
    const response = await fetch(`${url}/pagecall/v1/users`, {
      method: 'POST',
      headers: { ...key, 'content-encoding': encoding },
      body: body as string,
    });
    t.equal(response.status, 200, encoding);
    t.match(await response.json(), { user: { user_id: encoding, name: 'é'.repeat(2000) } });
  }
  const headers = { ...key, 'content-encoding': 'gzip' };
  t.equal((await call('POST', '/__admin/snapshots', { headers, raw: gzipSync('{"name":"a"}') })).status, 201);
  t.equal((await call('DELETE', '/pagecall/v1/users/gzip', { headers })).status, 200, 'without a body');
});

t.test('the limit counts inflated bytes, and a zip bomb is not inflated', async (t) => {
  const { call } = await testServer(t);
  const bomb = gzipSync(Buffer.alloc(200 * MEBIBYTE, ' '));
  const send = (size: number, path: string, raw = gzipSync(Buffer.alloc(size, ' '))) =>
    call('POST', path, { headers: { ...key, 'content-encoding': 'gzip' }, raw });
  t.match(await send(2 * MEBIBYTE, '/pagecall/v1/users'), {
    status: 400,
    body: { message: 'Request body is too large.' },
  });
  t.match(await send(2 * MEBIBYTE, '/__admin/reset'), { status: 413 });
  const before = process.memoryUsage().rss;
  t.match(await send(200 * MEBIBYTE, '/pagecall/v1/users', bomb), { status: 400 });
  t.ok(process.memoryUsage().rss - before < 150 * MEBIBYTE);
});

t.test('an unknown or invalid encoding is rejected in the provider’s error format', async (t) => {
  const { call } = await testServer(t);
  const send = (path: string, encoding: string) =>
    call('POST', path, { headers: { ...key, 'content-encoding': encoding }, raw: '{"user_id":"a"}' });
  for (const encoding of ['br', 'gzip, deflate', 'constructor']) {
    t.match(await send('/proficient/users', encoding), {
      status: 400,
      body: {
        error: { code: 'invalid_request', message: 'body: expected the content encoding gzip or deflate, or none' },
      },
    });
    t.match(await send('/pagecall/v1/users', encoding), {
      status: 400,
      body: { message: 'Request body must be encoded with gzip or deflate, or not at all.' },
    });
    t.match(await send('/conductor/v1/end-users', encoding), {
      status: 400,
      body: { error: { message: 'Unsupported content encoding at "body"', code: 'PARAMETER_INVALID' } },
    });
    t.match(await send('/__admin/snapshots', encoding), {
      status: 415,
      body: {
        type: 'urn:understudy:content-encoding',
        detail: `Content-Encoding "${encoding}" is not supported; send gzip, deflate or none.`,
      },
    });
  }
  t.match(await send('/pagecall/v1/users', 'gzip'), {
    status: 400,
    body: { message: 'Request body must be valid JSON.' },
  });
  t.equal((await send('/__admin/snapshots', 'deflate')).status, 400);
});

t.test('an operation without a body ignores one that cannot be inflated', async (t) => {
  const { call } = await testServer(t);
  const path = '/proficient/agents/ag_Lad8YCGGiDLiqIZPWRXmc2ix/deactivate';
  for (const encoding of ['gzip', 'deflate', 'br']) {
    const { status, body } = await call('POST', path, {
      headers: { authorization: 'Bearer sk_test_understudy', 'content-encoding': encoding },
      raw: '{"a":1}',
    });
    t.match({ status, body }, { status: 200, body: { active: false } }, encoding);
  }
});

t.test('a compressed body that ends early changes nothing', async (t) => {
  const { app, url, call } = await listening(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  const arrived = once(app.server, 'request');
  const body = gzipSync('{"user_id":"early"}');
  socket.write(
    `POST /pagecall/v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  socket.write(body.subarray(0, 15));
  await arrived;
  await sleep(30);
  socket.resetAndDestroy();
  t.match(
    (
      await call('POST', '/__admin/requests/wait', {
        json: { pattern: { operation: 'createUser' }, timeoutMs: 30_000 },
      })
    ).body,
    { passed: true },
  );
  t.equal((await call('GET', '/pagecall/v1/users/early', { headers: key })).status, 400);
});

t.test('an invalid gzip body that nobody reads does not end the process', async (t) => {
  const { url, call } = await listening(t);
  const body = 'this is not gzip';
  for (const [method, path, type, status] of [
    ['GET', '/pagecall/v1/users', 'application/json', 200],
    ['GET', '/__admin/state', 'application/json', 200],
    ['POST', '/pagecall/v1/users', 'text/plain', 400],
    ['POST', '/__admin/reset', 'text/plain', 415],
    ['POST', '/pagecall/v1/nowhere', 'application/json', 404],
  ] as const) {
    const text = await sendRaw(
      new URL(url).port,
      `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\ncontent-type: ${type}\r\ncontent-encoding: gzip\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    t.match(text, new RegExp(`^HTTP/1\\.1 ${status} `), `${method} ${path} ${type}`);
    await sleep(20);
  }
  t.equal((await call('GET', '/pagecall/v1/users', { headers: key })).status, 200);
});
