// Journal entries: request and response, for successes, errors, lost responses and unknown routes.
import { connect } from 'node:net';
import t from 'tap';
import { Call } from '../../../src/core/http/call.ts';
import { listening, testServer } from '../../harness.ts';
import { idOf, key } from './journal-caller.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

t.test('an entry has the request and the response', async (t) => {
  const { call } = await testServer(t);
  const answer = await call('POST', '/pagecall/v1/users?a=1', { headers: key, json: { user_id: 'ann', name: 'Ann' } });
  const { body } = await call('GET', '/__admin/requests');
  t.equal(body.meta.total, 1);
  const [entry] = body.requests;
  t.match(entry.at, ISO);
  t.type(entry.durationMs, 'number');
  t.strictSame(entry, {
    id: idOf(answer),
    at: entry.at,
    provider: 'pagecall',
    operation: entry.operation,
    durationMs: entry.durationMs,
    request: {
      method: 'POST',
      url: '/pagecall/v1/users?a=1',
      headers: {
        'content-type': 'application/json',
        host: 'localhost',
        authorization: '[redacted]',
        'user-agent': 'lightMyRequest',
        'content-length': '30',
      },
      body: { user_id: 'ann', name: 'Ann' },
    },
    response: {
      status: 200,
      headers: {
        'x-understudy-request': idOf(answer),
        'x-understudy-sandbox': 'default',
        'content-type': 'application/json; charset=utf-8',
      },
      body: answer.body,
    },
    delivered: true,
  });
  t.strictSame((await call('GET', `/__admin/requests/${entry.id}`)).body, entry);
});

t.test('errors of the provider and of the sandbox are recorded, with the injected fault', async (t) => {
  const { call } = await testServer(t);
  const prefer = (value: string) => ({ headers: { ...key, prefer: value } });
  await call('DELETE', '/conductor/v1/end-users/end_usr_1234567abcdefg');
  await call('DELETE', '/proficient/users/u_1', prefer('code=401'));
  await call('DELETE', '/proficient/users/u_1', prefer('code=418'));
  await call('POST', '/pagecall/v1/users', { headers: { ...key, 'content-type': 'application/json' }, raw: '{"a' });
  const { body } = await call('GET', '/__admin/requests');
  t.strictSame(
    body.requests.map((one: any) => [one.operation, one.request.body, one.response.status, one.fault]),
    [
      ['createUser', '{"a', 400, undefined],
      ['users_delete', null, 400, undefined],
      ['users_delete', null, 401, 'code=401'],
      ['endUsers.delete', null, 401, undefined],
    ],
  );
  t.match(body.requests[1].response, {
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: { type: 'urn:understudy:undocumented-preference' },
  });
});

t.test('an internal error and a delayed response are recorded', async (t) => {
  const { call } = await testServer(t);
  const remove = Call.prototype.remove;
  t.teardown(() => {
    Call.prototype.remove = remove;
  });
  Call.prototype.remove = () => {
    throw new Error('out of luck');
  };
  const answer = await call('DELETE', '/pagecall/v1/users/user-42', { headers: key });
  t.match((await call('GET', `/__admin/requests/${idOf(answer)}`)).body, {
    operation: 'DeleteUser',
    response: { status: 500, body: answer.body },
  });
});

t.test('an unknown route is recorded with the nearest operations', async (t) => {
  const { call } = await testServer(t);
  const nearest = async (method: string, url: string, headers: Record<string, string> = key) => {
    const answer = await call(method, url, { headers });
    t.ok(answer.status === 404 || answer.status === 400, url);
    const { body } = await call('GET', `/__admin/requests/${idOf(answer)}`, {
      headers: { 'x-understudy-sandbox': answer.headers['x-understudy-sandbox'] as string },
    });
    t.equal(body.operation, null);
    t.equal(body.response.status, answer.status);
    t.equal(body.nearest.length, 3);
    return { provider: body.provider, nearest: body.nearest[0] };
  };
  const deleteEndUser = {
    provider: 'conductor',
    operation: 'endUsers.delete',
    method: 'DELETE',
    path: '/conductor/v1/end-users/{id}',
  };
  t.strictSame(
    await nearest('DELETE', '/conductor/end-users/end_usr_1234567abcdefg'),
    { provider: 'conductor', nearest: deleteEndUser },
    'the base path is missing',
  );
  t.strictSame(
    await nearest('DELETE', '/v1/end-users/end_usr_1234567abcdefg?expand=no'),
    { provider: null, nearest: deleteEndUser },
    'the mount path is missing',
  );
  t.strictSame(await nearest('DELETE', '/end-users/end_usr_1234567abcdefg', { authorization: 'Bearer x_sbx_w-3' }), {
    provider: null,
    nearest: deleteEndUser,
  });
  t.match(await nearest('PATCH', '/proficient/users/u_1/'), {
    provider: 'proficient',
    nearest: { path: '/proficient/users/{user_id}' },
  });
  t.match(await nearest('DELETE', '/pagecall/v1/users/%E0%A4%A'), {
    provider: 'pagecall',
    nearest: { operation: 'DeleteUser' },
  });
  t.match(await nearest('GET', '/elsewhere/%E0%A4%A'), { provider: null });
  const { body } = await call('GET', '/__admin/requests?sandbox=w-3');
  t.equal(body.meta.total, 1, 'a key selects the sandbox even if it is unknown');
});

t.test('a page is recorded with its HTML or its redirect', async (t) => {
  const { call } = await testServer(t);
  const created = await call('POST', '/conductor/v1/auth-sessions', {
    headers: key,
    json: { publishableKey: 'pk_x', endUserId: 'end_usr_1234567abcdefg', redirectUrl: 'http://localhost/back?key=abc' },
  });
  const { pathname, search } = new URL(created.body.authFlowUrl);
  const shown = await call('GET', pathname + search);
  const posted = await call('POST', pathname + search, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    raw: 'a=b',
  });
  t.equal(posted.status, 303);
  const { body } = await call('GET', '/__admin/requests?provider=conductor&limit=2');
  t.match(body.requests, [
    {
      id: idOf(posted),
      operation: null,
      request: { url: /key=\[redacted\]/, body: 'a=b' },
      response: { status: 303, headers: { location: 'http://localhost/back?key=[redacted]' }, body: null },
    },
    { id: idOf(shown), operation: null, response: { status: 200, body: /^<!doctype html>/ } },
  ]);
  t.notOk('nearest' in body.requests[0], 'the page exists');
});

t.test('a response to a disconnected client is recorded', async (t) => {
  const { url, call } = await listening(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const waiting = call('POST', '/__admin/requests/wait', { json: { pattern: { operation: 'DeleteUser' } } });
  socket.write('DELETE /pagecall/v1/users/user-42 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\n\r\n', () =>
    socket.resetAndDestroy(),
  );
  t.strictSame((await waiting).body, { passed: true, count: 1, nearMisses: [], extra: [] });
});

t.test('a handler can add notes that its response does not contain', async (t) => {
  const { call } = await testServer(t);
  const room = (await call('POST', '/pagecall/v1/rooms', { headers: key, json: { name: 'x', type: 'open' } })).body
    .room;
  const { body } = await call('POST', `/__admin/pagecall/rooms/${room.id}/join`, { json: {} });
  await call('POST', `/pagecall/v1/rooms/${room.id}/message`, { headers: key, json: { message: 'Hello' } });
  t.match((await call('GET', '/__admin/requests?limit=1')).body.requests[0].notes, {
    message: 'Hello',
    sessions: [body.session.id],
  });
});
