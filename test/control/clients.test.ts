// Verdicts on clients: what the journal shows of their retries, waits and secrets.
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { judgeClients } from '../../src/core/journal/client-verdicts.ts';
import type { Exchange } from '../../src/core/journal/journal.ts';
import type { Operation, Provider } from '../../src/core/provider/provider.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { typing } from '../cli/shell.ts';
import { ALICE, client, LARKSPUR, PERSON } from './client-requests.ts';

t.test('a request of another client is no attempt of the same call', async (t) => {
  const { send, clients } = await client(t);
  await send('GET', ALICE, 'code=401');
  await send('GET', ALICE, '', undefined, { 'x-understudy-client': 'b' });
  const { verdicts, calls } = await clients();
  t.strictSame(
    calls.map(({ requests }: { requests: string[] }) => requests.length),
    [1, 1],
  );
  t.strictSame(
    verdicts.filter(({ passed }: { passed: boolean }) => !passed),
    [],
  );
});

t.test('a client that retries transient errors only, and waits as told, breaks no rule', async (t) => {
  const { url, send, clients } = await client(t);
  await send('GET', ALICE, 'code=503, retry-after-ms=80');
  await wait(100);
  await send('GET', ALICE, 'fault=reset');
  await send('GET', ALICE);
  await send('GET', '/end-users/end_usr_nobody');
  await send('POST', '/end-users', '', {});
  const { verdicts, calls } = await clients();
  const read = { provider: 'conductor', operation: 'endUsers.retrieve' };
  const [first, second, third, missing] = [...calls[0].requests, ...calls[1].requests];
  t.strictSame(
    verdicts.map(({ detail, ...one }: { detail: string }) => ({
      ...one,
      detail: detail.replace(/\d+ ms where/, 'n ms where'),
    })),
    [
      {
        rule: 'retries-transient-errors',
        passed: true,
        ...read,
        requests: [first, second],
        detail: 'retried after 503',
      },
      {
        rule: 'obeys-retry-after',
        passed: true,
        ...read,
        requests: [first, second],
        detail: 'waited n ms where 80 ms were asked for',
      },
      {
        rule: 'retries-transient-errors',
        passed: true,
        ...read,
        requests: [second, third],
        detail: 'retried after no response',
      },
      { rule: 'retries-nothing-else', passed: true, ...read, requests: [missing], detail: 'did not retry after 404' },
      {
        ...{ rule: 'retries-nothing-else', passed: true, detail: 'did not retry after 400' },
        ...{ provider: 'conductor', operation: 'endUsers.create', requests: calls[2].requests },
      },
    ],
  );
  t.match(calls[0], {
    ...read,
    method: 'GET',
    url: `/conductor/v1${ALICE}`,
    statuses: [503, null, 200],
    waitsMs: [Number, Number],
  });
  t.ok(calls[0].waitsMs[0] >= 80);
  t.equal((await typing(url)('clients --json')).code, 0);
  const { code, out } = await typing(url)('clients');
  t.equal(code, 0);
  t.match(
    out,
    /^VERDICT +RULE +OPERATION +WHAT +REQUESTS\npassed +retries-transient-errors +endUsers\.retrieve +retried after 503 /,
  );
  t.match(
    out,
    /\n\nCALL +STATUSES +WAITS \(MS\)\nendUsers\.retrieve \/conductor\/v1\/end-users\/\S+ +503 none 200 +\d+ \d+\n$/,
  );
});

