// `understudy erasure-check`: what it sends, what it prints, and how it exits.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { readCommand } from '../../src/cli/program.ts';
import { RESOURCES, ROWS } from '../core/deletions/searched.ts';
import { listening } from '../harness.ts';
import { typed } from './shell.ts';

const CONDUCTOR = { authorization: 'Bearer sk_conductor_test' };

/** Runs the command; gives its exit code and what it printed. */
async function ask(...args: string[]): Promise<[unknown, string]> {
  const { code, out, err } = await typed(['erasure-check', ...args]);
  return [code, (out + err).replace(/, \d{4}-\d\d-\d\dT[\d:.]+Z\)/g, ', …)')];
}

const LINKED = `linked identities, also searched:
  end_usr_1234567abcdefg (id of conductor endUsers end_usr_1234567abcdefg, …)
  12345678-abcd-abcd-example-1234567890ab (sourceId of conductor endUsers end_usr_1234567abcdefg, …)
`;

t.test('what is left is a table with the call that deletes it, and the exit code is 1', async (t) => {
  const { url } = await listening(t);
  t.same(await ask('bob@acme.com', '--url', `${url}/`), [
    1,
    `PROVIDER   RESOURCE                ID                        FIELD      MATCH      ERASE WITH
conductor  endUsers                end_usr_1234567abcdefg    id         linked     DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  endUsers                end_usr_1234567abcdefg    sourceId   linked     DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  endUsers                end_usr_1234567abcdefg    email      exact      DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  integrationConnections  int_conn_1234567abcdefg   endUserId  reference  DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  authSessions            auth_sess_1234567abcdefg  endUserId  reference  DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
conductor  passthroughRecords      pass_19zwdxj5792efo       endUserId  reference  DELETE /conductor/v1/end-users/end_usr_1234567abcdefg

left: 6 residues of bob@acme.com (${ROWS} rows in ${RESOURCES} resources)
${LINKED}requests that remove them, in order:
  DELETE /conductor/v1/end-users/end_usr_1234567abcdefg
`,
  ]);
});

t.test('the table says in which encoding a name stands', async (t) => {
  const { url, call } = await listening(t);
  const json = { match: { path: '/conductor/v1/end-users/zoe%40example.org' }, effect: { status: 500 } };
  const { id } = (await call('POST', '/__admin/faults', { json })).body;
  t.same(await ask('zoe@example.org', '--url', url, '--include', 'faults'), [
    1,
    `PROVIDER    RESOURCE  ID                FIELD       MATCH                      ERASE WITH
understudy  faults    ${id}  match.path  contains, percent-encoded  DELETE /__admin/faults/${id}

left: 1 residue of zoe@example.org (1 row in 1 resource)
requests that remove them, in order:
  DELETE /__admin/faults/${id}
`,
  ]);
  t.equal((await call('DELETE', `/__admin/faults/${id}`)).status, 204);
  t.match(await ask('zoe@example.org', '--url', url, '--include', 'faults'), [0, /^clean: /]);
});

t.test('when nothing is left it says so and exits with 0', async (t) => {
  const { url, call } = await listening(t);
  await call('DELETE', '/conductor/v1/end-users/end_usr_1234567abcdefg', { headers: CONDUCTOR });
  const { port } = new URL(url);
  t.same(await ask('--port', port, 'bob@acme.com', 'Robert'), [
    0,
    `clean: nothing of bob@acme.com, Robert is left (${ROWS - 4} rows in ${RESOURCES} resources)\n${LINKED}`,
  ]);
  await typed(['sandboxes', 'create', 'elsewhere', '--port', port]);
  const [elsewhere] = await ask('--port', port, 'bob@acme.com', '--sandbox', 'elsewhere');
  t.equal(elsewhere, 1, 'in another sandbox he is still there');
});

