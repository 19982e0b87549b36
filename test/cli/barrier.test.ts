// `understudy barrier`: races from flags and from JSON, who met, and what is refused before a call.
import t from 'tap';
import { listening } from '../harness.ts';
import { printed, typed, typing } from './shell.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';

t.test('a barrier from flags is listed with the requests that met, and deleted', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  const { code, out } = await type('barrier add --operation endUsers.delete');
  t.equal(code, 0);
  const [, id = ''] = /^([0-9a-z]{16})\n$/.exec(out) ?? [];
  t.strictSame(
    await type('barrier'),
    printed(
      `ID                FIRST                      SECOND                     MODE  STATE    PAIRS\n${id}  operation endUsers.delete  operation endUsers.delete  meet  waiting  0 of 1\n`,
    ),
  );
  const remove = async () => {
    const response = await fetch(url + ALICE, { method: 'DELETE', headers: { authorization: 'Bearer sk_x' } });
    return response.headers.get('x-understudy-request');
  };
  const [one, two] = await Promise.all([remove(), remove()]);
  const { pairs } = JSON.parse((await type('barriers ls --json')).out).barriers[0];
  t.strictSame(Object.values(pairs[0]).sort(), ['met', one, two].sort());
  t.ok((await type('barrier')).out.endsWith(`met    1 of 1, ${pairs[0].first} ${pairs[0].second}\n`));
  t.strictSame(await type(`barriers rm ${id}`), printed(''));
  t.match(await type(`barrier delete ${id}`), { code: 2, err: `answered 404: There is no barrier "${id}"` });
  await type('barrier add --method GET --times 2');
  await type('barrier add --mode order');
  const { err, out: table } = await type('barrier list --limit 1');
  t.match(err, /these are 1 of 2; --limit lists more/);
  t.match(table, / everything +everything +order +waiting +0 of 1\n/);
  t.strictSame(await type('barrier clear'), printed(''));
  t.equal((await call('GET', '/__admin/barriers')).body.meta.total, 0);
});

t.test('a pair of which one came alone is shown so', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  await type(`barrier add`, '{"first": {"operation": "endUsers.retrieve"}, "timeoutMs": 1}');
  const { headers } = await call('GET', ALICE, { headers: { authorization: 'Bearer sk_x' } });
  const id = headers['x-understudy-request'];
  t.match((await type('barrier')).out, new RegExp(` timed out +1 of 1, ${id} -\n$`));
  await type('barrier clear');
  const reads = { operation: 'endUsers.retrieve' };
  await call('POST', '/__admin/barriers', {
    json: { mode: 'order', first: { method: 'POST' }, second: reads, timeoutMs: 1 },
  });
  const second = (await call('GET', ALICE, { headers: { authorization: 'Bearer sk_x' } })).headers[
    'x-understudy-request'
  ];
  t.match((await type('barrier')).out, new RegExp(` timed out +1 of 1, - ${second}\n$`));
});

t.test('every flag becomes a member of the barrier', async (t) => {
  const { url } = await listening(t);
  const planned = async (line: string, ...words: string[]) => {
    const { out } = await typing(url)(`barrier add ${line} --json`, ...words);
    const { id, state, pairs, ...barrier } = JSON.parse(out);
    return barrier;
  };
  t.strictSame(
    await planned(
      '--provider conductor --path /end-users --header a=b --second endUsers.delete --mode order --timeout 2 --times 3',
    ),
    {
      mode: 'order',
      first: { provider: 'conductor', path: '/end-users', header: { a: 'b' } },
      second: { operation: 'endUsers.delete' },
      timeoutMs: 2000,
      times: 3,
    },
  );
  const whole = {
    first: { id: 'user-42' },
    second: { method: 'DELETE', skip: 1 },
    mode: 'meet',
    timeoutMs: 1,
    times: 1,
  };
  t.strictSame(await planned('--id user-42', '--second', '{"method": "DELETE"}'), {
    ...whole,
    second: { method: 'DELETE' },
    timeoutMs: 5000,
  });
  t.strictSame(await planned('', JSON.stringify(whole)), whole);
  const { out } = await typed(['barrier', 'add', '-', '--json', '--url', url], { input: JSON.stringify(whole) });
  t.match(JSON.parse(out), whole);
});

t.test('contradicting and missing flags are refused with what is accepted', async (t) => {
  const cases: [string[], string][] = [
    [[], 'barrier add needs flags such as --operation, or a whole barrier; see understudy barrier add --help.'],
    [['{}', '--mode', 'meet'], 'barrier add takes a whole barrier or flags such as --mode, not both.'],
    [['--second', '{a'], '--second takes a JSON object, not "{a".'],
    [['--second', ''], '--second takes a value, not "".'],
    [['--timeout', '61'], '--timeout takes a whole number from 1 to 60, not "61".'],
    [['--mode', 'wait'], '--mode takes one of meet, order, not "wait".'],
  ];
  for (const [args, sentence] of cases) {
    t.strictSame(await typed(['barrier', 'add', ...args, '--port', '1']), {
      code: 2,
      out: '',
      err: `understudy: ${sentence}\n`,
    });
  }
});
