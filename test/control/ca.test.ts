// GET /__admin/ca.pem: the CA certificate that clients must trust for HTTPS.
import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { openAdminPort } from '../../src/control/admin-port.ts';
import { httpOptions } from '../../src/server.ts';
import { listening, testServer } from '../harness.ts';
import { secured } from '../https.ts';

t.test('the CA certificate is served as PEM over HTTP and HTTPS', async (t) => {
  const { call, ask, ca } = await secured(t);
  t.match(await call('GET', '/__admin/ca.pem'), {
    status: 200,
    headers: { 'content-type': 'application/x-pem-file' },
    body: ca,
  });
  t.match(await ask('localhost', 'GET', '/__admin/ca.pem'), { status: 200, body: ca });
  t.match(ca, /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/, 'the private key is not included');
  t.match(new X509Certificate(ca).subject, /^CN=Understudy CA [0-9a-f]{8}$/);
});

t.test('without HTTPS the CA route responds 404 and names the flag to set', async (t) => {
  const { call } = await testServer(t);
  t.strictSame(await call('GET', '/__admin/ca.pem').then(({ status, body }) => ({ status, body })), {
    status: 404,
    body: {
      type: 'urn:understudy:no-https',
      title: 'No HTTPS',
      status: 404,
      detail: 'This server does not serve HTTPS; start it with --tls <port> to create a CA.',
    },
  });
});

t.test('the CA route needs no token and no known Host, but rejects cross-site requests', async (t) => {
  const { call, ask } = await secured(t, { adminToken: 'secret' });
  const get = async (headers: Record<string, string>) => (await call('GET', '/__admin/ca.pem', { headers })).status;
  t.equal(await get({}), 200);
  t.equal(await get({ host: '10.0.0.7:4010' }), 200);
  t.equal(await get({ origin: 'http://evil.example' }), 403);
  t.equal(await get({ 'sec-fetch-site': 'cross-site' }), 403);
  t.equal((await ask('localhost', 'GET', '/__admin/state')).status, 403, 'other routes need the token');
});

t.test('over HTTPS the control plane accepts its own https origin', async (t) => {
  const { ask, port, secure } = await secured(t);
  const reset = async (headers: Record<string, string>) =>
    (await ask('127.0.0.1', 'POST', '/__admin/reset', { headers, json: {} })).status;
  t.equal(await reset({ origin: secure, 'sec-fetch-site': 'same-origin' }), 204);
  t.equal(await reset({ host: 'understudy', origin: 'https://understudy' }), 204);
  t.equal(await reset({ origin: `http://127.0.0.1:${port}` }), 403);
  t.equal(await reset({ origin: 'https://evil.example' }), 403);
  t.equal(await reset({ host: 'evil.example', origin: 'https://evil.example' }), 403);
});

t.test('with --admin-port the CA is served on the admin port and not over HTTPS', async (t) => {
  const { app, ask, url, ca } = await secured(t, { adminPortOnly: true });
  const server = await openAdminPort(app, { port: 0, host: '127.0.0.1', http: httpOptions() });
  const { port } = server.address() as { port: number };
  t.equal(await (await fetch(`http://127.0.0.1:${port}/__admin/ca.pem`)).text(), ca);
  t.equal((await fetch(`${url}/__admin/ca.pem`)).status, 404);
  for (const path of ['/__admin/ca.pem', '/__admin/health', '/'])
    t.equal((await ask('localhost', 'GET', path)).status, 404, path);
});

t.test('the control plane is not served under a provider host name', async (t) => {
  const { ask } = await secured(t);
  t.match(
    await ask('api.conductor.is', 'GET', '/__admin/ca.pem', {
      headers: { authorization: 'Bearer sk_x', host: 'api.conductor.is' },
    }),
    {
      status: 404,
      body: { error: { code: 'ROUTE_NOT_FOUND' } },
    },
  );
});

t.test('the CA route is in the control plane’s document', async (t) => {
  const { call } = await listening(t);
  const { paths } = (await call('GET', '/__admin/openapi.json')).body;
  t.match(paths['/__admin/ca.pem'].get, {
    summary: /CA certificate .* needs no token/,
    responses: { 200: { content: { 'application/x-pem-file': { schema: { type: 'string' } } } }, 404: Object },
  });
});
