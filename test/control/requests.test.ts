// The request journal over HTTP: list, filter and match with patterns.
import t from 'tap';
import { compilePattern, isSubset } from '../../src/core/journal/request-pattern.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { testServer } from '../harness.ts';
import { key, sendRequests } from './traffic.ts';

t.test('the list can be filtered, and continued from an entry or a time', async (t) => {
  const it = await testServer(t);
  const ids = await sendRequests(it);
  const list = async (query: string) => {
    const { status, body } = await it.call('GET', `/__admin/requests${query}`);
    t.equal(status, 200, query);
    return { numbers: body.requests.map(({ id }: { id: string }) => ids.indexOf(id)), total: body.meta.total };
  };
  t.strictSame(await list(''), { numbers: [5, 4, 3, 2, 1, 0], total: 6 });
  t.strictSame(await list('?limit=2'), { numbers: [5, 4], total: 6 });
  t.strictSame(await list('?provider=conductor'), { numbers: [5, 4], total: 2 });
  t.strictSame(await list('?operation=DeleteUser&limit=1'), { numbers: [3], total: 2 });
  t.strictSame(await list('?status=404'), { numbers: [5], total: 1 });
  t.strictSame(await list('?status=4xx'), { numbers: [5, 3], total: 2 });
  t.strictSame(await list('?status=2xx'), { numbers: [4, 2, 1, 0], total: 4 });
  t.strictSame(await list(`?since=${ids[3]}`), { numbers: [5, 4], total: 2 });
  t.strictSame(await list(`?since=${ids[5]}`), { numbers: [], total: 0 });
  t.strictSame(await list('?since=0123456789abcdef'), { numbers: [5, 4, 3, 2, 1, 0], total: 6 });
  t.strictSame(await list('?since=2000-01-01T00:00:00Z&provider=pagecall'), { numbers: [3, 2, 1, 0], total: 4 });
  t.strictSame(await list('?since=2999-01-01T00:00:00%2B01:00'), { numbers: [], total: 0 });
  t.match(await it.call('DELETE', '/__admin/requests'), { status: 204, body: '' });
  t.strictSame(await list(''), { numbers: [], total: 0 });
});

t.test('a pattern finds the requests that match all of its members', async (t) => {
  const it = await testServer(t);
  const ids = await sendRequests(it);
  const cases: [object, number[]][] = [
    [{}, [5, 4, 3, 2, 1, 0]],
    [{ provider: 'pagecall' }, [3, 2, 1, 0]],
    [{ operation: 'endUsers.delete' }, [4]],
    [{ method: 'delete' }, [4, 3, 2]],
    [{ method: 'DELETE', status: 200 }, [4, 2]],
    [{ method: 'DELETE', status: '2xx' }, [4, 2]],
    [{ status: '4xx' }, [5, 3]],
    [{ status: '5xx' }, []],
    [{ path: '/users/*' }, [3, 2]],
    [{ path: '/users**' }, [3, 2, 1, 0]],
    [{ path: '/v1/users/ann@*.com' }, [3, 2]],
    [{ path: '**/end-users/*' }, [4]],
    [{ path: '/*' }, [5, 1, 0]],
    [{ path: '/usersx' }, []],
    [{ id: 'ann@example.com' }, [3, 2]],
    [{ id: 'nowhere' }, []],
    [{ header: { 'x-TRACE': 'two' } }, [3]],
    [{ header: { 'x-trace': 'two', host: 'elsewhere' } }, []],
    [{ body: { name: 'Ann' } }, [1]],
    [{ body: { metadata: { tags: ['a', 'b'] } } }, [1]],
    [{ body: { metadata: { tags: ['a'] } } }, []],
    [{ body: {} }, [1]],
  ];
  for (const [pattern, numbers] of cases) {
    const found = await it.call('POST', '/__admin/requests/find', { json: pattern });
    const text = JSON.stringify(pattern);
    t.strictSame(
      found.body.requests.map(({ id }: { id: string }) => ids.indexOf(id)),
      numbers,
      text,
    );
    t.strictSame(found.body.meta, { total: numbers.length }, text);
    t.strictSame((await it.call('POST', '/__admin/requests/count', { json: pattern })).body, { count: numbers.length });
  }
  const one = await it.call('POST', `/__admin/requests/find?limit=1&since=${ids[2]}`, { json: { method: 'DELETE' } });
  t.match(one.body, { requests: [{ id: ids[4] }], meta: { total: 2 } });
});

t.test('requests outside every mount are matched by their full path', async (t) => {
  const { call } = await testServer(t);
  await call('GET', '/v1/users?x=1');
  await call('GET', '/proficient/users', { headers: key });
  const count = async (path: string) => (await call('POST', '/__admin/requests/count', { json: { path } })).body.count;
  t.equal(await count('/v1/users'), 1);
  t.equal(await count('/users'), 1);
});

