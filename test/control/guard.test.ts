// Attacks on the control plane through a browser (CSRF, DNS rebinding) must change nothing.
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { run, stop } from '../../src/cli/command.ts';
import { openAdminPort } from '../../src/control/admin-port.ts';
import type { ServerOptions } from '../../src/server.ts';
import { httpOptions } from '../../src/server.ts';
import { listening, testServer } from '../harness.ts';

const EMPTY = '{"to":"empty"}';
const JSON_BODY = { 'content-type': 'application/json' };

interface Raw {
  method?: string;
  path?: string;
  headers: Record<string, string>;
  body?: string;
  version?: string;
}

/** Sends a raw request and resolves with the whole response once the server has closed the connection. */
function send(url: string, { method = 'POST', path = '/__admin/reset', headers, body = EMPTY, version = '1.1' }: Raw) {
  const { hostname, port } = new URL(url);
  const head = Object.entries({ 'content-length': String(Buffer.byteLength(body)), connection: 'close', ...headers });
  return exchange(
    hostname,
    Number(port),
    `${method} ${path} HTTP/${version}\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
}

function exchange(host: string, port: number, text: string): Promise<{ status: number; body: string; head: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(text));
    let answer = '';
    socket.setTimeout(25_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => (answer += data));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? socket.destroy() : reject(error),
    );
    socket.on('close', () => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), body, head });
    });
  });
}

async function target(t: Test, options: Partial<ServerOptions> = {}) {
  const { app, url } = await listening(t, options);
  const headers = options.adminToken ? { authorization: `Bearer ${options.adminToken}` } : {};
  const state = async () => {
    const answer = await app.inject({ url: '/__admin/state', headers: { host: 'localhost', ...headers } });
    return answer.statusCode === 200 ? answer.body : t.fail(`state: ${answer.body}`);
  };
  const before = await state();
  return { app, url, host: new URL(url).host, untouched: async (name: string) => t.equal(await state(), before, name) };
}

t.test('cross-site requests of a browser change nothing', async (t) => {
  const { url, host, untouched } = await target(t);
  const attacks: Record<string, Raw> = {
    'a fetch of another origin': { headers: { host, origin: 'http://evil.example', ...JSON_BODY } },
    'a page of another port of this machine': { headers: { host, origin: 'http://127.0.0.1:1', ...JSON_BODY } },
    'another scheme': { headers: { host, origin: `https://${host}`, ...JSON_BODY } },
    'a sandboxed frame': { headers: { host, origin: 'null', ...JSON_BODY } },
    'a cross-site request': { headers: { host, 'sec-fetch-site': 'cross-site', ...JSON_BODY } },
    'a same-site request': { headers: { host, 'sec-fetch-site': 'same-site', ...JSON_BODY } },
    'a rebound name': { headers: { host: 'evil.example:4010', ...JSON_BODY } },
    'a rebound name with its own origin': {
      headers: { host: 'evil.example', origin: 'http://evil.example', ...JSON_BODY },
    },
    'a name that ends like a local one': { headers: { host: 'localhost.evil.example', ...JSON_BODY } },
    'a name that begins like an address': { headers: { host: '127.0.0.1.evil.example', ...JSON_BODY } },
    'a credential in the host': { headers: { host: 'localhost@evil.example', ...JSON_BODY } },
    'an address of the network': { headers: { host: '192.168.0.9:4010', ...JSON_BODY } },
    'an IPv6 address of the network': { headers: { host: '[fe80::1]:4010', ...JSON_BODY } },
    'an empty host': { headers: { host: '', ...JSON_BODY } },
    'no host': { headers: { ...JSON_BODY } },
    'no host, in HTTP 1.0': { headers: { ...JSON_BODY }, version: '1.0' },
    'a read of another site': {
      method: 'GET',
      path: '/__admin/state',
      headers: { host, origin: 'http://evil.example' },
    },
    'an unknown route': { path: '/__admin/nothing', headers: { host: 'evil.example', ...JSON_BODY } },
    'a preflight': { method: 'OPTIONS', headers: { host, origin: 'http://evil.example' }, body: '' },
    'the stream': { method: 'GET', path: '/__admin/events', headers: { host: 'evil.example' }, body: '' },
  };
  for (const [name, attack] of Object.entries(attacks)) {
    const { status, head, body } = await send(url, attack);
    t.equal(status, 403, name);
    t.match(head, /content-type: application\/problem\+json/i, name);
    t.match(JSON.parse(body), { type: 'urn:understudy:not-let-in', status: 403 }, name);
    t.notMatch(head, /access-control/i, name);
    await untouched(name);
  }
});

t.test('form submissions are rejected: a body must be application/json', async (t) => {
  const { url, host, untouched } = await target(t);
  const types = [
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    'application/jsonp',
  ];
  for (const type of types) {
    const { status, body } = await send(url, { headers: { host, 'content-type': type } });
    t.equal(status, 415, type);
    t.match(JSON.parse(body), { detail: /application\/json/ });
    await untouched(type);
  }
  t.equal((await send(url, { headers: { host } })).status, 415, 'no content type');
  await untouched('no type');
});

