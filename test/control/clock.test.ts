// The sandbox clock: freeze, set, advance, reset, and the events that fall due.
import t from 'tap';
import { testServer } from '../harness.ts';

const key = { authorization: 'Bearer k' };
const clock = '/__admin/clock';

t.test('the clock follows real time by default', async (t) => {
  const { call } = await testServer(t);
  const { status, body } = await call('GET', clock);
  t.equal(status, 200);
  t.strictSame({ ...body, now: '' }, { now: '', frozen: false, offsetMs: 0 });
  t.ok(Math.abs(Date.parse(body.now) - Date.now()) < 60_000);
});

t.test('the clock can be frozen, set, advanced and reset, and new objects have its time', async (t) => {
  const { call } = await testServer(t);
  const put = (json: object) => call('PUT', clock, { json });
  const frozen = await put({ action: 'freeze', instant: '2030-01-31T10:00:00+01:00' });
  t.match(frozen, { status: 200, body: { now: '2030-01-31T09:00:00.000Z', frozen: true } });
  t.notOk('due' in frozen.body);
  t.ok(Math.abs(frozen.body.offsetMs - (Date.UTC(2030, 0, 31, 9) - Date.now())) < 60_000);
  const durations: [string, string][] = [
    ['PT1H30M', '2030-01-31T10:30:00.000Z'],
    ['P1D', '2030-02-01T10:30:00.000Z'],
    ['P2W', '2030-02-15T10:30:00.000Z'],
    ['P1DT0.25S', '2030-02-16T10:30:00.250Z'],
    ['PT0,75S', '2030-02-16T10:30:01.000Z'],
    ['PT90M', '2030-02-16T12:00:01.000Z'],
    ['PT0S', '2030-02-16T12:00:01.000Z'],
  ];
  for (const [duration, now] of durations)
    t.strictSame((await put({ action: 'advance', duration })).body.now, now, duration);
  t.match(
    (await put({ action: 'freeze' })).body,
    { now: '2030-02-16T12:00:01.000Z', frozen: true },
    'a frozen clock does not move',
  );
  const made = await call('POST', '/conductor/v1/end-users', {
    headers: { authorization: 'Bearer sk_x' },
    json: { companyName: 'A', sourceId: 's', email: 'a@example.com' },
  });
  t.equal(made.body.createdAt, '2030-02-16T12:00:01.000Z');
  const set = await put({ action: 'set', instant: '2031-05-05T00:00:00Z' });
  t.match(set.body, { frozen: false, now: /^2031-05-05T00:00:00\.\d{3}Z$/ });
  t.match((await put({ action: 'advance', duration: 'PT1S' })).body.now, /^2031-05-05T00:00:0[12]/);
  t.match((await put({ action: 'set', instant: '1999-01-01T00:00:00Z' })).body.now, /^1999-01-01T00/);
  const reset = await put({ action: 'reset' });
  t.match(reset.body, { frozen: false, offsetMs: 0 });
  t.match((await put({ action: 'freeze' })).body.frozen, true, 'frozen at the current time');
  t.equal((await call('POST', '/__admin/reset')).status, 204);
  t.match((await call('GET', clock)).body, { frozen: false, offsetMs: 0 });
});

t.test('each sandbox has its own clock, stored with its rows', async (t) => {
  const data = t.testdir();
  const first = await testServer(t, { data });
  await first.call('PUT', `${clock}?sandbox=a`, { json: { action: 'freeze', instant: '2030-01-01T00:00:00Z' } });
  t.equal((await first.call('GET', clock)).body.frozen, false);
  await first.app.close();
  const { call } = await testServer(t, { data });
  t.match((await call('GET', `${clock}?sandbox=a`)).body, { now: '2030-01-01T00:00:00.000Z', frozen: true });
});

