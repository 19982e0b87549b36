// Unrouted requests get the error body of the provider they address, else the sandbox's problem+json.
import { connect } from 'node:net';
import t from 'tap';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { listening, testServer } from '../../harness.ts';
import { sendRaw } from '../../raw-socket.ts';

/** A path of each provider that ends in an id. */
const PARAMETER: Record<string, string> = {
  proficient: '/users/',
  pagecall: '/users/',
  conductor: '/end-users/',
};

/** Each provider's error shape; Fastify's own errors have `statusCode`. */
const ENVELOPES: Record<string, object> = {
  proficient: { error: { code: String, message: String } },
  pagecall: { message: String },
  conductor: { error: { message: String, type: String, code: String, httpStatusCode: Number, requestId: /^req_/ } },
};

t.test('unknown paths near a mount get the provider’s error body', async (t) => {
  const { call } = await testServer(t);
  for (const { name, mount, base } of PROVIDERS) {
    for (const url of [
      `${mount}${base}x`,
      `${mount}x`,
      mount,
      mount.toUpperCase(),
      `${mount}${base}/nope`,
      `${mount}${base}//users`,
    ]) {
      const answer = await call('GET', url);
      t.equal(answer.status, 404, url);
      t.match(answer.body, ENVELOPES[name] as object, url);
      t.notOk(answer.body.statusCode, 'not Fastify’s error body');
    }
  }
});

t.test('a path that cannot be decoded gets the provider’s error body', async (t) => {
  const { call } = await testServer(t);
  for (const { name, mount, base } of PROVIDERS) {
    const answer = await call('GET', `${mount}${base}/users/%E0%A4%A`);
    t.equal(answer.status, 400);
    t.match(answer.body, ENVELOPES[name] as object);
  }
  t.match(await call('GET', '/elsewhere/%E0%A4%A'), { status: 400, body: { type: 'urn:understudy:malformed-path' } });
});

t.test('a path that addresses no provider gets problem+json that lists the mounts', async (t) => {
  const { call } = await testServer(t);
  t.match(await call('GET', '/v1/users'), {
    status: 404,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: { detail: /providers are at \/proficient, \/pagecall\/v1, \/conductor\/v1/ },
  });
});

t.test('an unknown path gets 404 even with an invalid body', async (t) => {
  const { call } = await testServer(t);
  const headers = { 'content-type': 'application/json' };
  for (const raw of ['{', 'x'.repeat(2 * 1024 * 1024)]) {
    for (const url of ['/nowhere', '/__admin/nowhere', '/conductor/v1/nowhere'])
      t.equal((await call('POST', url, { headers, raw })).status, 404, url);
    t.match(await call('POST', '/nowhere', { headers, raw }), {
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: { type: 'urn:understudy:not-found', detail: /^There is no route POST \/nowhere; / },
    });
  }
  t.match(await call('PUT', '/nowhere', { headers: { 'content-type': ';' }, raw: 'a' }), { status: 404 });
});

t.test('an unknown Expect header is ignored', async (t) => {
  const { url } = await listening(t);
  for (const expect of ['nothing', '200-ok']) {
    const text = `GET /conductor/v1/nope HTTP/1.1\r\nhost: x\r\nexpect: ${expect}\r\nconnection: close\r\n\r\n`;
    const answer = await sendRaw(new URL(url).port, text);
    t.match(answer, /^HTTP\/1\.1 404 Not Found\r\n/);
    t.match(JSON.parse(answer.split('\r\n\r\n')[1] as string), ENVELOPES.conductor as object);
  }
});

t.test('bytes after the last request of a connection do not affect its response', async (t) => {
  const { url, call } = await listening(t);
  const path = '/conductor/v1/end-users/end_usr_alice000000042';
  const last = `DELETE ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_x\r\nconnection: close\r\n\r\n`;
  const answer = await sendRaw(new URL(url).port, last + last);
  t.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  t.match(JSON.parse(answer.split('\r\n\r\n')[1] as string), { deleted: true });
  t.equal((await call('GET', '/__admin/requests')).body.meta.total, 1, 'the extra bytes are not a request');
});