t.test('a body must be valid UTF-8 JSON of limited depth', async (t) => {
  const { app, untouched } = await target(t);
  const bodies: [Buffer | string, RegExp, object?][] = [
    [Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
    ['['.repeat(501), /nests deeper/],
    ['{"to": "\\ud800"}', /half of a surrogate pair/],
    ['{"__proto__": {"to": "empty"}}', /prototype/],
    ['{"to": "empty"', /not JSON/],
    ['{}', /Content-Length/, { 'content-length': '50' }],
  ];
  for (const [payload, detail, headers] of bodies) {
    const answer = await app.inject({
      method: 'POST',
      url: '/__admin/reset',
      headers: { ...JSON_BODY, ...headers },
      payload,
    });
    t.match(answer.json(), { status: 400, detail }, String(detail));
    await untouched(String(detail));
  }
});

t.test('bodies that are too large or too slow are cut off', async (t) => {
  const { url, host, untouched } = await target(t, { requestTimeout: 300 });
  const large = await send(url, { headers: { host, ...JSON_BODY }, body: `{"to":"${'x'.repeat(1024 * 1024)}"}` });
  t.ok([413, 408, Number.NaN].includes(large.status), 'rejected, too slow, or disconnected while still sending');
  await untouched('large');
  const chunked = await send(url, {
    headers: { host, 'transfer-encoding': 'chunked', 'content-length': '', ...JSON_BODY },
    body: '',
  });
  t.equal(chunked.status, 400, 'two lengths');
  await untouched('two lengths');
  const { hostname, port } = new URL(url);
  const started = Date.now();
  const slow = await exchange(
    hostname,
    Number(port),
    `POST /__admin/reset HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n{"to"`,
  );
  t.equal(slow.status, 408);
  t.ok(Date.now() - started < 20_000, 'long before the time-out of 30 s that is the default');
  await untouched('slow');
});

t.test('local host names, own pages and tools are accepted', async (t) => {
  const { url, host } = await target(t, { allowHosts: ['sandbox.example', '::2'] });
  const { port } = new URL(url);
  const welcome: Record<string, string>[] = [
    { host },
    { host, origin: url, 'sec-fetch-site': 'same-origin' },
    { host, 'sec-fetch-site': 'none' },
    { host: `localhost:${port}` },
    { host: 'localhost' },
    { host: 'LOCALHOST', origin: 'http://localhost' },
    { host: 'understudy:4010', origin: 'http://understudy:4010' },
    { host: 'understudy:80', origin: 'http://understudy' },
    { host: '[::1]:4010' },
    { host: '127.8.9.10' },
    { host: 'Sandbox.Example:4010' },
    { host: '[::2]' },
  ];
  for (const headers of welcome)
    t.equal((await send(url, { headers: { ...headers, ...JSON_BODY } })).status, 204, JSON.stringify(headers));
});

t.test('health needs no Host and no token, but rejects cross-site requests', async (t) => {
  const { url, host } = await target(t, { adminToken: 'secret' });
  for (const path of ['/__admin/health', '/__admin/ready']) {
    const ask = { method: 'GET', path, body: '' };
    t.equal((await send(url, { ...ask, headers: {} })).status, 200);
    t.equal((await send(url, { ...ask, headers: { host: '10.0.0.7:4010' } })).status, 200);
    t.equal((await send(url, { ...ask, headers: { host, origin: 'http://evil.example' } })).status, 403);
    t.equal((await send(url, { ...ask, headers: { origin: 'http://undefined' } })).status, 403);
  }
});

t.test('beyond loopback every request needs the token', async (t) => {
  const { url, host, untouched } = await target(t, { adminToken: 'secret' });
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer' },
    { authorization: 'Bearer wrong' },
    { authorization: 'Bearer secret2' },
    { authorization: 'Basic secret' },
    { cookie: 'understudy_admin=secret' },
    { cookie: `understudy_admin=${'0'.repeat(64)}` },
  ];
  for (const headers of wrong) {
    const { status, body } = await send(url, { headers: { host, ...JSON_BODY, ...headers } });
    t.equal(status, 403, JSON.stringify(headers));
    t.match(JSON.parse(body), { detail: /--admin-token/ });
  }
  t.equal((await send(url, { path: '/__admin/reset?token=secret', headers: { host, ...JSON_BODY } })).status, 403);
  await untouched('without the token');
  t.equal((await send(url, { headers: { host, ...JSON_BODY, authorization: 'bearer secret' } })).status, 204);
});

