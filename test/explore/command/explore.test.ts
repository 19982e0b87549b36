// `understudy explore`: what a command does not survive, with every failure of every call.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { typed } from '../../cli/shell.ts';
import { listening } from '../../harness.ts';
import { COMMAND, explored, exploredJson, verdicts } from '../exploring.ts';

/** What is left of Alice at Conductor. */
const LEFT = [
  'conductor endUsers end_usr_alice000000042',
  'conductor integrationConnections int_conn_xx9655wj65ic7b',
  'conductor authSessions auth_sess_q04ulee4m3wjej',
  'conductor passthroughRecords pass_3aoqjelfj0vblp',
];

const stateFile = () => ({ env: { STATE: join(mkdtempSync(join(tmpdir(), 'explore-')), 'state') } });

t.test('a deletion at two providers is half done when the second fails, and the first is not repeatable', async (t) => {
  const { code, runs, planned, possible, baseline } = await exploredJson(t, 'delete-two', [
    ...['--only', '404,USER_NOT_FOUND,500,reset', '--subject', 'alice@example.com'],
  ]);
  t.equal(code, 1);
  t.strictSame([planned, baseline.differences, baseline.masked], [runs.length, [], []]);
  t.ok(possible > planned);
  t.strictSame(
    baseline.calls.map(({ operation, path }) => `${operation} ${path}`),
    ['DeleteUser /v1/users/user-42', 'endUsers.delete /v1/end-users/end_usr_alice000000042'],
  );
  t.strictSame(verdicts(runs), {
    'DeleteUser 400 USER_NOT_FOUND after-commit': 'half-done',
    'DeleteUser 400 USER_NOT_FOUND before': 'failed-cleanly',
    'DeleteUser 404 NOT_FOUND after-commit': 'half-done',
    'DeleteUser 404 NOT_FOUND before': 'failed-cleanly',
    'DeleteUser 500 INTERNAL after-commit': 'half-done',
    'DeleteUser 500 INTERNAL before': 'failed-cleanly',
    'DeleteUser reset after-commit': 'half-done',
    'DeleteUser reset before': 'failed-cleanly',
    'endUsers.delete 404 RESOURCE_MISSING after-commit': 'done-but-reported-failed',
    'endUsers.delete 404 RESOURCE_MISSING before': 'half-done',
    'endUsers.delete 500 INTERNAL_ERROR after-commit': 'done-but-reported-failed',
    'endUsers.delete 500 INTERNAL_ERROR before': 'half-done',
    'endUsers.delete reset after-commit': 'done-but-reported-failed',
    'endUsers.delete reset before': 'half-done',
  });
  const lost = runs.find(({ verdict, failure }) => verdict === 'half-done' && failure === 'reset');
  t.match(lost, {
    ended: { exit: 1, signal: null, timedOut: false, output: /ECONNRESET|socket hang up/ },
    findings: [{ what: 'left', provider: 'conductor', resource: 'endUsers', id: 'end_usr_alice000000042' }],
    healsOnRetry: false,
    remains: LEFT,
    requests: [{ operation: 'DeleteUser', delivered: false, fault: String }],
    receipts: [{ operation: 'DeleteUser', answered: false }],
  });
  const clean = runs.find(({ verdict }) => verdict === 'failed-cleanly');
  t.strictSame([clean?.healsOnRetry, clean?.requests.length], [true, 1]);
});

t.test('a create that is repeated under another id is done twice', async (t) => {
  const { code, runs } = await exploredJson(t, 'create-twice', ['--only', 'reset']);
  t.equal(code, 1);
  t.strictSame(verdicts(runs), {
    'endUsers.create reset after-commit': 'half-done',
    'endUsers.create reset before': 'survived-differently',
  });
  const lost = runs.find(({ phase }) => phase === 'after-commit');
  t.match(lost?.findings, [{ what: 'doubled', resource: 'endUsers' }]);
});

t.test('code that swallows a failure reports success, and half of its work is done', async (t) => {
  const { code, runs } = await exploredJson(t, 'ignore-failures', ['--only', '500', '--fail-on', 'hung,crashed']);
  t.equal(code, 0);
  t.strictSame(verdicts(runs), {
    'DeleteUser 500 INTERNAL after-commit': 'survived',
    'DeleteUser 500 INTERNAL before': 'half-done',
  });
});

