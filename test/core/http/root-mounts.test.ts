// Providers mounted at the root: under the real service's host name, or on a port of their own.
import t from 'tap';
import { openRootMount } from '../../../src/core/http/root-mounts.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { listening, testServer } from '../../harness.ts';
import { sendRaw } from '../../raw-socket.ts';

const key = { authorization: 'Bearer sk_test' };
const provider = (name: string) => PROVIDERS.find((one) => one.name === name) as (typeof PROVIDERS)[number];

t.test('a request to a provider host name needs no mount path', async (t) => {
  const { call } = await testServer(t);
  const paths: Record<string, string> = {
    'api.proficientai.com': '/users',
    'api.pagecall.com': '/v1/users',
    'api.pagecall.net:443': '/v1/users',
    'API.conductor.is': '/v1/end-users',
  };
  for (const [host, path] of Object.entries(paths))
    t.equal((await call('GET', path, { headers: { ...key, host } })).status, 200, host);
  t.equal((await call('GET', '/v1/end-users', { headers: { ...key, host: 'example.com' } })).status, 404);
});

t.test('under a provider host name there is no control plane, and links omit the mount path', async (t) => {
  const { call } = await testServer(t);
  const headers = { ...key, host: 'api.conductor.is' };
  t.match(await call('GET', '/__admin/state', { headers }), {
    status: 404,
    body: { error: { code: 'ROUTE_NOT_FOUND' } },
  });
  const json = { publishableKey: 'pk_x', endUserId: 'end_usr_1234567abcdefg' };
  const { body } = await call('POST', '/v1/auth-sessions', { headers, json });
  t.match(body.authFlowUrl, /^http:\/\/api\.conductor\.is\/connect\/qbd\//);
  const page = await call('GET', body.authFlowUrl.slice('http://api.conductor.is'.length), {
    headers: { host: 'api.conductor.is' },
  });
  t.match(page, { status: 200, body: /Acme Inc\./ });
});

t.test('a provider is served at the root of its own port, which closes with the server', async (t) => {
  const { app } = await listening(t);
  const server = await openRootMount(app, provider('proficient'), { port: 0, host: '127.0.0.1' });
  const { port } = server.address() as { port: number };
  const base = `http://127.0.0.1:${port}`;
  t.equal((await fetch(`${base}/users`)).status, 200);
  t.equal((await fetch(`${base}/users/u_Alice0000000000000000042`, { method: 'DELETE' })).status, 200);
  t.match(await (await fetch(`${base}/__admin/state`)).json(), { error: { code: 'resource_not_found' } });
  await t.rejects(openRootMount(app, provider('pagecall'), { port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
  await app.close();
  await t.rejects(fetch(`${base}/users`));
});

t.test('absolute request URLs, as sent to proxies, are routed by host and path', async (t) => {
  const { url } = await listening(t);
  const { port } = new URL(url);
  const rest = 'HTTP/1.1\r\nhost: proxy\r\nauthorization: Bearer sk_x\r\nconnection: close\r\n\r\n';
  t.match(await sendRaw(port, `GET http://api.conductor.is/v1/end-users ${rest}`), /^HTTP\/1\.1 200 /);
  t.match(await sendRaw(port, `GET http://localhost/conductor/v1/end-users ${rest}`), /^HTTP\/1\.1 200 /);
});

t.test('invalid HTTP on a provider’s own port gets the provider’s error body', async (t) => {
  const { app } = await listening(t);
  const server = await openRootMount(app, provider('conductor'), { port: 0, host: '127.0.0.1' });
  const { port } = server.address() as { port: number };
  const answer = await sendRaw(port, 'FROB /v1/end-users HTTP/1.1\r\nhost: x\r\n\r\n');
  t.match(answer, /^HTTP\/1\.1 404 .*conductor-request-id: req_.*"ROUTE_NOT_FOUND"/is);
});
