// The CA's certificate, for clients that are to trust the sandbox's https.
import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { openAdminPort } from '../../src/control/admin-port.ts';
import { httpOptions } from '../../src/server.ts';
import { listening, testServer } from '../harness.ts';
import { secured } from '../https.ts';

t.test('it can be had as PEM, over http and over https', async (t) => {
  const { call, ask, ca } = await secured(t);
  t.match(await call('GET', '/__admin/ca.pem'), {
    status: 200,
    headers: { 'content-type': 'application/x-pem-file' },
    body: ca,
  });
  t.match(await ask('localhost', 'GET', '/__admin/ca.pem'), { status: 200, body: ca });
  t.match(ca, /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/, 'and no key with it');
  t.match(new X509Certificate(ca).subject, /^CN=Understudy CA [0-9a-f]{8}$/);
});

t.test('without https there is none, and the refusal says how to get one', async (t) => {
  const { call } = await testServer(t);
  t.strictSame(await call('GET', '/__admin/ca.pem').then(({ status, body }) => ({ status, body })), {
    status: 404,
    body: {
      type: 'urn:understudy:no-https',
      title: 'No https',
      status: 404,
      detail: 'This server speaks no https; start it with --tls <port> to have a CA.',
    },
  });
});

t.test('it needs neither token nor known Host, but pages of other sites do not read it', async (t) => {
  const { call, ask } = await secured(t, { adminToken: 'secret' });
  const get = async (headers: Record<string, string>) => (await call('GET', '/__admin/ca.pem', { headers })).status;
  t.equal(await get({}), 200);
  t.equal(await get({ host: '10.0.0.7:4010' }), 200);
  t.equal(await get({ origin: 'http://evil.example' }), 403);
  t.equal(await get({ 'sec-fetch-site': 'cross-site' }), 403);
  t.equal((await ask('localhost', 'GET', '/__admin/state')).status, 403, 'all else needs it');
});

t.test('over https an origin is an https one', async (t) => {
  const { ask, port, secure } = await secured(t);
  const reset = async (headers: Record<string, string>) =>
    (await ask('127.0.0.1', 'POST', '/__admin/reset', { headers, json: {} })).status;
  t.equal(await reset({ origin: secure, 'sec-fetch-site': 'same-origin' }), 204);
  t.equal(await reset({ host: 'understudy', origin: 'https://understudy' }), 204);
  t.equal(await reset({ origin: `http://127.0.0.1:${port}` }), 403);
  t.equal(await reset({ origin: 'https://evil.example' }), 403);
  t.equal(await reset({ host: 'evil.example', origin: 'https://evil.example' }), 403);
});

t.test('where the control plane has a port of its own, it is there, and not behind https', async (t) => {
  const { app, ask, url, ca } = await secured(t, { adminPortOnly: true });
  const server = await openAdminPort(app, { port: 0, host: '127.0.0.1', http: httpOptions() });
  const { port } = server.address() as { port: number };
  t.equal(await (await fetch(`http://127.0.0.1:${port}/__admin/ca.pem`)).text(), ca);
  t.equal((await fetch(`${url}/__admin/ca.pem`)).status, 404);
  for (const path of ['/__admin/ca.pem', '/__admin/health', '/'])
    t.equal((await ask('localhost', 'GET', path)).status, 404, path);
});

t.test('under a provider’s own host there is no control plane', async (t) => {
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

t.test('it is in the control plane’s document', async (t) => {
  const { call } = await listening(t);
  const { paths } = (await call('GET', '/__admin/openapi.json')).body;
  t.match(paths['/__admin/ca.pem'].get, {
    summary: /certificate of the CA .* needs no token/,
    responses: { 200: { content: { 'application/x-pem-file': { schema: { type: 'string' } } } }, 404: Object },
  });
});