t.test('invalid HTTP gets a readable error', async (t) => {
  const { url } = await listening(t);
  const { port } = new URL(url);
  for (const { name, mount, base } of PROVIDERS) {
    const answer = await sendRaw(new URL(url).port, `FROB ${mount}${base}/users HTTP/1.1\r\nhost: x\r\n\r\n`);
    t.match(answer, /^HTTP\/1\.1 404 Not Found\r\n/);
    t.match(answer, /\r\nx-understudy-request: \w{16}\r\n/);
    t.match(JSON.parse(answer.split('\r\n\r\n')[1] as string), ENVELOPES[name] as object);
    const huge = await sendRaw(
      new URL(url).port,
      `GET ${mount}${base}/users HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20000)}\r\n\r\n`,
    );
    t.match(huge, /^HTTP\/1\.1 400 Bad Request\r\n/);
    t.match(huge, /headers are (larger|too large)/);
    const long = await sendRaw(port, `GET ${mount}${base}/${'y'.repeat(20000)} HTTP/1.1\r\nhost: x\r\n\r\n`);
    t.match(long, /^HTTP\/1\.1 400 Bad Request\r\n/);
    t.match(long, /URL is too long/);
    t.match(JSON.parse(long.split('\r\n\r\n')[1] as string), ENVELOPES[name] as object);
    const longId = await fetch(`${url}${mount}${base}${PARAMETER[name]}${'y'.repeat(6000)}`);
    t.equal(longId.status, 400);
    t.match(await longId.text(), /URL is too long/);
  }
  const lost = await sendRaw(new URL(url).port, 'GET\r\n\r\n');
  t.match(JSON.parse(lost.split('\r\n\r\n')[1] as string), { status: 400, type: 'urn:understudy:malformed-request' });
  for (const path of ['/elsewhere/', '/__admin/sandboxes/'])
    t.match(
      JSON.parse(
        (await sendRaw(port, `GET ${path}${'y'.repeat(20000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).split(
          '\r\n\r\n',
        )[1] as string,
      ),
      { status: 414, type: 'urn:understudy:url-too-long' },
    );
  t.equal((await fetch(`${url}/__admin/sandboxes/${'y'.repeat(6000)}`)).status, 414);
  const heavy = await sendRaw(
    new URL(url).port,
    `GET /elsewhere HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20000)}\r\n\r\n`,
  );
  t.match(heavy, /^HTTP\/1\.1 431 /);
  t.match(heavy, /The headers are larger than 16 KiB/);
});

t.test('HTTP 1.0 without a Host is served', async (t) => {
  const { url } = await listening(t);
  const body = '{"publishableKey":"pk_x","endUserId":"end_usr_1234567abcdefg"}';
  const answer = await sendRaw(
    new URL(url).port,
    `POST /conductor/v1/auth-sessions HTTP/1.0\r\nauthorization: Bearer sk_x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  t.match(answer, /^HTTP\/1\.1 200 /);
  t.match(
    JSON.parse(answer.split('\r\n\r\n')[1] as string).authFlowUrl,
    /^http:\/\/localhost\/conductor\/connect\/qbd\//,
  );
});

t.test('a page ignores the body, and an invalid sandbox name gets the page’s own error', async (t) => {
  const { call } = await testServer(t);
  const page = '/conductor/connect/qbd/auth_sess_client_secret_1234567abcdefg?key=pk_conductor_test';
  for (const [type, raw] of [
    ['text/plain', 'x'.repeat(2e6)],
    ['nonsense', 'x'],
  ] as const) {
    const answer = await call('POST', page, { headers: { 'content-type': type }, raw });
    t.match(answer.headers['content-type'], /^text\/html/, type);
    t.match(answer.headers['x-understudy-request'], /^\w{16}$/);
  }
  const short = { headers: { 'content-type': 'text/plain', 'content-length': '9' }, raw: 'x' };
  t.match(await call('POST', page, short), { status: 400, body: { type: 'urn:understudy:page' } });
  t.match(await call('GET', `${page}&sandbox=a%20b`), { status: 400, body: { type: 'urn:understudy:sandbox-name' } });
});

t.test('a DELETE with an incomplete body deletes nothing', async (t) => {
  const { url, call } = await listening(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const path = '/conductor/v1/end-users/end_usr_alice000000042';
  socket.write(
    `DELETE ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_x\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\n{`,
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.resetAndDestroy();
  await call('POST', '/__admin/requests/wait', {
    json: { pattern: { operation: 'endUsers.delete' }, timeoutMs: 1000 },
  });
  t.equal((await call('GET', path, { headers: { authorization: 'Bearer sk_x' } })).status, 200);
});

t.test('a client that disconnects in the middle of a request does no harm', async (t) => {
  const { url } = await listening(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(
    'POST /pagecall/v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-length: 50\r\n\r\n{"user',
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.resetAndDestroy();
  const answer = await fetch(`${url}/pagecall/v1/users`, { headers: { authorization: 'Bearer k' } });
  t.equal(answer.status, 200);
});
