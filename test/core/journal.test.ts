// What the journal keeps of a request: both sides of it, without secrets, and no more than was said.
import { connect } from 'node:net';
import t from 'tap';
import { Call } from '../../src/core/call.ts';
import { Events, type SandboxEvent } from '../../src/core/events.ts';
import { Journal } from '../../src/core/journal.ts';
import { enter } from '../../src/core/visit.ts';
import { pagecall } from '../../src/providers/pagecall/index.ts';
import { type Answer, listening, world } from '../harness.ts';

const key = { authorization: 'Bearer sk_secret_value' };
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The id an answer is known by. */
const idOf = ({ headers }: Answer) => headers['x-understudy-request'] as string;

t.test('an entry holds both sides of a request', async (t) => {
  const { call } = await world(t);
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
  });
  t.strictSame((await call('GET', `/__admin/requests/${entry.id}`)).body, entry);
});

t.test('refusals are in it, the provider’s and the sandbox’s, with the fault that was ordered', async (t) => {
  const { call } = await world(t);
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

t.test('a crash and a late answer are in it', async (t) => {
  const { call } = await world(t);
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

t.test('an unknown route is kept with the operations that come nearest', async (t) => {
  const { call } = await world(t);
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
    'the base was left out',
  );
  t.strictSame(
    await nearest('DELETE', '/v1/end-users/end_usr_1234567abcdefg?expand=no'),
    { provider: null, nearest: deleteEndUser },
    'the mount was left out',
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
  t.equal(body.meta.total, 1, 'a key names the sandbox before anybody knows whose key it is');
});

t.test('a request whose sandbox cannot be had is in no journal', async (t) => {
  const { call } = await world(t);
  for (const url of ['/elsewhere', '/pagecall/v1/users']) {
    await call('GET', url, { headers: { ...key, 'x-understudy-sandbox': 'no such name' } });
  }
  t.strictSame((await call('GET', '/__admin/requests')).body, { requests: [], meta: { total: 0 } });
});

t.test('no secret leaves the journal, wherever it was sent', async (t) => {
  const { call } = await world(t);
  const SECRET = 'hush-hush-1234';
  const headers = {
    authorization: `Bearer ${SECRET}`,
    'X-Proficient-Api-Key': SECRET,
    'x-proficient-user-hmac': SECRET,
    cookie: `a=${SECRET}`,
    referer: `http://localhost/conductor/connect/qbd/x?key=${SECRET}`,
  };
  const urls = [
    '/proficient/users',
    '/pagecall/v1/users',
    '/conductor/v1/end-users',
    '/nowhere',
    '/pagecall/v1/nowhere',
    '/conductor/connect/qbd/x',
  ];
  for (const url of urls) {
    for (const query of ['', `?key=${SECRET}`, `?a&k%65y=${SECRET}&b=2&key=&Key=${SECRET}`]) {
      await call('GET', url + query, { headers });
    }
  }
  const verified = await call('POST', '/__admin/requests/verify', {
    json: { pattern: { header: { Authorization: 'Bearer other' } } },
  });
  t.match(verified.body.nearMisses[0], {
    member: 'header.authorization',
    expected: '[redacted]',
    actual: '[redacted]',
  });
  const { body } = await call('GET', '/__admin/requests');
  t.equal(body.requests.length, urls.length * 3);
  for (const text of [JSON.stringify(body), JSON.stringify(verified.body)]) t.notOk(text.includes(SECRET));
  t.match(body.requests[0].request, {
    url: '/conductor/connect/qbd/x?a&k%65y=[redacted]&b=2&key=&Key=[redacted]',
    headers: { referer: 'http://localhost/conductor/connect/qbd/x?key=[redacted]' },
  });
});

t.test('a page is in it, with what it showed or where it led', async (t) => {
  const { call } = await world(t);
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
  t.notOk('nearest' in body.requests[0], 'a page was found');
});

t.test('bodies are cut at 16 KiB, between characters', async (t) => {
  const { call } = await world(t);
  const send = async (json: object) => {
    const answer = await call('POST', '/pagecall/v1/users', { headers: key, json });
    t.equal(answer.status, 200);
    return (await call('GET', `/__admin/requests/${idOf(answer)}`)).body;
  };
  const long = await send({ user_id: 'a', metadata: { text: 'é'.repeat(10_000) } });
  for (const side of ['request', 'response']) {
    t.equal(long[side].bodyTruncated, true);
    t.type(long[side].body, 'string');
    t.ok(Buffer.byteLength(long[side].body) <= 16 * 1024);
    t.match(long[side].body, /é$/);
  }
  const fits = await send({ user_id: 'b', metadata: { text: 'x'.repeat(9000) } });
  for (const side of ['request', 'response']) t.notOk('bodyTruncated' in fits[side]);
  t.equal(fits.request.body.metadata.text.length, 9000);
  const deep = `[${'['.repeat(600)}${']'.repeat(600)}]`;
  const answer = await call('POST', '/pagecall/v1/users', {
    headers: { ...key, 'content-type': 'application/json' },
    raw: deep,
  });
  t.equal(
    (await call('GET', `/__admin/requests/${idOf(answer)}`)).body.request.body,
    deep,
    'too deep to be shown as JSON',
  );
});

t.test('only the last requests are kept', async (t) => {
  const { call } = await world(t, { journalSize: 3 });
  const ids = [];
  for (let n = 0; n < 8; n++) {
    ids.push(idOf(await call('GET', `/pagecall/v1/users/${n}`, { headers: key })));
    const { body } = await call('GET', '/__admin/requests');
    t.strictSame(
      body.requests.map((one: any) => one.id),
      ids.slice(-3).reverse(),
    );
  }
  t.equal((await call('GET', `/__admin/requests/${ids[0]}`)).status, 404);
});

t.test('what is kept of a large body holds on to no more than that', async (t) => {
  const journal = new Journal(10);
  const sandbox = { name: 's', clock: { now: () => 0 }, journal };
  const body = Buffer.alloc(1024 * 1024, 'x');
  const reply = { statusCode: 200, getHeaders: () => ({}) };
  const request = { method: 'GET', url: '/', params: {}, headers: {} };
  const visit = { sandbox, requestId: 'r', provider: pagecall, operation: null, matched: true, at: 0, started: 0 };
  enter({ ...visit, body, notes: null }, new Events(), request as never, reply as never, body.toString());
  const [kept] = journal.newestFirst();
  for (const one of [kept?.body, kept?.responseBody]) {
    t.type(one?.content, Buffer);
    t.ok((one?.content as Buffer).buffer.byteLength <= 16 * 1024, 'bytes of its own');
  }
});

t.test(
  'two sandboxes’ journals never mix, and neither the control plane’s calls nor other tests’ are in them',
  async (t) => {
    const { call } = await world(t);
    for (const name of ['a', 'b', 'a']) {
      await call('GET', `/pagecall/v1/users/${name}`, { headers: { authorization: `Bearer sbx_${name}` } });
    }
    const urls = async (name: string) =>
      (await call('GET', `/__admin/requests?sandbox=${name}`)).body.requests.map((one: any) => one.request.url);
    t.strictSame(await urls('a'), ['/pagecall/v1/users/a', '/pagecall/v1/users/a']);
    t.strictSame(await urls('b'), ['/pagecall/v1/users/b']);
    t.strictSame(await urls('default'), []);
    await call('DELETE', '/__admin/requests?sandbox=a');
    t.strictSame(await urls('a'), []);
    t.strictSame(await urls('b'), ['/pagecall/v1/users/b']);
  },
);

t.test('an answer that nobody waited for is in it', async (t) => {
  const { url, call } = await listening(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const waiting = call('POST', '/__admin/requests/wait', { json: { pattern: { operation: 'DeleteUser' } } });
  socket.write('DELETE /pagecall/v1/users/user-42 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\n\r\n', () =>
    socket.resetAndDestroy(),
  );
  t.strictSame((await waiting).body, { passed: true, count: 1, nearMisses: [] });
});

t.test('a handler can add what its answer does not show', async (t) => {
  const { call } = await world(t);
  const room = (await call('POST', '/pagecall/v1/rooms', { headers: key, json: { name: 'x', type: 'open' } })).body
    .room;
  const { body } = await call('POST', `/__admin/pagecall/rooms/${room.id}/join`, { json: {} });
  await call('POST', `/pagecall/v1/rooms/${room.id}/message`, { headers: key, json: { message: 'Hello' } });
  t.match((await call('GET', '/__admin/requests?limit=1')).body.requests[0].notes, {
    message: 'Hello',
    sessions: [body.session.id],
  });
});

t.test('listeners are told of each request, and of none after they left', async (t) => {
  const events = new Events();
  t.notOk(events.listening);
  const seen: SandboxEvent[] = [];
  const leave = events.on((event) => seen.push(event));
  const journal = new Journal(10);
  const sandbox = { name: 's', clock: { now: () => 0 }, journal };
  const reply = { statusCode: 503, getHeaders: () => ({ 'x-understudy-fault': 'code=503' }) };
  const request = { method: 'GET', url: '/x?key=secret', params: {}, headers: {} };
  const visit = { sandbox, requestId: 'r', matched: true, at: 0, started: performance.now() };
  const one = (provider: typeof pagecall | null) =>
    enter(
      { ...visit, provider, operation: provider?.operations[0] ?? null, body: undefined, notes: null },
      events,
      request as never,
      reply as never,
      null,
    );
  one(pagecall);
  one(null);
  t.match(seen, [
    {
      type: 'request',
      sandbox: 's',
      at: '1970-01-01T00:00:00.000Z',
      data: {
        id: 'r',
        provider: 'pagecall',
        operation: pagecall.operations[0]?.operation,
        method: 'GET',
        url: '/x?key=[redacted]',
        status: 503,
        durationMs: Number,
        fault: 'code=503',
      },
    },
    { type: 'fault', data: { requestId: 'r', fault: 'code=503' } },
    { type: 'request', data: { provider: null } },
    { type: 'fault', data: { provider: null } },
  ]);
  leave();
  one(pagecall);
  t.equal(seen.length, 4);
  t.notOk(events.listening);
});