t.test('a row that was created and should be gone is left', async (t) => {
  const { runs } = await exploredJson(t, 'create-and-delete', [
    '--only',
    'endUsers.delete,500',
    '--skip',
    'after-commit',
  ]);
  t.strictSame(
    runs.map(({ verdict, findings, call }) => [verdict, findings.map(({ what }) => what), call.occurrence]),
    [['half-done', ['left'], 1]],
  );
});

t.test('values that are random in each run are not compared, and are named', async (t) => {
  const { runs, baseline } = await exploredJson(t, 'create-random', ['--only', '404,500']);
  t.strictSame(baseline.differences, []);
  t.strictSame(baseline.masked, [
    'endUsers.create body.sourceId',
    'endUsers.retrieve path',
    'conductor endUsers.id',
    'conductor endUsers.sourceId',
  ]);
  t.strictSame(verdicts(runs), {
    'endUsers.create 500 INTERNAL_ERROR after-commit': 'done-but-reported-failed',
    'endUsers.create 500 INTERNAL_ERROR before': 'failed-cleanly',
    'endUsers.retrieve 404 RESOURCE_MISSING before': 'done-but-reported-failed',
    'endUsers.retrieve 500 INTERNAL_ERROR before': 'done-but-reported-failed',
  });
});

t.test('a time that is sent is not compared, and the sandbox keeps times of its own', async (t) => {
  const { runs, baseline } = await exploredJson(t, 'create-at', ['--only', 'slow']);
  t.strictSame(baseline.masked, [
    'endUsers.create body.sourceId',
    'conductor endUsers.id',
    'conductor endUsers.sourceId',
  ]);
  t.ok(runs.every(({ verdict }) => verdict === 'survived'));
});

t.test('a process that the command leaves behind with its output holds nobody up', async (t) => {
  const { runs } = await exploredJson(t, 'daemon', ['--only', 'slow']);
  t.strictSame(verdicts(runs), { 'endUsers.list slow before': 'survived' });
  // It lives for ten seconds.
  t.ok(runs.every(({ durationMs }) => durationMs < 10_000));
});

t.test('a client without a time-out hangs, one that is killed crashes, and a slow response does no harm', async (t) => {
  const flags = ['--time-limit', '8'];
  const [{ runs }, patient] = await Promise.all([
    exploredJson(t, 'read-or-crash', ['--only', 'hang,reset,slow', ...flags]),
    exploredJson(t, 'create', ['--only', 'hang', ...flags], { env: { TIMEOUT: '2000' } }),
  ]);
  t.strictSame(verdicts(runs), {
    'endUsers.list hang before': 'hung',
    'endUsers.list reset before': 'crashed',
    'endUsers.list slow before': 'survived',
  });
  const hung = runs.find(({ verdict }) => verdict === 'hung');
  t.match(hung?.ended, { exit: null, signal: 'SIGKILL', timedOut: true });
  // It was stopped, and did not give up.
  t.strictSame(hung?.clients, []);
  t.strictSame(verdicts(patient.runs), {
    'endUsers.create hang after-commit': 'done-but-reported-failed',
    'endUsers.create hang before': 'failed-cleanly',
  });
});

t.test('the text has a table of calls, each story with the line that repeats it, and the exit code', async (t) => {
  const { code, out, err } = await explored('delete-two', [
    '--only',
    'DeleteUser,500',
    '--seed',
    "it's",
    '--subject',
    'user-42',
  ]);
  t.strictSame([code, err], [1, '']);
  const [id, other] = [...out.matchAll(/--repeat (\w{8})/g)].map(([, one]) => one);
  const again = `--seed 'it'\\''s' --subject user-42 -- ${COMMAND.join(' ')} delete-two`;
  t.equal(
    out,
    `CALL                          RUNS  HALF DONE  FAILED CLEANLY
DeleteUser /v1/users/user-42  2     1          1

HALF DONE  DeleteUser /v1/users/user-42: 500 INTERNAL after-commit
  exit 1
  left: conductor endUsers end_usr_alice000000042, conductor integrationConnections int_conn_xx9655wj65ic7b, conductor authSessions auth_sess_q04ulee4m3wjej, and 1 more
  left of the subjects: ${LEFT.slice(0, 3).join(', ')}, and 1 more
  client: gave up after 500 (retries-transient-errors)
  running it again does not heal it
  understudy explore --repeat ${id} ${again}

FAILED CLEANLY  DeleteUser /v1/users/user-42: 500 INTERNAL before
  exit 1, nothing has changed
  running it again heals it
  understudy explore --repeat ${other} ${again}

2 runs: 1 half done, 1 failed cleanly
These are 2 of 58 runs; --max-runs, --only and --skip choose others.
Rows of the subjects that are left without a fault too are not counted.
`,
  );
});