t.test('advancing the clock runs due events in order and returns them', async (t) => {
  const { call } = await testServer(t);
  await call('POST', '/__admin/reset', { json: { to: 'empty' } });
  const put = (json: object) => call('PUT', clock, { json });
  await put({ action: 'freeze', instant: '2030-01-01T00:00:00Z' });
  const sk = { authorization: 'Bearer sk_x' };
  const user = (
    await call('POST', '/conductor/v1/end-users', {
      headers: sk,
      json: { companyName: 'A', sourceId: 's', email: 'a@example.com' },
    })
  ).body;
  const link = (linkExpiryMins: number) =>
    call('POST', '/conductor/v1/auth-sessions', {
      headers: sk,
      json: { publishableKey: 'pk_x', endUserId: user.id, linkExpiryMins },
    });
  const late = (await link(60)).body;
  const soon = (await link(15)).body;
  const room = (
    await call('POST', '/pagecall/v1/rooms', {
      headers: key,
      json: { name: 'x', type: 'open', max_meeting_seconds: 1800 },
    })
  ).body.room;
  for (let count = 0; count < 2; count++)
    t.equal((await call('POST', `/__admin/pagecall/rooms/${room.id}/join`, { json: {} })).status, 201);
  t.strictSame((await put({ action: 'advance', duration: 'PT1M' })).body.due, []);
  const { body } = await put({ action: 'advance', duration: 'PT2H' });
  t.strictSame(body.due, [
    { provider: 'conductor', resource: 'authSessions', id: soon.id, what: 'expired', at: '2030-01-01T00:15:00.000Z' },
    { provider: 'pagecall', resource: 'rooms', id: room.id, what: 'terminated', at: '2030-01-01T00:30:00.000Z' },
    { provider: 'conductor', resource: 'authSessions', id: late.id, what: 'expired', at: '2030-01-01T01:00:00.000Z' },
  ]);
  t.strictSame((await put({ action: 'advance', duration: 'PT2H' })).body.due, [], 'once');
});

t.test('invalid input is rejected with its path and leaves the clock unchanged', async (t) => {
  const { call } = await testServer(t);
  await call('PUT', clock, { json: { action: 'freeze', instant: '2030-01-01T00:00:00Z' } });
  const cases: [object | undefined, string, RegExp][] = [
    [undefined, '', /expected object/],
    [{}, 'action', /freeze/],
    [{ action: 'stop' }, 'action', /freeze/],
    [{ action: 'freeze', at: 1 }, 'at', /unknown field/],
    [{ action: 'freeze', duration: 'PT1H' }, 'duration', /freeze does not take it/],
    [{ action: 'set' }, 'instant', /set requires it/],
    [{ action: 'set', instant: '2030-01-01T00:00:00Z', duration: 'PT1H' }, 'duration', /set does not take it/],
    [{ action: 'advance' }, 'duration', /advance requires it/],
    [{ action: 'advance', instant: '2030-01-01T00:00:00Z', duration: 'PT1H' }, 'instant', /advance does not take it/],
    [{ action: 'reset', instant: '2030-01-01T00:00:00Z' }, 'instant', /reset does not take it/],
    [{ action: 'freeze', instant: 5 }, 'instant', /expected string/],
    [{ action: 'freeze', instant: '2030-01-01' }, 'instant', /ISO 8601 instant/],
    [{ action: 'freeze', instant: '2030-02-30T00:00:00Z' }, 'instant', /ISO 8601 instant/],
    [{ action: 'freeze', instant: '2030-01-01T00:00:00' }, 'instant', /with a UTC offset/],
    [{ action: 'freeze', instant: '1969-12-31T23:59:59Z' }, 'instant', /from 1970/],
    [{ action: 'freeze', instant: '9999-01-01T00:00:00Z' }, 'instant', /to 8999/],
    [{ action: 'advance', duration: 'P1M' }, 'duration', /years and months vary in length/],
    [{ action: 'advance', duration: 'P1Y2DT3H' }, 'duration', /use days/],
    [{ action: 'advance', duration: 'P' }, 'duration', /ISO 8601 duration/],
    [{ action: 'advance', duration: 'PT' }, 'duration', /ISO 8601 duration/],
    [{ action: 'advance', duration: 'P1DT' }, 'duration', /ISO 8601 duration/],
    [{ action: 'advance', duration: '-PT1H' }, 'duration', /ISO 8601 duration/],
    [{ action: 'advance', duration: '1h' }, 'duration', /ISO 8601 duration/],
    [{ action: 'advance', duration: 'P999999999D' }, 'duration', /past the year 8999/],
  ];
  for (const [json, path, message] of cases) {
    const answer = await call('PUT', clock, json === undefined ? {} : { json });
    t.match(answer, { status: 400, body: { errors: [{ path, message }] } }, JSON.stringify(json));
  }
  t.match((await call('GET', clock)).body, { now: '2030-01-01T00:00:00.000Z', frozen: true });
});
