// Pagecall errors: unknown ids, invalid bodies, keys and paths, and unusual requests of real clients.
import t, { type Test } from 'tap';
import { pagecall as pagecallProvider } from '../../../src/providers/pagecall/index.ts';
import type { ServerOptions } from '../../../src/server.ts';
import { type RequestOptions, testServer } from '../../harness.ts';

const ROOM = '/rooms/674d8520d61d4565c07509e5';
const key = { authorization: 'Bearer anything' };

async function pagecall(t: Test, options: Partial<ServerOptions> = {}) {
  const { call } = await testServer(t, options);
  return {
    ask: (method: string, path: string, ask: RequestOptions = {}) =>
      call(method, `/pagecall/v1${path}`, { ...ask, headers: { ...key, ...ask.headers } }),
    call,
    rows: async () => (await call('GET', '/__admin/state?provider=pagecall')).body.pagecall,
  };
}

t.test('unknown users, rooms and members get 400', async (t) => {
  const { ask, rows } = await pagecall(t);
  const before = await rows();
  const user = { message: 'User not found.' };
  const room = { message: 'Room not found.' };
  const member = { message: 'Member not found.' };
  for (const [method, path, json, body] of [
    ['GET', '/users/nobody', undefined, user],
    ['PUT', '/users/nobody', {}, user],
    ['DELETE', '/users/nobody', undefined, user],
    ['GET', '/rooms/nowhere', undefined, room],
    ['PUT', '/rooms/nowhere', {}, room],
    ['DELETE', '/rooms/nowhere', undefined, room],
    ['GET', '/rooms/nowhere/sessions', undefined, room],
    ['GET', '/rooms/nowhere/pages', undefined, room],
    ['POST', '/rooms/nowhere/pages/create_many', [], room],
    ['GET', '/rooms/nowhere/members', undefined, room],
    ['POST', '/rooms/nowhere/members', { user_id: 'nobody' }, room],
    ['GET', '/rooms/nowhere/members/x', undefined, room],
    ['PUT', '/rooms/nowhere/members/x', {}, room],
    ['POST', '/rooms/nowhere/message', { message: 'x' }, room],
    ['GET', `${ROOM}/members/nobody`, undefined, member],
    ['PUT', `${ROOM}/members/supervisor-3`, {}, member],
    ['POST', `${ROOM}/members`, { user_id: 'nobody' }, { message: 'user_id: no such user.' }],
  ] as const) {
    const answer = await ask(method, path, { json });
    t.equal(answer.status, 400, `${method} ${path}`);
    t.strictSame(answer.body, body, `${method} ${path}`);
  }
  t.strictSame(await rows(), before);
});

