// `understudy fault`: rules from flags and from JSON, how often they were injected, and what is refused before a call.
import t from 'tap';
import { listening } from '../harness.ts';
import { printed, typed, typing } from './shell.ts';

const CONDUCTOR = { authorization: 'Bearer sk_conductor_test' };

t.test('a rule from flags is listed with how often it was injected, and deleted', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  const { code, out } = await type('fault add --operation endUsers.delete --times 2 --status 503');
  t.equal(code, 0);
  const [, id = ''] = /^([0-9a-z]{16})\n$/.exec(out) ?? [];
  const first = await call('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', { headers: CONDUCTOR });
  t.equal(first.status, 503);
  t.strictSame(
    await type('fault'),
    printed(
      `ID                MATCH                      EFFECT      PHASE   MODE     HITS  SPENT\n${id}  operation endUsers.delete  status 503  before  times 2  1     no\n`,
    ),
  );
  await call('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', { headers: CONDUCTOR });
  t.match((await type('fault')).out, / times 2 +2 +yes\n$/);
  await type('sandboxes create elsewhere');
  t.strictSame(await type('fault list --sandbox elsewhere --json'), printed('{"faults":[],"meta":{"total":0}}\n'));
  t.strictSame(await type(`faults rm ${id}`), printed(''));
  t.match(await type(`fault delete ${id}`), { code: 2, err: `answered 404: No fault "${id}" is planned` });
  await type('fault add --delay 1');
  await type('fault add --delay 2');
  t.match(await type('fault list --limit 1'), {
    out: / before {2}always /,
    err: /these are 1 of 2; --limit lists more/,
  });
  t.strictSame(await type('fault clear'), printed(''));
  t.equal((await call('GET', '/__admin/faults')).body.meta.total, 0);
});

t.test('every flag becomes a member of the rule', async (t) => {
  const { url } = await listening(t);
  const planned = async (line: string, ...words: string[]) => {
    const { out } = await typing(url)(`fault add ${line} --json`, ...words);
    const { id, hits, spent, ...rule } = JSON.parse(out);
    return rule;
  };
  t.strictSame(
    await planned(
      '--provider conductor --operation endUsers.create --method post --path /end-users --header a=b=c --header x-y=',
      '--body',
      '{"email": "a,b"}',
      '--status',
      '400',
      '--code',
      'PARAMETER_INVALID',
    ),
    {
      match: {
        provider: 'conductor',
        operation: 'endUsers.create',
        method: 'post',
        path: '/end-users',
        header: { a: 'b=c', 'x-y': '' },
        body: { email: 'a,b' },
      },
      mode: 'always',
      effect: { status: 400, code: 'PARAMETER_INVALID' },
      phase: 'before',
    },
  );
  t.strictSame(await planned('--fault reset --phase after-commit --times 1 --skip 3 --id user-42 --delay 250'), {
    match: { id: 'user-42' },
    mode: { times: 1, skip: 3 },
    effect: { fault: 'reset' },
    phase: 'after-commit',
    delay: { fixedMs: 250 },
  });
  t.strictSame(await planned('--status 418 --lenient --probability .5 --seed x'), {
    match: {},
    mode: { probability: 0.5, seed: 'x' },
    effect: { status: 418, lenient: true },
    phase: 'before',
  });
  t.strictSame(await planned('--operation qbd.customers.create --status 502 --integration 3100'), {
    match: { operation: 'qbd.customers.create' },
    mode: 'always',
    effect: { status: 502, integration: '3100' },
    phase: 'before',
  });
  t.strictSame(await planned('--status 503 --retry-after 2 --probability 1 --delay 100-400'), {
    match: {},
    mode: { probability: 1 },
    effect: { status: 503, retryAfter: 2 },
    phase: 'before',
    delay: { uniformMs: [100, 400] },
  });
  const whole = '{"effect": {"fault": "hang"}, "mode": {"times": 1}}';
  const rule = { match: {}, mode: { times: 1 }, effect: { fault: 'hang' }, phase: 'before' };
  t.strictSame(await planned('', whole), rule);
  const { out } = await typed(['fault', 'add', '-', '--json', '--url', url], { input: whole });
  t.match(JSON.parse(out), rule);
  const { out: table } = await typing(url)('fault list');
  t.match(table, /everything +fault hang +before +times 1 +0 +no\n/);
  t.match(table, / id user-42 +fault reset fixedMs 250 +after-commit +times 1, skip 3 /);
});

t.test('contradicting and missing flags are refused with what is accepted', async (t) => {
  const cases: [string[], string][] = [
    [[], 'fault add needs an effect: --status, --fault or --delay; see understudy fault add --help.'],
    [['--status', '503', '--fault', 'reset'], 'fault add takes --status or --fault, not both.'],
    [['--times', '1', '--probability', '1', '--delay', '1'], 'fault add takes --times or --probability, not both.'],
    [['--code', 'X', '--fault', 'reset'], '--code, --integration, --retry-after and --lenient need --status.'],
    [['--skip', '1', '--delay', '1'], '--skip needs --times.'],
    [['--seed', 'x', '--delay', '1'], '--seed needs --probability.'],
    [['{}', '--status', '503'], 'fault add takes a whole rule or flags such as --status, not both.'],
    [['-'], 'Standard input is empty; JSON is expected.'],
    [['--probability', '2'], '--probability takes a number from 0 to 1, not "2".'],
    [['--delay', 'long'], '--delay takes milliseconds, as in 250 or 100-400, not "long".'],
    [['--fault', 'rest'], '--fault takes one of reset, empty, malformed, truncated, hang, not "rest".'],
    [['--header', 'x'], '--header takes <name>=<value>, not "x".'],
    [['--body', '[1]'], '--body takes a JSON object, not "[1]".'],
    [['--body', '{'], '--body takes a JSON object, not "{".'],
  ];
  for (const [args, sentence] of cases) {
    t.strictSame(await typed(['fault', 'add', ...args, '--port', '1']), {
      code: 2,
      out: '',
      err: `understudy: ${sentence}\n`,
    });
  }
});

t.test('an argument that is not JSON is not sent', async (t) => {
  t.match(await typed(['fault', 'add', '{', '--port', '1']), {
    code: 2,
    err: /^understudy: The argument is not JSON: /,
  });
});

t.test('an unknown operation is refused by the server, with the nearest name', async (t) => {
  const { url } = await listening(t);
  t.strictSame(await typing(url)('fault add --operation endUsers.delte --status 503'), {
    code: 2,
    out: '',
    err: `understudy: ${url} answered 400: match.operation: there is no operation "endUsers.delte"; did you mean endUsers.delete?\n`,
  });
});
