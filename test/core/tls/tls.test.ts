// HTTPS beside HTTP: certificates for any requested name that strict clients accept.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import t from 'tap';
import { stop } from '../../../src/cli/command.ts';
import { Authority } from '../../../src/core/tls/certificate-authority.ts';
import { openTls } from '../../../src/core/tls/tls-port.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { httpOptions } from '../../../src/server.ts';
import { secured } from '../../https.ts';
import { sendRaw } from '../../raw-socket.ts';

const DAY = 24 * 3600 * 1000;
const key = { authorization: 'Bearer sk_test' };
const LISTS: Record<string, string> = { proficient: '/users', pagecall: '/users', conductor: '/end-users' };

t.test('code with a hard-coded host gets a certificate for it and reaches its provider', async (t) => {
  const { ask } = await secured(t);
  for (const { name, hosts, base } of PROVIDERS) {
    for (const host of hosts) {
      const { status, certificate } = await ask(host, 'GET', base + LISTS[name], { headers: { ...key, host } });
      t.equal(status, 200, host);
      t.equal(certificate.subjectaltname, `DNS:${host}`);
      t.match(certificate.subject, { CN: host });
    }
  }
});

t.test('any other name works without configuration, in any case and of maximum length', async (t) => {
  const { ask } = await secured(t);
  const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.example`;
  for (const host of ['understudy', 'LocalHost', 'a.b.example', 'under_score.example', 'xn--bcher-kva.example', long]) {
    const { status, certificate } = await ask(host, 'GET', '/__admin/health');
    t.equal(status, 200, host);
    t.equal(certificate.subjectaltname, `DNS:${host.toLowerCase()}`);
  }
});

t.test('addresses and invalid names get the certificate of this machine', async (t) => {
  const { ask, port, ca } = await secured(t);
  const local = 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1';
  t.equal((await ask('127.0.0.1', 'GET', '/__admin/health')).certificate.subjectaltname, local);
  t.equal(await namesFor(port, ca, 'not a name'), local);
  t.equal(await namesFor(port, ca, 'trailing.dot.'), local);
  t.equal(await namesFor(port, ca, undefined), local);
});

t.test(
  'the certificate has every address of the machine when listening on all, else the one listened on',
  async (t) => {
    const { port, ca } = await secured(t, {}, '0.0.0.0');
    const shown = await namesFor(port, ca, undefined);
    const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
      all.filter(({ family }) => family === 'IPv4'),
    );
    for (const { address } of addresses) t.match(shown, `IP Address:${address}`);
    const named = (host: string) => new X509Certificate(Authority.open(null).credentials(host).cert);
    t.match(named('fe80::1:2%eth0').subjectAltName, 'IP Address:FE80:0:0:0:0:0:1:2');
    t.match(named('::ffff:10.0.0.7').subjectAltName, 'IP Address:0:0:0:0:0:FFFF:A00:7');
    t.match(named('10.0.0.7').checkIP('10.0.0.7'), '10.0.0.7');
    t.equal(named('localhost').subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  },
);

t.test('the CA can only sign, for ten years; its certificates expire within 397 days', async (t) => {
  const { ask, ca } = await secured(t);
  const authority = new X509Certificate(ca);
  t.equal(authority.ca, true);
  t.equal(authority.checkIssued(authority), true);
  t.equal(authority.verify(authority.publicKey), true);
  t.match(authority.publicKey.asymmetricKeyDetails, { namedCurve: 'prime256v1' });
  const years = (Date.parse(authority.validTo) - Date.now()) / DAY / 365;
  t.ok(years > 9.99 && years < 10.01, `${years} years`);
  const shown = new X509Certificate((await ask('one.example', 'GET', '/__admin/health')).certificate.raw);
  t.equal(shown.checkIssued(authority), true);
  t.equal(shown.verify(authority.publicKey), true);
  t.equal(shown.ca, false);
  t.same(shown.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'authenticates servers');
  t.ok((Date.parse(shown.validTo) - Date.parse(shown.validFrom)) / DAY <= 397);
  t.ok(Date.parse(shown.validFrom) < Date.now() - DAY / 2, 'clients with a slow clock accept it');
  const other = new X509Certificate((await ask('two.example', 'GET', '/__admin/health')).certificate.raw);
  const serials = [authority, shown, other].map(({ serialNumber }) => serialNumber);
  for (const serial of serials) t.match(serial, /^[4-7][0-9A-F]{31}$/, 'positive, 16 bytes');
  t.equal(new Set(serials).size, 3);
});

t.test('a certificate is cached, and generated again after eviction', async (t) => {
  const { port, ca } = await secured(t);
  const serial = async () => (await peer(port, ca, 'kept.example')).serialNumber;
  const first = await serial();
  t.equal(await serial(), first);
  const authority = Authority.open(null);
  const [oldest, next] = [authority.contextFor('0.example'), authority.contextFor('1.example')];
  for (let n = 2; n < 100; n++) authority.contextFor(`${n}.example`);
  t.equal(authority.contextFor('0.example'), oldest, 'just used');
  authority.contextFor('100.example');
  t.equal(authority.contextFor('0.example'), oldest);
  t.not(authority.contextFor('1.example'), next, 'the least recently used was evicted');
});

t.test('links in responses use https for requests over HTTPS', async (t) => {
  const { ask, call, port } = await secured(t);
  const json = { publishableKey: 'pk_x', endUserId: 'end_usr_1234567abcdefg' };
  const rooted = { headers: { ...key, host: 'api.conductor.is' }, json };
  const flow = (await ask('api.conductor.is', 'POST', '/v1/auth-sessions', rooted)).body.authFlowUrl;
  t.match(flow, /^https:\/\/api\.conductor\.is\/connect\/qbd\//);
  const page = await ask('api.conductor.is', 'GET', flow.slice('https://api.conductor.is'.length), {
    headers: { host: 'api.conductor.is' },
  });
  t.match(page, { status: 200, body: /Acme Inc\./ });
  const mounted = await ask('localhost', 'POST', '/conductor/v1/auth-sessions', { headers: key, json });
  t.match(mounted.body.authFlowUrl, new RegExp(`^https://localhost:${port}/conductor/connect/qbd/`));
  t.match((await ask('localhost', 'POST', '/__admin/sandboxes', { json: { name: 'a' } })).body.providers, {
    proficient: { baseUrl: `https://localhost:${port}/proficient` },
    pagecall: { baseUrl: `https://localhost:${port}/pagecall/v1` },
    conductor: { baseUrl: `https://localhost:${port}/conductor/v1` },
  });
  t.match((await call('GET', '/__admin/sandboxes/a')).body.providers.conductor, {
    baseUrl: 'http://localhost/conductor/v1',
  });
  const join = await ask('localhost', 'POST', '/__admin/conductor/end-users/end_usr_1234567abcdefg/connect', {
    json: {},
  });
  t.equal(join.status, 200);
});

