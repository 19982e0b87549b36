// `understudy erasure-check`: what it sends, what it prints, and how it exits.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { readCommand } from '../../src/cli/program.ts';
import { listening } from '../harness.ts';
import { typed } from './shell.ts';

const CONDUCTOR = { authorization: 'Bearer sk_conductor_test' };

/** Runs the command; gives its exit code and what it printed. */
async function ask(...args: string[]): Promise<[unknown, string]> {
  const { code, out, err } = await typed(['erasure-check', ...args]);
  return [code, out + err];
}

t.test('what is left is a table with the call that deletes it, and the exit code is 1', async (t) => {
  const { url } = await listening(t);
  t.same(await ask('bob@acme.com', '--url', `${url}/`), [
    1,
    `PROVIDER   RESOURCE                ID                        FIELD      MATCH      ERASE WITH
conductor  endUsers                end_usr_1234567abcdefg    email      exact      DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  integrationConnections  int_conn_1234567abcdefg   endUserId  reference  DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  authSessions            auth_sess_1234567abcdefg  endUserId  reference  DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  passthroughRecords      pass_19zwdxj5792efo       endUserId  reference  DELETE /conductor/v1/end-users/end_usr_1234567abcdefg

left: 4 residues of bob@acme.com (147 rows in 14 resources)
`,
  ]);
});

t.test('when nothing is left it says so and exits with 0', async (t) => {
  const { url, call } = await listening(t);
  await call('DELETE', '/conductor/v1/end-users/end_usr_1234567abcdefg', { headers: CONDUCTOR });
  const { port } = new URL(url);
  t.same(await ask('--port', port, 'bob@acme.com', 'Robert'), [
    0,
    'clean: nothing of bob@acme.com, Robert is left (143 rows in 14 resources)\n',
  ]);
  await typed(['sandboxes', 'create', 'elsewhere', '--port', port]);
  const [elsewhere] = await ask('--port', port, 'bob@acme.com', '--sandbox', 'elsewhere');
  t.equal(elsewhere, 1, 'in another sandbox he is still there');
});

t.test('--json prints the response of the control plane, --include searches other places', async (t) => {
  const { url, call } = await listening(t);
  const [code, text] = await ask('user-42', '--url', url, '--json');
  t.equal(code, 1);
  const json = { subjects: ['user-42'], include: ['state'] };
  t.same(JSON.parse(text), (await call('POST', '/__admin/erasure-checks', { json })).body);
  t.same(await ask('user-42', '--url', url, '--include', 'journal, webhooks', '--admin-token', 'not-asked-for-here'), [
    0,
    'clean: nothing of user-42 is left (0 rows in 2 resources)\n',
  ]);
});

t.test('an id that a client chose cannot control the terminal, and a truncated list says so', async (t) => {
  const one = { provider: 'p', resource: 'r', id: '\u001b[2J\n', field: 'f', match: 'exact', erasableBy: 'DELETE /x' };
  const answer = {
    clean: false,
    subjects: ['a\tb'],
    searched: { resources: 1, rows: 1 },
    residues: [one],
    truncated: true,
  };
  const server = createServer((_request, response) => response.end(JSON.stringify(answer))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  t.same(await ask('x', '--port', String(port)), [
    1,
    `PROVIDER  RESOURCE  ID               FIELD  MATCH  ERASE WITH
p         r         \\u001b[2J\\u000a  f      exact  DELETE /x

left: more than 1 residue of a\\u0009b (1 row in 1 resource)
`,
  ]);
});

t.test('a server that cannot be reached is trouble; why is printed on standard error', async (t) => {
  const other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  t.strictSame(await typed(['erasure-check', 'x', '--port', String(port)]), {
    code: 2,
    out: '',
    err: `understudy: ${origin} answered 200: it does not seem to be Understudy.\n`,
  });
  other.close();
  other.closeAllConnections();
  t.strictSame(await typed(['erasure-check', 'x', '--port', String(port)]), {
    code: 2,
    out: '',
    err: `understudy: ${origin} cannot be reached (connect ECONNREFUSED 127.0.0.1:${port}); start it, or name it with --url.\n`,
  });
  t.match(await typed(['erasure-check', '--port', String(port)]), {
    code: 2,
    err: "understudy: Missing required argument 'subject'; see understudy erasure-check --help.\n",
  });
});

t.test('its settings are read like those of other commands', async (t) => {
  const settings = (args: string[], environment = {}) => {
    const asked = readCommand(['erasure-check', ...args], environment);
    return 'action' in asked ? { config: asked.config, words: asked.words } : asked;
  };
  t.strictSame(settings(['a', '--include', 'journal', '--include', 'state', '--', '-b']), {
    config: {
      url: null,
      sandbox: null,
      include: ['journal', 'state'],
      json: false,
      port: 4010,
      'admin-port': null,
      'admin-token': null,
    },
    words: ['a', '-b'],
  });
  t.match(settings(['a'], { UNDERSTUDY_SANDBOX: 's', UNDERSTUDY_JSON: 'true', UNDERSTUDY_INCLUDE: 'journal,state' }), {
    config: { sandbox: 's', json: true, include: ['journal', 'state'] },
  });
  const cases: [string[], RegExp][] = [
    [['--include', 'mail'], /^--include takes any of state, journal, webhooks, snapshots, not "mail"\.$/],
    [['--sandbox='], /^--sandbox takes 1 to 64 letters, digits and hyphens, not ""\.$/],
    [['--sandbox', '☃'], /^--sandbox takes 1 to 64 letters, digits and hyphens, not "☃"\.$/],
    [['--url', 'nonsense'], /^--url takes the URL of a server, as in http:\/\/127\.0\.0\.1:4010, not "nonsense"\.$/],
    [['--url', 'ftp://a.example'], /^--url takes the URL of a server/],
    [['--url', 'http://a.example/?x=1'], /^--url takes the URL of a server/],
    [['--json=maybe'], /^Unknown option '--json=maybe'; see understudy erasure-check --help\.$/],
    [['--data', 'x'], /^Unknown option '--data'; see understudy erasure-check --help\.$/],
  ];
  for (const [args, message] of cases) t.throws(() => settings(['x', ...args]), { message });
});
