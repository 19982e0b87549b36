// Invalid input of any size is refused in few bytes, without keeping other requests waiting.
import t, { type Test } from 'tap';
import { testServer } from '../harness.ts';
import { servedMeanwhile } from '../served-meanwhile.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

async function put(t: Test, text: string, method = 'PUT') {
  const { app } = await testServer(t);
  const headers = { host: 'localhost', ...JSON_TYPE };
  const response = await app.inject({ method: method as 'PUT', url: '/__admin/state', headers, payload: text });
  return { status: response.statusCode, bytes: response.rawPayload.length, body: response.json() };
}

t.test('a state of a million rows that are none is refused with 50 findings', async (t) => {
  for (const method of ['PUT', 'POST']) {
    const { status, bytes, body } = await put(t, `{"conductor":{"endUsers":[${'1,'.repeat(999_999)}1]}}`, method);
    t.equal(status, 400);
    t.ok(bytes < 10_000, `${bytes} bytes`);
    t.equal(body.detail, 'conductor.endUsers[0]: Invalid input: expected object, received number.');
    t.equal(body.errors.length, 50);
    t.strictSame(body.errors[49], {
      path: 'conductor.endUsers[49]',
      message: 'Invalid input: expected object, received number',
    });
    t.equal(body.more, 9950, 'the others are counted up to 10,000');
  }
});

t.test('all findings of up to 10,000 are counted, over all resources, unknown keys one by one', async (t) => {
  const { app } = await testServer(t);
  const refuse = async (json: object) =>
    (await app.inject({ method: 'PUT', url: '/__admin/state', headers: { host: 'localhost' }, payload: json })).json();
  const wrong = { id: 1, a: 1, b: 1 };
  const { errors, more } = await refuse({ pagecall: { users: Array(20).fill(wrong) }, conductor: { endUsers: 'x' } });
  t.equal(errors.length, 50);
  t.ok(errors.some(({ message }: any) => message === 'unknown field'));
  t.equal(more, 20 * 7 + 1 - 50);
  t.strictSame(await refuse({ conductor: { endUsers: 'x' } }), {
    type: 'urn:understudy:invalid-input',
    title: 'Invalid input',
    status: 400,
    detail: 'conductor.endUsers: Invalid input: expected array, received string.',
    errors: [{ path: 'conductor.endUsers', message: 'Invalid input: expected array, received string' }],
  });
  const keys = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`k${n}`, 1]));
  const unknown = await refuse(keys);
  t.strictSame([unknown.errors.length, unknown.errors[49].path, unknown.more], [50, 'k49', 70]);
});

t.test('a megabyte of invalid values is refused by control plane and providers in a few kilobytes', async (t) => {
  const { call } = await testServer(t);
  const raw = (start: string, end: string) => `${start}${'1,'.repeat(400_000)}1${end}`;
  const reset = await call('POST', '/__admin/reset', { headers: JSON_TYPE, raw: raw('{"scope":[', ']}') });
  t.equal(reset.status, 400);
  t.equal(reset.body.errors.length, 50);
  t.equal(reset.body.more, 400_001 - 50);
  const room = await call('POST', '/pagecall/v1/rooms', {
    headers: { ...JSON_TYPE, authorization: 'Bearer k' },
    raw: raw('{"type":"public","name":"n","user_ids":[', ']}'),
  });
  t.equal(room.status, 400);
  t.ok(room.body.message.length < 5000, room.body.message.length);
  t.match(
    room.body.message,
    /^user_ids\[0\]: must be a string, not number\. .*Request body has 399951 more invalid values\.$/,
  );
  const one = await call('POST', '/pagecall/v1/rooms', {
    headers: { authorization: 'Bearer k' },
    json: { type: 'public', name: 'n', user_ids: Array(51).fill(1) },
  });
  t.match(one.body.message, /Request body has 1 more invalid value\.$/);
});

t.test('other requests are served while the rows of a large state are validated', async (t) => {
  const { app } = await testServer(t);
  const row = { id: 'end_usr_alice000000042', createdAt: 'x', companyName: 'A', sourceId: 's', email: 'a@example.com' };
  const valid = { ...row, createdAt: '2024-01-01T00:00:00.000Z' };
  const payload = JSON.stringify({ conductor: { endUsers: [...Array(100_000).fill(valid), row] } });
  const refused = app.inject({ method: 'PUT', url: '/__admin/state', headers: JSON_TYPE, payload });
  const health = () => app.inject({ method: 'GET', url: '/__admin/health' });
  // The body is parsed at once.
  const response = await servedMeanwhile(t, 'the validation', refused, health);
  t.match(response.json(), { status: 400, errors: [{ path: 'conductor.endUsers[100000].createdAt' }] });
});

t.test('numbers beyond what dates and contracts can carry are refused where they come in', async (t) => {
  const { call } = await testServer(t);
  const { body: state } = await call('GET', '/__admin/state');
  const change = (provider: string, resource: string, row: object) => ({
    [provider]: {
      ...state[provider],
      [resource]: state[provider][resource].map((one: object) => ({ ...one, ...row })),
    },
  });
  const refused: [object, string][] = [
    [change('proficient', 'users', { created_at: 8.7e15 }), 'proficient.users[0].created_at'],
    [change('pagecall', 'rooms', { meeting_time: 1e300 }), 'pagecall.rooms[0].meeting_time'],
    [change('pagecall', 'rooms', { max_meeting_seconds: 1e13 }), 'pagecall.rooms[0].max_meeting_seconds'],
  ];
  for (const [json, path] of refused)
    t.match(await call('PUT', '/__admin/state', { json }), { status: 400, body: { errors: [{ path }] } }, path);
  t.strictSame((await call('GET', '/__admin/state')).body, state, 'nothing changed');
  const headers = { authorization: 'Bearer k' };
  const room = { type: 'public', name: 'n' };
  t.match(await call('POST', '/pagecall/v1/rooms', { headers, json: { ...room, max_meeting_seconds: 1e12 } }), {
    status: 400,
    body: { message: 'max_meeting_seconds: must be at most 100000000000.' },
  });
  for (const [path, json] of [
    ['/__admin/clock', { action: 'advance', duration: `P${'9'.repeat(300)}W` }],
    ['/__admin/clock', { action: 'advance', duration: `PT${'9'.repeat(400)}S` }],
  ] as const)
    t.equal((await call('PUT', path, { json })).status, 400);
  t.equal((await call('POST', '/__admin/sandboxes', { json: { ttlSeconds: 1e300 } })).status, 400);
});
