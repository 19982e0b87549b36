// POST /__admin/requests/verify and /wait: expected requests and near misses.
import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { listening, testServer } from '../harness.ts';
import { key, sendRequests } from './traffic.ts';

t.test('verify compares the number of matching requests with the expectation', async (t) => {
  const it = await testServer(t);
  await sendRequests(it);
  const pattern = { operation: 'DeleteUser' };
  const cases: [unknown, boolean][] = [
    [undefined, true],
    [2, true],
    [1, false],
    [{ atLeast: 2 }, true],
    [{ atLeast: 3 }, false],
    [{ atMost: 1 }, false],
    [{ atLeast: 1, atMost: 2 }, true],
  ];
  for (const [count, passed] of cases) {
    const { status, body } = await it.call('POST', '/__admin/requests/verify', { json: { pattern, count } });
    t.equal(status, 200);
    t.match(body, { passed, count: 2 }, JSON.stringify(count));
  }
  t.strictSame((await it.call('POST', '/__admin/requests/verify', { json: { pattern, count: 2 } })).body, {
    passed: true,
    count: 2,
    nearMisses: [],
    extra: [],
  });
  t.strictSame(
    (await it.call('POST', '/__admin/requests/verify', { json: { pattern: { operation: 'rooms_delete' } } })).status,
    400,
  );
});

t.test('requests that miss a pattern by one member are near misses, with the actual value', async (t) => {
  const it = await testServer(t);
  const ids = await sendRequests(it);
  const near = async (pattern: object) => {
    const { body } = await it.call('POST', '/__admin/requests/verify', { json: { pattern } });
    t.match(body, { passed: false, count: 0 });
    return body.nearMisses;
  };
  t.strictSame(await near({ operation: 'DeleteUser', id: 'bob' }), [
    {
      id: ids[3],
      method: 'DELETE',
      url: '/pagecall/v1/users/ann%40example.com',
      status: 400,
      member: 'id',
      expected: 'bob',
      actual: 'ann@example.com',
    },
    {
      id: ids[2],
      method: 'DELETE',
      url: '/pagecall/v1/users/ann%40example.com',
      status: 200,
      member: 'id',
      expected: 'bob',
      actual: 'ann@example.com',
    },
  ]);
  const first = async (pattern: object) => {
    const [{ id, member, expected, actual }] = await near(pattern);
    return [ids.indexOf(id), member, expected, actual];
  };
  t.strictSame(await first({ operation: 'endUsers.delete', status: 503 }), [4, 'status', 503, 200]);
  t.strictSame(await first({ provider: 'conductor', status: 404, method: 'PUT' }), [5, 'method', 'PUT', 'GET']);
  t.strictSame(await first({ operation: 'endUsers.delete', path: '/x' }), [
    4,
    'path',
    '/x',
    '/end-users/end_usr_1234567abcdefg',
  ]);
  t.strictSame(await first({ operation: 'endUsers.delete', header: { 'X-Trace': 'a' } }), [
    4,
    'header.x-trace',
    'a',
    null,
  ]);
  t.strictSame(await first({ operation: 'createUser', body: { name: 'Bob' } }), [
    1,
    'body',
    { name: 'Bob' },
    { user_id: 'ann@example.com', name: 'Ann', metadata: { tags: ['a', 'b'], size: 1 } },
  ]);
  t.strictSame(await first({ method: 'GET', status: 404, operation: 'DeleteUser' }), [
    5,
    'operation',
    'DeleteUser',
    null,
  ]);
  t.strictSame(await first({ method: 'GET', status: 404, id: 'x' }), [5, 'id', 'x', null]);
  t.strictSame(await first({ method: 'GET', status: 404, header: { authorization: 'x' } }), [
    5,
    'header.authorization',
    '[redacted]',
    '[redacted]',
  ]);
  t.strictSame(await first({ method: 'GET', status: 404, header: { cookie: 'x' } }), [
    5,
    'header.cookie',
    '[redacted]',
    null,
  ]);
  t.equal((await near({ path: '/nothing/like/it' })).length, 5, 'at most five near misses');
});

t.test('wait responds immediately when enough requests are recorded', async (t) => {
  const it = await testServer(t);
  await sendRequests(it);
  t.strictSame(
    (await it.call('POST', '/__admin/requests/wait', { json: { pattern: { id: 'ann@example.com' } } })).body,
    {
      passed: true,
      count: 2,
      nearMisses: [],
      extra: [],
    },
  );
});

t.test('wait responds as soon as enough requests have arrived', async (t) => {
  const { call } = await testServer(t);
  let answered = false;
  const waiting = call('POST', '/__admin/requests/wait', {
    json: { pattern: { method: 'DELETE', provider: 'pagecall' }, count: 2, timeoutMs: 60_000 },
  }).finally(() => {
    answered = true;
  });
  // In process, a wait has started once a later request has a response.
  await call('GET', '/__admin/health');
  for (const method of ['DELETE', 'GET']) await call(method, '/pagecall/v1/users/x', { headers: key });
  await call('DELETE', '/pagecall/v1/users/x', { headers: { ...key, 'x-understudy-sandbox': 'other' } });
  t.equal(answered, false);
  await call('DELETE', '/pagecall/v1/users/x', { headers: key });
  t.strictSame((await waiting).body, { passed: true, count: 2, nearMisses: [], extra: [] });
});

t.test('wait times out and returns the near misses', async (t) => {
  const { call } = await testServer(t);
  await call('GET', '/pagecall/v1/users/x', { headers: key });
  const { status, body } = await call('POST', '/__admin/requests/wait', {
    json: { pattern: { method: 'DELETE', id: 'x' }, timeoutMs: 20 },
  });
  t.equal(status, 200);
  t.match(body, { passed: false, count: 0, nearMisses: [{ member: 'method', actual: 'GET' }] });
  t.match((await call('POST', '/__admin/requests/wait', { json: { pattern: {}, count: 9, timeoutMs: 0 } })).body, {
    passed: false,
    count: 1,
  });
});

t.test('a wait ends when its client disconnects and when the server closes', async (t) => {
  const { app, url, call } = await listening(t);
  const patience = { pattern: { id: 'never' }, timeoutMs: 60_000 };
  const body = JSON.stringify(patience);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const arrived = once(app.server, 'request');
  socket.write(
    `POST /__admin/requests/wait HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await arrived;
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  const waiting = call('POST', '/__admin/requests/wait', { json: patience });
  // Until it is waiting.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await app.close();
  t.strictSame((await waiting).body, { passed: false, count: 0, nearMisses: [], extra: [] });
});