t.test('HTTP and HTTPS reach the same sandboxes', async (t) => {
  const { ask, call } = await secured(t);
  t.equal((await ask('localhost', 'DELETE', '/pagecall/v1/users/user-42', { headers: key })).status, 200);
  t.equal((await call('GET', '/pagecall/v1/users/user-42', { headers: key })).status, 400);
  const { requests } = (await call('GET', '/__admin/requests')).body;
  t.match(requests[1], { provider: 'pagecall', request: { method: 'DELETE', url: '/pagecall/v1/users/user-42' } });
});

t.test('a port in use is rejected, and connections without TLS are closed', async (t) => {
  const { app, port, ask } = await secured(t);
  const again = { port, host: '127.0.0.1', http: httpOptions(), data: null };
  await t.rejects(openTls(app, again), { code: 'EADDRINUSE' });
  t.notMatch(await sendRaw(port, 'GET /__admin/health HTTP/1.1\r\nhost: x\r\n\r\n'), 'HTTP/1.1');
  t.equal((await ask('localhost', 'GET', '/__admin/health')).status, 200, 'other clients are served');
});

t.test('invalid HTTP gets a response over HTTPS too', async (t) => {
  const { port, ca } = await secured(t);
  const socket = connectTls({ port, host: '127.0.0.1', ca }, () =>
    socket.write('FROB /conductor/v1/end-users HTTP/1.1\r\nhost: x\r\n\r\n'),
  );
  let got = '';
  socket.on('data', (data) => (got += data));
  await once(socket, 'close');
  t.match(got, /^HTTP\/1\.1 404 .*conductor-request-id: req_.*"ROUTE_NOT_FOUND"/is);
});

t.test('closing the server ends idle connections and incomplete handshakes, and lets responses finish', async (t) => {
  const { app, server, url, port, ca, ask } = await secured(t);
  const mute = connect(port, '127.0.0.1');
  const idle = connectTls({ port, host: '127.0.0.1', ca });
  idle.write('GET /__admin/health HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await Promise.all([once(mute, 'connect'), once(idle, 'data')]);
  const arrived = [app.server, server].map((one) => once(one, 'request'));
  // Over keep-alive connections.
  const late = [connect(Number(new URL(url).port), '127.0.0.1'), connectTls({ port, host: '127.0.0.1', ca })].map(
    async (socket) => {
      let got = '';
      socket.on('data', (data) => (got += data));
      socket.write(
        'GET /pagecall/v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\nprefer: delay=300\r\n\r\n',
      );
      await once(socket, 'close');
      return got;
    },
  );
  await Promise.all(arrived);
  let open = true;
  server.once('close', () => {
    open = false;
  });
  const began = performance.now();
  await Promise.all([app.close(), once(mute, 'close'), once(idle, 'close')]);
  t.ok(performance.now() - began < 30_000, 'keep-alive connections do not delay closing');
  t.notOk(open, 'the server closes after its last response');
  for (const got of await Promise.all(late)) {
    const [head = '', body = ''] = got.split('\r\n\r\n');
    t.match(head, /^HTTP\/1\.1 200 /);
    t.equal(Buffer.byteLength(body), Number(/content-length: (\d+)/.exec(head)?.[1]), 'whole');
  }
  await t.rejects(ask('localhost', 'GET', '/__admin/health'), { code: 'ECONNREFUSED' });
});

t.test('a response that takes too long is cut off when the server closes', async (t) => {
  const { app, server, ask } = await secured(t);
  const arrived = once(server, 'request');
  const slow = ask('localhost', 'GET', '/pagecall/v1/users', { headers: { ...key, prefer: 'delay=60000' } });
  const refused = t.rejects(slow, { code: 'ECONNRESET' });
  await arrived;
  await Promise.all([stop(app), refused]);
});

async function peer(port: number, ca: string, servername: string | undefined) {
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    ca,
    ...(servername === undefined ? {} : { servername }),
    // The test checks the certificate's name itself.
    checkServerIdentity: () => undefined,
  });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

async function namesFor(port: number, ca: string, servername: string | undefined): Promise<string | undefined> {
  return (await peer(port, ca, servername)).subjectaltname;
}