t.test('a command that cannot be explored is refused with the reason', async (t) => {
  const cases: [what: string, flags: string[], sentence: RegExp, around?: object][] = [
    ['nothing', [], /The command sent no request to its sandbox; .* It wrote:\\u000aI call nobody\./],
    [
      'wrong-path',
      [],
      /The command called no operation: none of the requests to its sandbox matched one \(1\); it has to use/,
    ],
    [
      'hang',
      ['--time-limit', '1'],
      /The command did not end within 1 s without any fault; --time-limit gives it more\.\n$/,
    ],
    [
      'pass-once',
      [],
      /exits with 1 without any fault; it has to pass .* The first run passed: the command is not reliable by itself\. It wrote:.*not again/,
      stateFile(),
    ],
    ['read', ['--only', 'rest'], /The plan has no rest; it has .*, reset, slow, /],
    ['read', ['--skip', 'conductor'], /No run is left to make; give fewer --skip and --only\./],
    ['read', ['--fixtures', '/nowhere'], /nowhere/],
    ['read', ['--url', 'http://127.0.0.1:1'], /127\.0\.0\.1:1 cannot be reached/],
    ['read', ['--only', ''], /--only takes a value/],
  ];
  for (const [what, flags, sentence, around] of cases) {
    const { code, out, err } = await explored(what, flags, around);
    t.strictSame([code, out], [2, ''], what);
    t.match(err, sentence);
  }
  const env = { PATH: process.env.PATH };
  t.match(await typed(['explore', '--', 'no-such-command'], { env }), {
    code: 2,
    err: /no-such-command cannot be run \(.*ENOENT\); give a command that a shell would find, and one with shell syntax as sh -c '…'\./,
  });
  t.match(await typed(['explore', '--', 'sh', '-c', 'kill -9 $$'], { env }), {
    code: 2,
    err: /is ended by SIGKILL without any fault/,
  });
});

t.test('a command that calls something else each time is called not repeatable', async (t) => {
  const { out } = await explored('more-each-time', ['--only', '500,before'], stateFile());
  t.match(
    out,
    /Not repeatable: two runs without a fault differ, so verdicts may be wrong \(endUsers\.list: 0 of its calls in the first run and 1 in the second differ\)\./,
  );
});

t.test('a run of another seed cannot be repeated', async (t) => {
  t.match(await explored('read', ['--repeat', '00000000']), {
    code: 2,
    err: /There is no run 00000000 of this command with this seed; its calls have changed, or --seed is another one\./,
  });
});

t.test('a running server is used with --url, and is left as it was', async (t) => {
  const { url, call } = await listening(t);
  const names = async () =>
    (await call('GET', '/__admin/sandboxes')).body.sandboxes.map(({ name }: { name: string }) => name);
  const { runs } = await exploredJson(t, 'create', ['--only', '500', '--url', url]);
  t.strictSame([runs.length, await names()], [2, ['default']]);
  const [run] = runs;
  await call('POST', '/__admin/sandboxes', { json: { name: `explore-${run?.id}` } });
  const repeated = await exploredJson(t, 'create', ['--repeat', String(run?.id), '--url', url]);
  t.equal(repeated.runs[0]?.verdict, run?.verdict, 'a sandbox that an interrupted exploration left is replaced');
});

t.test('an interrupted exploration prints what it has, and ends its commands', async (t) => {
  const interrupt = new AbortController();
  let now = 0;
  const { code, out, err } = await explored(
    'create',
    ['--only', '401,hang,before', '--jobs', '1', '--time-limit', '60'],
    {
      interrupt: interrupt.signal,
      now: () => (now += 10_000),
      onErr: (text) => {
        if (text.includes('1 of 2 runs, about')) setTimeout(() => interrupt.abort(), 500);
      },
    },
  );
  t.equal(code, 2);
  t.match(err, /1 of 2 runs, about \d+ s left\n.*Interrupted\./s);
  t.match(
    out,
    /FAILED CLEANLY {2}endUsers\.create \/v1\/end-users: 401 .*1 run: 1 failed cleanly\n.*Runs not made: 1\./s,
  );
});