t.test('invalid bodies get 400 with a message for each error', async (t) => {
  const { ask, rows } = await pagecall(t);
  const before = await rows();
  const pages = `${ROOM}/pages/create_many`;
  const image = { type: 'Image' };
  for (const [method, path, json, message] of [
    ['POST', '/users', undefined, 'user_id: required.'],
    ['POST', '/users', {}, 'user_id: required.'],
    ['POST', '/users', { user_id: 7 }, 'user_id: must be a string, not number.'],
    ['POST', '/users', { user_id: null }, 'user_id: must be a string, not null.'],
    ['POST', '/users', { user_id: '' }, 'user_id: must have 1 to 512 characters.'],
    ['POST', '/users', { user_id: 'x'.repeat(513) }, 'user_id: must have 1 to 512 characters.'],
    ['POST', '/users', { user_id: 'x', name: null }, 'name: must be a string, not null.'],
    [
      'POST',
      '/users',
      { user_id: 'x', default_member_type: 'boss' },
      'default_member_type: must be one of guest, host, monitor.',
    ],
    ['POST', '/users', { user_id: 'x', metadata: [] }, 'metadata: must be a record, not array.'],
    ['POST', '/users', [], 'Request body must be an object, not array.'],
    ['PUT', '/users/user-42', { name: 7 }, 'name: must be a string, not number.'],
    [
      'PUT',
      '/users/user-42',
      { default_member_type: null },
      'default_member_type: must be one of guest, host, monitor.',
    ],
    ['POST', '/rooms', undefined, 'name: required. type: required.'],
    ['POST', '/rooms', { name: 'x', type: 'secret' }, 'type: must be one of open, public, private.'],
    ['POST', '/rooms', { name: 'x', type: 'open', record: 'true' }, 'record: must be a boolean, not string.'],
    ['POST', '/rooms', { name: 'x', type: 'open', max_meeting_seconds: 0 }, 'max_meeting_seconds: must be at least 1.'],
    [
      'POST',
      '/rooms',
      { name: 'x', type: 'open', max_meeting_seconds: 1.5 },
      'max_meeting_seconds: must be an integer, not number.',
    ],
    ['POST', '/rooms', { name: 'x', type: 'open', members: [{ user_id: 'user-42' }] }, 'members[0].type: required.'],
    ['POST', '/rooms', { name: 'x', type: 'open', members: [{ type: 'host' }] }, 'members[0].user_id: required.'],
    ['POST', '/rooms', { name: 'x', type: 'open', user_ids: 'user-42' }, 'user_ids: must be an array, not string.'],
    ['POST', '/rooms', { name: 'x', type: 'open', webhook: {} }, 'webhook.url: required.'],
    [
      'POST',
      '/rooms',
      { name: 'x', type: 'open', webhook: { url: '/hook' } },
      'webhook.url: must be an absolute http or https URL.',
    ],
    [
      'POST',
      '/rooms',
      { name: 'x', type: 'open', webhook: { url: 'ftp://a/b' } },
      'webhook.url: must be an absolute http or https URL.',
    ],
    [
      'POST',
      '/rooms',
      { name: 'x', type: 'open', webhook: { url: 'http://a:b:c' } },
      'webhook.url: must be an absolute http or https URL.',
    ],
    [
      'POST',
      '/rooms',
      { name: 'x', type: 'open', webhook: { url: 'http://a', headers: { a: 1 } } },
      'webhook.headers: must hold only strings.',
    ],
    ['PUT', ROOM, { is_terminated: 'true' }, 'is_terminated: must be a boolean, not string.'],
    ['PUT', ROOM, { name: null }, 'name: must be a string, not null.'],
    ['POST', `${ROOM}/members`, undefined, 'user_id: required.'],
    ['POST', `${ROOM}/members`, { user_id: 'user-42', options: 'none' }, 'options: must be a record, not string.'],
    ['PUT', `${ROOM}/members/user-42`, { is_blocked: 0 }, 'is_blocked: must be a boolean, not number.'],
    ['POST', pages, undefined, 'Request body must be an array, not object.'],
    ['POST', pages, { pages: [] }, 'Request body must be an array, not object.'],
    ['POST', pages, [{}, { index: -1 }], '[1].index: must be from 0 to 2147483647.'],
    ['POST', pages, [{ index: 0.5 }], '[0].index: must be an integer, not number.'],
    ['POST', pages, [{ size: { width: 1 } }], '[0].size.height: required.'],
    ['POST', pages, [{ entities: [image] }], '[0].entities[0].src: required for an Image.'],
    ['POST', pages, [{ entities: [{ type: 'Text', src: 'x' }] }], '[0].entities[0].type: must be one of Image.'],
    ['POST', `${ROOM}/message`, undefined, 'message: required.'],
  ] as const) {
    const answer = await ask(method, path, { json });
    t.equal(answer.status, 400, `${method} ${path} ${JSON.stringify(json)}`);
    t.strictSame(answer.body, { message }, `${method} ${path} ${JSON.stringify(json)}`);
  }
  t.strictSame(await rows(), before);
});

t.test('unreadable bodies get 400', async (t) => {
  const { ask } = await pagecall(t);
  const json = { 'content-type': 'application/json' };
  for (const [raw, headers, message] of [
    ['{', json, /valid JSON/],
    ['{"user_id":"x","__proto__":{}}', json, /valid JSON/],
    ['{"user_id":"\\ud800"}', json, /valid JSON/],
    ['user_id=x', { 'content-type': 'application/x-www-form-urlencoded' }, /application\/json/],
    ['{"user_id":"x"}', { 'content-type': 'text/plain' }, /application\/json/],
    ['{"user_id":"x"}', {}, /application\/json/],
    [`"${'x'.repeat(1024 * 1024)}"`, json, /too large/],
  ] as const) {
    const answer = await ask('POST', '/users', { raw, headers: { ...headers } });
    t.equal(answer.status, 400);
    t.match(answer.body, { message });
    t.strictSame(Object.keys(answer.body), ['message'], 'no error of the framework');
  }
});

t.test('keys', async (t) => {
  const spec = await pagecall(t);
  const malformed = { message: 'Missing or malformed API key. Send "Authorization: Bearer <API key>".' };
  for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', 'token']) {
    const answer = await spec.call(
      'GET',
      '/pagecall/v1/users',
      authorization === undefined ? {} : { headers: { authorization } },
    );
    t.equal(answer.status, 400);
    t.strictSame(answer.body, malformed);
  }
  for (const authorization of ['bearer x', 'BEARER x', 'Bearer   x']) {
    t.equal((await spec.call('GET', '/pagecall/v1/users', { headers: { authorization } })).status, 200);
  }
  t.strictSame(
    (await spec.call('DELETE', '/pagecall/v1/users/nobody?limit=x')).body,
    malformed,
    'the key is checked first',
  );

  const strict = await pagecall(t, { settings: { auth: 'strict' } });
  const status = async (token: string, more = {}) =>
    (await strict.call('GET', '/pagecall/v1/users', { headers: { authorization: `Bearer ${token}`, ...more } })).status;
  t.equal(await status('pagecall_test_key'), 200);
  t.equal(await status('pagecall_test_key_sbx_mine'), 200);
  t.equal(await status('pagecall_test_key_sbx_mine', { 'x-understudy-sandbox': 'other' }), 400);
  t.equal(await status('dummy-access-token-0000000000000'), 400, 'an access token is not a key');
  t.equal(await status(pagecallProvider.sampleKeys('default').apiKey as string), 200, 'the sample key works');
  t.equal(await status(pagecallProvider.sampleKeys('mine').apiKey as string), 200);
  t.strictSame((await strict.ask('GET', '/users')).body, { message: 'Unknown API key.' });
  t.strictSame(
    (await strict.ask('GET', '/nothing')).body,
    { message: 'Not Found' },
    'an unknown route gets 404 with any key',
  );
});

