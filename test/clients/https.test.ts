// Third-party clients over HTTPS, configured only with the CA to trust.
import { spawn, spawnSync } from 'node:child_process';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Conductor from 'conductor-node';
import t, { type Test } from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { SOURCES } from '../harness.ts';
import { secured } from '../https.ts';
import { BARE } from '../process.ts';

const ALICE = 'end_usr_alice000000042';
const ALIASES = pathToFileURL(join(SOURCES, 'scripts/alias-hosts.mjs')).href;

/** Runs a program with these variables and none of the test runner's. */
async function runs(environment: Record<string, string>, program: string, ...args: string[]) {
  const child = spawn('env', [...BARE, program, ...args], { cwd: SOURCES, env: { ...process.env, ...environment } });
  const seen = { code: null as number | null, out: '', err: '' };
  child.stdout.on('data', (data) => (seen.out += data));
  child.stderr.on('data', (data) => (seen.err += data));
  seen.code = await new Promise((resolve) => child.once('close', resolve));
  return seen;
}

/** A server, and a file with its CA. */
async function trusted(t: Test) {
  const server = await secured(t);
  return { ...server, file: join(t.testdir({ 'ca.pem': server.ca }), 'ca.pem') };
}

/** The reason to skip a test; false when the program is installed. */
const lacking = (program: string) =>
  spawnSync(program, ['--version']).status === 0 ? false : `${program} is not installed`;

t.test('a Node program with hard-coded hosts needs only NODE_EXTRA_CA_CERTS', async (t) => {
  const { file, port } = await trusted(t);
  const hosts = PROVIDERS.flatMap(({ hosts }) => hosts);
  const environment = { ALIAS_HOSTS: JSON.stringify(Object.fromEntries(hosts.map((host) => [`${host}:443`, port]))) };
  const program = `
    import Conductor from 'conductor-node';
    const answer = await fetch('https://api.pagecall.com/v1/users/user-42', { method: 'DELETE', headers: { authorization: 'Bearer k' } });
    const conductor = new Conductor({ apiKey: 'sk_conductor_test' });
    console.log(JSON.stringify([answer.status, conductor.baseURL, await conductor.endUsers.delete('${ALICE}')]));
  `;
  const args = ['--import', ALIASES, '--input-type=module', '--eval', program];
  const { code, out, err } = await runs({ ...environment, NODE_EXTRA_CA_CERTS: file }, process.execPath, ...args);
  t.strictSame([code, err], [0, '']);
  t.strictSame(JSON.parse(out), [
    200,
    'https://api.conductor.is/v1',
    { id: ALICE, objectType: 'end_user', deleted: true },
  ]);
  t.match(await runs(environment, process.execPath, ...args), { code: 1, err: /UNABLE_TO_VERIFY_LEAF_SIGNATURE/ });
});

t.test("Conductor's SDK with a custom agent uses the agent's CA", async (t) => {
  const { port, ca } = await secured(t);
  const httpAgent = new Agent({ ca });
  t.teardown(() => httpAgent.destroy());
  const baseURL = `https://localhost:${port}/conductor/v1`;
  const conductor = new Conductor({ apiKey: 'sk_conductor_test', baseURL, httpAgent, maxRetries: 0 });
  t.strictSame(await conductor.endUsers.delete(ALICE), { id: ALICE, objectType: 'end_user', deleted: true });
  const stranger = new Conductor({ apiKey: 'sk_conductor_test', baseURL, maxRetries: 0 });
  await t.rejects(stranger.endUsers.list(), { cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } });
});

t.test('curl', { skip: lacking('curl') }, async (t) => {
  const { port, file } = await trusted(t);
  const answer = (url: string, ...more: string[]) =>
    runs({}, 'curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Authorization: Bearer sk_x', ...more, url);
  const trust = ['--cacert', file];
  const here = ['--connect-to', `api.conductor.is:443:127.0.0.1:${port}`];
  t.strictSame(await answer('https://api.conductor.is/v1/end-users', ...trust, ...here), {
    code: 0,
    out: '200',
    err: '',
  });
  t.match(await answer(`https://127.0.0.1:${port}/pagecall/v1/users`, ...trust), { code: 0, out: '200' });
  t.match(await answer(`https://localhost:${port}/pagecall/v1/users`, ...trust, '--tls-max', '1.2'), { out: '200' });
  t.match(await answer(`https://localhost:${port}/pagecall/v1/users`), { code: 60 });
  const reset = await answer(`https://localhost:${port}/pagecall/v1/users`, ...trust, '-H', 'Prefer: fault=reset');
  t.match(reset, { code: 56, err: /reset/ });
});

t.test('Python with strict X.509 verification accepts the certificates', { skip: lacking('python3') }, async (t) => {
  const { port, file } = await trusted(t);
  const program = `
import ssl, sys, urllib.request
context = ssl.create_default_context()
context.verify_flags |= ssl.VERIFY_X509_STRICT
for host in ('localhost', '127.0.0.1'):
    print(urllib.request.urlopen(f'https://{host}:${port}/__admin/health', context=context).status)
`;
  t.strictSame(await runs({ SSL_CERT_FILE: file }, 'python3', '-c', program), { code: 0, out: '200\n200\n', err: '' });
  t.match(await runs({}, 'python3', '-c', program), { code: 1, err: /CERTIFICATE_VERIFY_FAILED/ });
});