t.test('a link with the token signs the browser in', async (t) => {
  const { app, url, host } = await target(t, { adminToken: 'secret' });
  const page = (path: string, headers = {}) =>
    send(url, { method: 'GET', path, headers: { host, ...headers }, body: '' });
  t.equal((await page('/__admin/ui')).status, 403);
  t.equal((await page('/__admin/ui?token=wrong')).status, 403);
  t.equal((await page('/__admin/ui?token=secret&token=secret')).status, 403);
  const { status, head } = await page('/__admin/ui?token=secret');
  t.equal(status, 303);
  t.match(head, /location: \/__admin\/ui\r\n/i);
  const [, cookie] = /set-cookie: (understudy_admin=\w+); Path=\/__admin; HttpOnly; SameSite=Strict/i.exec(head) ?? [];
  t.equal((await page('/__admin/ui', { cookie: `a=b; ${cookie}; c=d` })).status, 200);
  t.notMatch(cookie, 'secret');
  t.match((await app.inject({ url: '/', headers: { host } })).headers, { location: '/__admin/ui' });
  const open = await testServer(t);
  t.match(await open.call('GET', '/__admin/ui?token=any'), { status: 303, headers: { 'set-cookie': undefined } });
});

t.test('a start beyond loopback generates and prints a token unless one is given', async (t) => {
  const started = async (args: string[], environment = {}) => {
    let text = '';
    const out = { write: (part: string) => (text += part) };
    const quiet = { UNDERSTUDY_LOG_LEVEL: 'silent', ...environment };
    const app = (await run(['--port', '0', ...args], quiet, out)) as FastifyInstance;
    t.teardown(() => stop(app));
    const { port } = app.server.address() as { port: number };
    return { text, url: `http://127.0.0.1:${port}` };
  };
  const status = async (url: string, token?: string) =>
    (await fetch(`${url}/__admin/state`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }))
      .status;
  const made = await started(['--host', '0.0.0.0']);
  const [, token = ''] = /ui\?token=([\w-]{20,})/.exec(made.text) ?? [];
  t.match(made.text, `-H 'Authorization: Bearer ${token}'`);
  t.equal(await status(made.url), 403);
  t.equal(await status(made.url, token), 200);
  const given = await started(['--host', '0.0.0.0'], { UNDERSTUDY_ADMIN_TOKEN: 'mine' });
  t.notMatch(given.text, 'mine');
  t.equal(await status(given.url), 403);
  t.equal(await status(given.url, 'mine'), 200);
  const local = await started(['--admin-token', 'mine']);
  t.equal(await status(local.url), 200, 'on loopback no token is needed');
});

t.test('with --admin-port the control plane is served on that port only', async (t) => {
  const { app, url } = await listening(t, { adminPortOnly: true });
  const server = await openAdminPort(app, { port: 0, host: '127.0.0.1', http: httpOptions() });
  const { port } = server.address() as { port: number };
  const own = `http://127.0.0.1:${port}`;
  const get = async (where: string) => {
    const answer = await fetch(where, { redirect: 'manual', headers: { authorization: 'Bearer k' } });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  };
  for (const path of ['/__admin/health', '/__admin/state', '/__admin/state?provider=pagecall']) {
    t.equal((await get(own + path)).status, 200, path);
    t.match(await get(url + path), { status: 404, body: /--admin-port/, type: /^application\/problem\+json/ }, path);
  }
  t.equal((await get(own)).status, 302);
  t.match(await get(`${own}/__admin/ui`), { status: 200, body: /<html lang="en" data-apart>/ });
  const { providers } = JSON.parse((await get(`${own}/__admin/sandboxes/default`)).body);
  t.equal(providers.pagecall.baseUrl, `${url}/pagecall/v1`, 'the base URLs keep the main port');
  t.match(await get(url), { status: 404, type: /^application\/problem\+json/ });
  t.equal((await get(`${url}/pagecall/v1/users`)).status, 200);
  for (const path of ['/pagecall/v1/users', '/__administrator', '/x/__admin/state'])
    t.match(await get(own + path), { status: 404, type: /^application\/problem\+json/ }, path);
  t.equal((await send(own, { headers: { host: 'evil.example', ...JSON_BODY } })).status, 403);
  await t.rejects(openAdminPort(app, { port, host: '127.0.0.1', http: {} }), { code: 'EADDRINUSE' });
});

t.test('the command starts the admin port and polls health on it', async (t) => {
  let text = '';
  const out = { write: (part: string) => (text += part) };
  const app = (await run(
    ['--port', '0', '--admin-port', '0'],
    { UNDERSTUDY_LOG_LEVEL: 'silent' },
    out,
  )) as FastifyInstance;
  t.teardown(() => stop(app));
  const [, port = ''] = /Dashboard +http:\/\/127\.0\.0\.1:(\d+)\/__admin\/ui/.exec(text) ?? [];
  t.not(Number(port), (app.server.address() as { port: number }).port);
  t.equal(await run(['wait', '--admin-port', port, '--timeout', '2'], {}, out), 0);
});