t.test('unknown paths and methods get 404', async (t) => {
  const { ask, call, rows } = await pagecall(t);
  const before = await rows();
  for (const [method, path] of [
    ['GET', '/users/'],
    ['PUT', '/users/'],
    ['DELETE', '/users/'],
    ['POST', '/users/'],
    ['GET', '/rooms/'],
    ['DELETE', '/rooms/'],
    ['GET', `${ROOM}/`],
    ['GET', `${ROOM}/members/`],
    ['DELETE', `${ROOM}/members/user-42`],
    ['DELETE', '/users'],
    ['DELETE', '/rooms'],
    ['PATCH', '/users/user-42'],
    ['GET', `${ROOM}/message`],
    ['GET', '/users/a/b'],
    ['GET', '/'],
    ['GET', ''],
    ['OPTIONS', '/users'],
    ['GET', '/USERS'],
    ['GET', '/users//user-42'],
  ] as const) {
    const answer = await ask(method, path);
    t.equal(answer.status, 404, `${method} ${path}`);
    t.strictSame(answer.body, { message: 'Not Found' });
    t.strictSame((await call(method, `/pagecall/v1${path}`)).status, 404, 'also without a key');
  }
  t.equal((await ask('HEAD', '/users')).status, 404);
  for (const path of [
    '/users/%E0%A4',
    '/users/%zz',
    `/users/${'x'.repeat(513)}`,
    `/rooms/${'%EA%B0%80'.repeat(513)}`,
  ]) {
    const answer = await ask('DELETE', path);
    t.equal(answer.status, 400);
    t.strictSame(answer.body, { message: 'Malformed path.' });
  }
  t.strictSame(await rows(), before);
});

t.test('planned errors change nothing', async (t) => {
  const { ask, rows } = await pagecall(t);
  const before = await rows();
  for (const [code, message] of [
    ['400', /./],
    ['404', 'Not Found'],
    ['500', 'Internal Server Error'],
    ['503', 'Service Unavailable'],
  ] as const) {
    const answer = await ask('DELETE', '/users/user-42', { headers: { prefer: `code=${code}` } });
    t.equal(answer.status, Number(code));
    t.match(answer.body, { message });
    t.strictSame(Object.keys(answer.body), ['message']);
    t.match(answer.headers, { 'preference-applied': `code=${code}`, 'x-understudy-fault': `code=${code}` });
  }
  t.equal(
    (await ask('DELETE', '/users/user-42', { headers: { prefer: 'code=418' } })).body.type,
    'urn:understudy:undocumented-preference',
  );
  const strange = await ask('DELETE', '/users/user-42', { headers: { prefer: 'code=418, handling=lenient' } });
  t.match(strange, { status: 418, body: { message: 'Requested error.' } });
  t.strictSame(await rows(), before);
  t.equal((await ask('DELETE', '/users/user-42')).status, 200);
});

t.test('unnecessary bodies, headers and preferences of clients are ignored', async (t) => {
  const { ask } = await pagecall(t);
  const json = { 'content-type': 'application/json' };
  t.equal((await ask('DELETE', '/users/user-42', { headers: json })).status, 200, 'a JSON content type without a body');
  t.equal((await ask('DELETE', '/users/user-17', { headers: json, raw: '{"a":' })).status, 200, 'an ignored body');
  t.equal((await ask('GET', '/users', { headers: json })).status, 200);
  t.equal((await ask('PUT', '/users/user-23', { headers: json })).status, 200, 'an empty update');
  t.equal(
    (
      await ask('POST', '/users', {
        headers: { 'content-type': 'application/json; charset=utf-8' },
        raw: '{"user_id":"x"}',
      })
    ).status,
    200,
  );
  const extra = { replay_layout_id: 'a', replay_options_preset_id: null, is_distinct: true };
  const room = await ask('POST', '/rooms', { json: { name: 'x', type: 'open', ...extra } });
  t.equal(room.status, 200);
  const again = await ask('POST', '/rooms', {
    json: { name: 'x', type: 'open', ...extra },
    headers: { 'idempotency-key': 'k' },
  });
  t.not(again.body.room.id, room.body.room.id, 'requests are neither replayed nor deduplicated');
  const { headers } = await ask('GET', '/users', { headers: { origin: 'https://a.test' } });
  t.equal(headers['content-type'], 'application/json; charset=utf-8');
  t.notOk(
    Object.keys(headers).some((name) => name.startsWith('access-control-')),
    'no CORS headers',
  );
});

t.test('errors that no test request causes have a message too', async (t) => {
  const { transport, body } = pagecallProvider.errors;
  t.strictSame(body(transport.crash(), { requestId: '' }), { message: 'Internal Server Error' });
  t.strictSame(body(transport.missingBody(), { requestId: '' }), { message: 'Request body is required.' });
});
