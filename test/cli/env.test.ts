// `understudy env`: variables that point a shell at a sandbox, safe to evaluate in every format.
import { spawnSync } from 'node:child_process';
import t from 'tap';
import { FORMATS } from '../../src/cli/commands/env-formats.ts';
import { openAdminPort } from '../../src/control/admin-port.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { httpOptions } from '../../src/server.ts';
import { listening } from '../harness.ts';
import { printed, typed, typing } from './shell.ts';

/** What is printed for a sandbox of a server at that URL. */
function variables(url: string, sandbox: string, key = sandbox === 'default' ? '' : `_sbx_${sandbox}`) {
  return {
    PROFICIENT_BASE_URL: `${url}/proficient`,
    PROFICIENT_SECRET_KEY: `sk_test_understudy${key}`,
    PROFICIENT_PUBLISHABLE_KEY: `pk_test_understudy${key}`,
    PAGECALL_BASE_URL: `${url}/pagecall/v1`,
    PAGECALL_API_KEY: `pagecall_test_key${key}`,
    CONDUCTOR_BASE_URL: `${url}/conductor/v1`,
    CONDUCTOR_SECRET_KEY: `sk_conductor_test${key}`,
    CONDUCTOR_PUBLISHABLE_KEY: `pk_conductor_test${key}`,
    UNDERSTUDY_URL: url,
    UNDERSTUDY_SANDBOX: sandbox,
  };
}

t.test('a shell that evaluates the output has base URLs and keys that work', async (t) => {
  const { url } = await listening(t);
  const { out, err, code } = await typing(url)('env --sandbox worker-3');
  t.strictSame([code, err], [0, '']);
  t.match(out, `export CONDUCTOR_BASE_URL='${url}/conductor/v1'\n`);
  const names = Object.keys(variables(url, 'worker-3'));
  const echo = names.map((name) => `echo "$${name}"`).join('; ');
  const shell = spawnSync('sh', ['-c', `${out}${echo}`], { env: {}, encoding: 'utf8' });
  t.strictSame(shell.stdout.trim().split('\n'), Object.values(variables(url, 'worker-3')));
  const answer = await fetch(`${url}/conductor/v1/end-users`, {
    headers: { authorization: 'Bearer sk_conductor_test_sbx_worker-3' },
  });
  t.same([answer.status, answer.headers.get('x-understudy-sandbox')], [200, 'worker-3']);
});

t.test('without --sandbox it is the sandbox of the test worker', async (t) => {
  const { url } = await listening(t);
  const sandbox = async (env: Record<string, string>, ...args: string[]) => {
    const { out } = await typed(['env', '--format', 'json', '--url', url, ...args], { env });
    return JSON.parse(out).UNDERSTUDY_SANDBOX;
  };
  t.equal(await sandbox({}), 'default');
  t.equal(await sandbox({ JEST_WORKER_ID: '4' }), 'worker-4');
  t.equal(await sandbox({ JEST_WORKER_ID: '4', UNDERSTUDY_SANDBOX: 'mine' }), 'mine');
  t.equal(await sandbox({ JEST_WORKER_ID: '4', UNDERSTUDY_SANDBOX: 'mine' }, '--sandbox', 'ours'), 'ours');
});

t.test('it fails when there is no server, or no sandbox of that name', async (t) => {
  t.match(await typed(['env', '--port', '1']), { code: 2, out: '', err: /^understudy: .* cannot be reached \(/ });
  const { url } = await listening(t, { limits: { explicitOnly: true } });
  t.match(await typing(url)('env --sandbox worker-3'), {
    code: 2,
    out: '',
    err: /There is no sandbox worker-3; the nearest name is default\. POST/,
  });
  t.strictSame(
    await typed(['env', '--offline', '--json', '--port', '1', '--sandbox', 'a']),
    printed(`${JSON.stringify(variables('http://127.0.0.1:1', 'a'))}\n`),
  );
  const { out } = await typed(['env', '--offline', '--json', '--url', "http://a.example:1/it's/"]);
  t.strictSame(JSON.parse(out), variables("http://a.example:1/it's", 'default'));
});

t.test('the --port flag wins over the UNDERSTUDY_URL of an earlier env', async (t) => {
  const { url } = await listening(t);
  const { port } = new URL(url);
  const env = { UNDERSTUDY_URL: 'http://127.0.0.1:1', UNDERSTUDY_SANDBOX: 'a' };
  const { out } = await typed(['env', '--json', '--port', port], { env });
  t.strictSame(JSON.parse(out), variables(url, 'a'));
  const offline = await typed(['env', '--json', '--offline', '--port', port, '--url', 'http://a.example'], { env });
  t.strictSame(JSON.parse(offline.out), variables('http://a.example', 'a'));
  t.strictSame(await typed(['requests', 'count', '--port', port], { env }), printed('0\n'));
  t.match(await typed(['requests', 'count'], { env }), { code: 2, err: /127\.0\.0\.1:1 cannot be reached/ });
});

t.test('base URLs are those of the providers when the control plane has its own port', async (t) => {
  const { app, url } = await listening(t, { adminPortOnly: true });
  const own = await openAdminPort(app, { port: 0, host: '127.0.0.1', http: httpOptions() });
  const { port } = own.address() as { port: number };
  const { out } = await typed(['env', '--json', '--admin-port', String(port)]);
  t.strictSame(JSON.parse(out), { ...variables(url, 'default'), UNDERSTUDY_URL: `http://127.0.0.1:${port}` });
  t.match(await typing(url)('env'), {
    code: 2,
    err: /The control plane is served on the port given with --admin-port/,
  });
});

t.test('every value is quoted so that it stays one value', async (t) => {
  const lines = [['A', `it's "$(touch x)" \`b\` \\ ’ $HOME\nB=1`]] as const;
  t.equal(FORMATS.fish(lines), `set -gx A 'it\\'s "$(touch x)" \`b\` \\\\ ’ $HOME\nB=1'\n`);
  t.equal(FORMATS.powershell(lines), `$env:A = 'it''s "$(touch x)" \`b\` \\ ’’ $HOME\nB=1'\n`);
  t.equal(FORMATS.dotenv(lines), `A="it's \\"\\$(touch x)\\" \`b\` \\\\ ’ \\$HOME\nB=1"\n`);
  t.equal(FORMATS.dotenv([['A', '$b "c"']]), `A='$b "c"'\n`);
  t.equal(FORMATS.json([['A', "'"]]), `{"A":"'"}\n`);
  const { stdout } = spawnSync('sh', ['-c', `${FORMATS.sh(lines)}printf %s "$A"`], { env: {}, encoding: 'utf8' });
  t.equal(stdout, lines[0][1]);
});

t.test('every provider names one variable for its base URL and one for each key', async (t) => {
  const all = PROVIDERS.flatMap(({ environment }) => Object.values(environment));
  t.equal(new Set(all).size, all.length);
  for (const { name, environment, sampleKeys } of PROVIDERS) {
    t.strictSame(Object.keys(environment), ['baseUrl', ...Object.keys(sampleKeys('default'))], name);
    for (const variable of Object.values(environment)) t.match(variable, new RegExp(`^${name.toUpperCase()}_[A-Z_]+$`));
  }
});
