// The CA of https in the data folder: made once, kept, and refused when what is there cannot be used.
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BitString, ObjectIdentifier, Sequence, Set as SetOf, Utf8String } from 'asn1js';
import { Certificate, RelativeDistinguishedNames } from 'pkijs';
import t from 'tap';
import { Authority } from '../../../src/core/tls/certificate-authority.ts';
import { certifyAuthority, certifyServer } from '../../../src/core/tls/certificates.ts';
import { testServer } from '../../harness.ts';
import { secured } from '../../https.ts';

const YEAR = 365 * 24 * 3600 * 1000;

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

t.test('kept beside the sandboxes, its key for its owner alone, and used again by the next start', async (t) => {
  const data = t.testdir();
  const first = await secured(t, { data });
  t.equal((await first.ask('localhost', 'GET', '/__admin/health')).status, 200);
  await first.app.close();
  t.equal(statSync(join(data, 'ca-key.pem')).mode & 0o777, 0o600);
  t.equal(readFileSync(join(data, 'ca.pem'), 'utf8'), first.ca);
  const second = await secured(t, { data });
  t.equal(second.ca, first.ca);
  t.equal((await second.ask('api.conductor.is', 'GET', '/', { headers: { host: 'localhost' } })).status, 302);
  t.not((await secured(t)).ca, first.ca, 'without a folder it is a new one');
});

t.test('sandboxes do not mind it, and a reset leaves it where it is', async (t) => {
  const data = t.testdir();
  const { call, app } = await secured(t, { data });
  for (const name of ['ca', 'ca-key']) {
    const headers = { authorization: 'Bearer k', 'x-understudy-sandbox': name };
    t.equal((await call('GET', '/pagecall/v1/users', { headers })).status, 200);
  }
  t.equal((await call('POST', '/__admin/reset?sandbox=*')).status, 204);
  t.equal((await call('DELETE', '/__admin/sandboxes/ca')).status, 204);
  await app.close();
  t.same(readdirSync(data).sort(), ['ca-key.pem', 'ca-key.sqlite', 'ca.pem', 'default.sqlite']);
  const again = await testServer(t, { data });
  t.same(
    (await again.call('GET', '/__admin/sandboxes')).body.sandboxes.map(({ name }: { name: string }) => name).sort(),
    ['ca-key', 'default'],
  );
});

t.test(
  'half a CA, a broken one, or one that cannot sign here is refused in one sentence with the way out',
  async (t) => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const odd = generateKeyPairSync('ed25519');
    const certificate = certifyAuthority(ec.privateKey);
    const leaf = certifyServer({ certificate, key: ec.privateKey }, other.publicKey, ['a.example']);
    const ca = certificate.toString();
    const cases: [Record<string, string>, RegExp][] = [
      [{ 'ca.pem': ca }, /ca\.pem exists without ca-key\.pem; /],
      [{ 'ca-key.pem': pem(ec.privateKey) }, /ca-key\.pem exists without ca\.pem; /],
      [{ 'ca.pem': 'x', 'ca-key.pem': pem(ec.privateKey) }, /ca\.pem cannot be read as a certificate \(.+\); /],
      [{ 'ca.pem': ca, 'ca-key.pem': ca }, /ca-key\.pem cannot be read as a private key \(.+\); /],
      [{ 'ca.pem': ca, 'ca-key.pem': pem(other.privateKey) }, /ca-key\.pem does not belong to ca\.pem; /],
      [{ 'ca.pem': ca, 'ca-key.pem': pem(odd.privateKey) }, /is neither an EC nor an RSA key \(ed25519\); /],
      [{ 'ca.pem': leaf.toString(), 'ca-key.pem': pem(other.privateKey) }, /ca\.pem is not the certificate of a CA; /],
      [
        {
          'ca.pem': certifyAuthority(ec.privateKey, Date.now() - 11 * YEAR).toString(),
          'ca-key.pem': pem(ec.privateKey),
        },
        /ca\.pem expired on \w+ +\d+ .* \d{4} GMT; /,
      ],
    ];
    const dir = t.testdir(Object.fromEntries(cases.map(([files], n) => [n, files])));
    for (const [n, [files, sentence]] of cases.entries()) {
      const folder = join(dir, String(n));
      const { message } = t.throws(() => Authority.open(folder), { message: sentence, status: 500 }) as Error;
      t.match(message, /; delete ca\.pem and ca-key\.pem there to create a new CA, which clients must then trust\.$/);
      t.equal(message.split('\n').length, 1);
      t.same(readdirSync(folder).sort(), Object.keys(files).sort(), 'what is there stays');
    }
  },
);

t.test('a folder that cannot be written to is refused', async (t) => {
  t.throws(() => Authority.open(join(t.testdir(), 'none')), {
    message: /^The CA of https cannot be saved in .*none: it no longer exists; restore it\.$/,
  });
});

t.test('a CA of your own, of the kind that tools make, is used as it is', async (t) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const own = withoutKeyId(certifyAuthority(privateKey, Date.now() - 9.5 * YEAR), privateKey);
  const data = t.testdir({ 'ca.pem': own.toString(), 'ca-key.pem': pem(privateKey) });
  const { ask, ca } = await secured(t, { data });
  t.equal(ca, own.toString());
  const { status, certificate } = await ask('api.pagecall.com', 'GET', '/', { headers: { host: 'localhost' } });
  t.equal(status, 302);
  t.equal(new X509Certificate(certificate.raw).checkIssued(own), true);
  t.same({ ...certificate.issuer }, { O: 'Own', OU: 'Tests', CN: 'Own CA' });
  t.equal(certificate.valid_to, own.validTo, 'what it signs ends no later than it does');
});

/** The same CA as another tool would have made it: a name in three parts, and no identifier for its key. */
function withoutKeyId(certificate: X509Certificate, key: KeyObject): X509Certificate {
  const made = Certificate.fromBER(new Uint8Array(certificate.raw).buffer);
  const parts = { '2.5.4.10': 'Own', '2.5.4.11': 'Tests', '2.5.4.3': 'Own CA' };
  const name = new Sequence({
    value: Object.entries(parts).map(
      ([type, value]) =>
        new SetOf({
          value: [new Sequence({ value: [new ObjectIdentifier({ value: type }), new Utf8String({ value })] })],
        }),
    ),
  });
  made.subject = made.issuer = new RelativeDistinguishedNames({ schema: name });
  made.extensions = made.extensions?.filter(({ extnID }) => !['2.5.29.14', '2.5.29.35'].includes(extnID)) as [];
  const signature = sign('sha256', Buffer.from(made.encodeTBS().toBER()), key);
  made.signatureValue = new BitString({ valueHex: new Uint8Array(signature).buffer });
  return new X509Certificate(Buffer.from(made.toSchema(true).toBER()));
}