t.test('a client that gives up, insists, or does not wait breaks a rule each time', async (t) => {
  const { url, call, send, verdicts } = await client(t);
  await send('GET', '/end-users?limit=1', 'code=500');
  t.match(await typing(url)('clients'), {
    code: 1,
    out: /^VERDICT .*\nfailed +retries-transient-errors +endUsers\.list +gave up after 500 +\w{16}\n$/,
  });
  await send('GET', '/end-users/end_usr_nobody');
  await send('GET', '/end-users/end_usr_nobody');
  await send('GET', ALICE, 'code=429');
  const headers = { 'retry-after': '5', 'x-should-retry': 'false' };
  const rule = { match: { path: '/end-users/end_usr_b' }, effect: { status: 500, headers } };
  await call('POST', '/__admin/faults', { json: rule });
  await send('GET', '/end-users/end_usr_b');
  await send('GET', '/end-users/end_usr_b');
  const date = {
    match: { path: '/end-users' },
    effect: { status: 500, headers: { 'retry-after': 'Fri, 31 Jan 2030 09:00:00 GMT' } },
  };
  await call('POST', '/__admin/faults', { json: date });
  await send('GET', '/end-users');
  await send('GET', '/end-users');
  const found = await verdicts();
  t.strictSame(
    found
      .filter(([, passed]: [string, boolean]) => !passed)
      .map(([rule, , detail]: string[]) => `${rule}: ${detail}`.replace(/waited \d+/, 'waited n')),
    [
      'retries-transient-errors: gave up after 500',
      'retries-nothing-else: retried after 404',
      'retries-transient-errors: gave up after 429',
      'retries-nothing-else: retried after 500 with x-should-retry: false',
      'obeys-retry-after: waited n ms where 5000 ms were asked for',
    ],
  );
  t.match(await typing(url)('clients --json'), {
    code: 1,
    out: /^\{"verdicts":\[\{"rule":"retries-transient-errors","passed":false/,
  });
});

t.test(
  'a client that retries and gives up in the end breaks no rule, nor does one that does not create again',
  async (t) => {
    const { send, verdicts } = await client(t);
    for (const _ of '123') await send('GET', ALICE, 'code=503, retry-after-ms=0');
    await send('POST', '/end-users', 'fault=reset', PERSON);
    await send('POST', '/auth-sessions', 'code=500', {});
    const failed = (await verdicts()).filter(([, passed]: [string, boolean]) => !passed);
    t.strictSame(failed, [['retries-transient-errors', false, 'gave up after 500']]);
  },
);

t.test('a create that is sent again with a new id is no giving up, one with another content is', async (t) => {
  const { send, verdicts } = await client(t);
  const failed = async () => (await verdicts()).filter(([, passed]: [string, boolean]) => !passed);
  await send('POST', '/end-users', 'code=500', PERSON);
  await send('POST', '/end-users', '', { ...PERSON, sourceId: 'another' });
  t.strictSame(await failed(), []);
  await send('POST', '/end-users', 'code=503', { companyName: 'c', sourceId: 'c', email: 'c@example.com' });
  await send('POST', '/end-users', '', { companyName: 'd', sourceId: 'd', email: 'd@example.com' });
  t.strictSame(await failed(), [['retries-transient-errors', false, 'gave up after 503']]);
  await send('GET', '/end-users?limit=1', 'code=500');
  await send('GET', '/end-users?limit=2');
  t.equal((await failed()).length, 2);
});

t.test('a refused request that is sent again after a change, or with another key, is not retried', async (t) => {
  const { send, clients } = await client(t);
  const attempts = async () => (await clients()).calls.map(({ statuses }: { statuses: number[] }) => statuses);
  const other = { ...PERSON, sourceId: 'b', email: 'b@example.com' };
  await send('POST', '/end-users', '', PERSON);
  await send('POST', '/end-users', '', PERSON);
  await send('DELETE', ALICE);
  await send('POST', '/end-users', '', PERSON);
  await send('GET', '/end-users', 'code=401');
  await send('GET', '/end-users', '', undefined, { authorization: 'Bearer sk_conductor_other' });
  t.strictSame(await attempts(), [[200], [400], [200], [400], [401], [200]]);
  await send('GET', ALICE);
  await send('POST', '/end-users', '', other);
  await send('GET', ALICE);
  await send('POST', '/auth-sessions', '', { endUserId: LARKSPUR, publishableKey: 'pk_conductor_test' });
  await send('GET', ALICE);
  t.strictSame((await attempts()).slice(6), [[404], [200], [404, 404], [200]]);
  await send('POST', '/end-users', 'code=401', { ...other, sourceId: 'c' });
  await send('POST', '/end-users', '', { ...other, sourceId: 'd' });
  await send('POST', '/end-users', '', { ...other, sourceId: 'c' });
  t.strictSame((await attempts()).slice(10), [[401, 200], [200]]);
});

t.test('a client that waits longer than half a minute for a response does not give up', async (t) => {
  const provider = PROVIDERS.find(({ name }) => name === 'conductor') as Provider;
  const exchange: Exchange = {
    ...{ id: 'r', at: 0, arrived: 0, durationMs: 31_000, provider, operation: provider.operations[0] as Operation },
    ...{
      matched: true,
      method: 'GET',
      url: '/',
      params: {},
      headers: {},
      body: null,
      status: 200,
      responseHeaders: {},
    },
    ...{ responseBody: null, notes: null, done: true, delivered: false, dryRun: false },
  };
  t.match(judgeClients([exchange]).verdicts, [
    { rule: 'retries-transient-errors' },
    { rule: 'gives-up-waiting', passed: false, detail: 'waited 31 s for a response', requests: ['r'] },
  ]);
});

t.test('a key in a URL is named, and a dry run or a request that matches nothing is not judged', async (t) => {
  const { send, clients } = await client(t);
  await send('GET', '/end-users?token=abc');
  await send('GET', '/end-users?x=sk_conductor_test');
  await send('GET', '/end-users?x=sk_conductor_test_sbx_default', '', undefined, { authorization: '' });
  await send('GET', '/end-users?limit=1&access_token=abc');
  await send('DELETE', ALICE, 'dry-run');
  await send('GET', '/nothing/here');
  const { verdicts, calls } = await clients();
  const details = verdicts
    .filter(({ rule }: { rule: string }) => rule === 'keeps-secrets-out-of-urls')
    .map(({ detail }: { detail: string }) => detail);
  t.strictSame(details, [
    'sent the parameter token in the URL',
    'sent its key in the URL',
    'sent its key in the URL',
    'sent the parameter access_token in the URL',
  ]);
  t.equal(calls[0].url, '/conductor/v1/end-users?token=[redacted]');
  t.equal(calls[3].url, '/conductor/v1/end-users?limit=1&access_token=[redacted]');
  t.equal(calls.length, 4);
});