t.test('invalid queries and patterns are rejected with their path', async (t) => {
  const { call } = await testServer(t);
  const cases: [string, string, unknown, string, RegExp][] = [
    ['POST', 'find', { operations: 'x' }, 'operations', /unknown field/],
    ['POST', 'find', { provider: 'pagecal' }, 'provider', /no provider "pagecal"; did you mean pagecall\?/],
    ['POST', 'find', { operation: 'endUser.delete' }, 'operation', /did you mean endUsers\.delete\?/],
    [
      'POST',
      'find',
      { provider: 'pagecall', operation: 'endUsers.delete' },
      'operation',
      /no operation "endUsers.delete"/,
    ],
    ['POST', 'find', { path: 'users' }, 'path', /must begin with \//],
    ['POST', 'find', { method: 'GE T' }, 'method', /not an HTTP method/],
    ['POST', 'find', { status: 42 }, 'status', />=100/],
    ['POST', 'find', { status: '6xx' }, 'status', /takes a status from 100 to 599, or a class of them, as in 2xx/],
    ['POST', 'find', { id: '' }, 'id', /./],
    ['POST', 'find', { header: { a: 1 } }, 'header.a', /string/],
    ['POST', 'find', { body: [] }, 'body', /./],
    ['POST', 'count', { body: 'x' }, 'body', /./],
    ['POST', 'verify', {}, 'pattern', /./],
    ['POST', 'verify', { pattern: { provider: 'x' } }, 'pattern.provider', /no provider "x"/],
    ['POST', 'verify', { pattern: {}, count: -1 }, 'count', />=0/],
    ['POST', 'verify', { pattern: {}, count: 'x' }, 'count', /takes a number of requests, or/],
    ['POST', 'verify', { pattern: {}, count: {} }, 'count', /takes atLeast, atMost or both/],
    ['POST', 'verify', { pattern: {}, count: { least: 1 } }, 'count.least', /unknown field/],
    ['POST', 'wait', { pattern: {}, count: 0 }, 'count', />=1/],
    ['POST', 'wait', { pattern: {}, timeoutMs: 60_001 }, 'timeoutMs', /<=60000/],
    ['POST', 'wait', { pattern: { operation: 'x' } }, 'pattern.operation', /no operation "x"/],
    ['POST', 'find?limit=0', {}, 'limit', />=1/],
    ['GET', '?limit=x', undefined, 'limit', /expected number/],
    ['GET', '?status=99', undefined, 'status', /takes a status from 100 to 599, or a class of them, as in 2xx/],
    ['GET', '?status=2xy', undefined, 'status', /takes a status/],
    ['GET', '?since=yesterday', undefined, 'since', /id of a request, or a time/],
    ['GET', '?provider=stripe', undefined, 'provider', /no provider "stripe"/],
    ['GET', '?what=1', undefined, 'what', /unknown field/],
    ['DELETE', '?what=1', undefined, 'what', /unknown field/],
  ];
  for (const [method, what, json, path, message] of cases) {
    const url = `/__admin/requests${method === 'POST' ? '/' : ''}${what}`;
    t.match(
      await call(method, url, { json }),
      { status: 400, body: { type: 'urn:understudy:invalid-input', detail: message, errors: [{ path, message }] } },
      `${url} ${JSON.stringify(json)}`,
    );
  }
  t.match(await call('GET', '/__admin/requests/nothing'), {
    status: 404,
    body: { type: 'urn:understudy:unknown-request', detail: /no request "nothing"/ },
  });
});

t.test('a pattern can be matched against a request without a response', async (t) => {
  const [provider] = PROVIDERS;
  const operation = provider?.operations[0];
  if (provider === undefined || operation === undefined) throw new Error('provider or operation missing');
  const subject = { provider, operation, method: 'GET', url: '/x%', params: {}, headers: {} };
  const matcher = compilePattern({ provider: provider.name, body: { a: null } }, PROVIDERS);
  t.equal(matcher.needsBody, true);
  t.equal(compilePattern({}, PROVIDERS).needsBody, false);
  t.equal(
    matcher.matches(subject, () => ({ a: null, b: 1 })),
    true,
  );
  t.strictSame(
    matcher.mismatches(subject, () => undefined),
    [{ member: 'body', expected: { a: null }, actual: null }],
  );
  t.ok(
    compilePattern({ path: '/x%' }, PROVIDERS).matches({ ...subject, provider: null }, () => null),
    'invalid percent-escapes are matched as text',
  );
  t.equal(
    compilePattern({ provider: 'pagecall', body: {} }, PROVIDERS).matches({ ...subject, provider: null }, () => {
      throw new Error('the body must not be read');
    }),
    false,
  );
  t.notOk(isSubset({ 0: 'a' }, ['a']));
  t.notOk(isSubset({ toString: 1 }, {}));
  t.ok(isSubset([{ a: 1 }], [{ a: 1, b: 2 }]));
});