t.test('--json prints the response of the control plane, --include searches other places', async (t) => {
  const { url, call } = await listening(t);
  await call('PUT', '/__admin/clock', { json: { action: 'freeze' } });
  const [code, text] = await ask('user-42', '--url', url, '--json');
  t.equal(code, 1);
  const json = { subjects: ['user-42'], include: ['state'] };
  t.same(JSON.parse(text), (await call('POST', '/__admin/erasure-checks', { json })).body);
  const [exit, printed] = await ask('user-42', '--url', url, '--include', 'journal, webhooks', '--admin-token', 'none');
  t.equal(exit, 0);
  t.match(printed, /^clean: nothing of user-42 is left \(0 rows in 2 resources\)\n/);
});

t.test('an id that a client chose cannot control the terminal, and a truncated list says so', async (t) => {
  const one = { provider: 'p', resource: 'r', id: '\u001b[2J\n', field: 'f', match: 'exact', erasableBy: 'DELETE /x' };
  const answer = {
    clean: false,
    subjects: ['a\tb'],
    searched: { resources: 1, rows: 1 },
    at: '2025-01-01T00:00:00.000Z',
    linked: false,
    residues: [one],
    plan: ['DELETE /x'],
    unerasable: [],
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
requests that remove them, in order:
  DELETE /x
Linked identities were not searched, only the given subjects.
There are more residues than listed; check again after removing these.
`,
  ]);
});

t.test('only the given subjects are searched with --no-linked; --contains lists what does not count', async (t) => {
  const { url } = await listening(t);
  t.same(await ask('school-1', '--url', url, '--no-linked'), [
    0,
    `clean: nothing of school-1 is left (${ROWS} rows in ${RESOURCES} resources)\nLinked identities were not searched, only the given subjects.\n`,
  ]);
  const [code, printed] = await ask('school-0', '--url', url, '--contains');
  t.equal(code, 0, 'what is inside a longer identifier does not change the exit code');
  t.match(printed, /conductor +endUsers +end_usr_5tq6oke9rmlxvf +sourceId +inside +-\n/);
  t.match(printed, 'Matches inside longer identifiers (inside) do not count.\n');
});

t.test('a report is written as JUnit XML or HTML, wherever the flag stands, with the receipts', async (t) => {
  const { url, call } = await listening(t);
  const end = 'end_usr_1234567abcdefg';
  await call('DELETE', `/conductor/v1/end-users/${end}`, { headers: CONDUCTOR });
  const dir = t.testdir();
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  const [xml, html] = [join(dir, 'a.xml'), join(dir, 'a=b.html')];
  t.equal((await ask('--report', 'junit', xml, 'user-42', '--url', url))[0], 1);
  t.match(
    read('a.xml'),
    /^<\?xml.*<testsuite name="erasure check" tests="\d+" failures="\d+".*nothing of user-42 is left/s,
  );
  t.equal((await ask('bob@acme.com', '--url', url, '--report', 'html', html))[0], 0);
  const page = read('a=b.html');
  t.match(page, /^<!doctype html>.*<p class="verdict clean">clean: nothing of bob@acme.com is left/s);
  t.match(page, `conductor endUsers.delete: endUsers ${end} (1 endUsers, 1 integrationConnections`);
  t.equal((await ask('bob@acme.com', '--url', url, `--report=junit=${xml}`, '--json'))[0], 0);
  t.match(read('a.xml'), 'failures="0"');
  const refused = async (...args: string[]) => (await ask('x', '--url', url, ...args))[1];
  const usage = 'understudy: --report takes junit or html, and a file, not ';
  t.equal(await refused('--report', 'junit'), `${usage}"junit".\n`);
  t.equal(await refused('--report', 'pdf', 'x.pdf'), `${usage}"pdf".\n`);
  t.match(
    await refused('--report', 'html', join(dir, 'no', 'x.html')),
    /^understudy: --report: .*x\.html cannot be written \(ENOENT/,
  );
  t.equal(
    (await ask('--url', url, '--no-linked', '--', '--report', 'html', 'zzz'))[0],
    0,
    'after -- they are subjects',
  );
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
      host: '127.0.0.1',
      sandbox: null,
      include: ['journal', 'state'],
      'no-linked': false,
      contains: false,
      report: null,
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
    [['--include', 'mail'], /^--include takes any of state, journal, webhooks, faults, snapshots, not "mail"\.$/],
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
