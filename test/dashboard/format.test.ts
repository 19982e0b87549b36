// How the dashboard formats numbers, times, routes and differences.
import t from 'tap';
import type { ClockTime } from '../../src/control/schemas.ts';
import { clockState, durationOf, shownTime } from '../../src/dashboard/model/clock.ts';
import { changesOf } from '../../src/dashboard/model/diff.ts';
import * as words from '../../src/dashboard/model/format.ts';
import { clampOffset, paginate } from '../../src/dashboard/model/pagination.ts';
import {
  decisiveCount,
  groupByCall,
  limitsOf,
  matchText,
  subjectsIn,
  unerasableRows,
} from '../../src/dashboard/model/residues.ts';
import { parseRoute, routeHash, sandboxSearch } from '../../src/dashboard/model/route.ts';
import { createBody, matching } from '../../src/dashboard/model/sandbox-list.ts';
import { testServer } from '../harness.ts';
import { resourcesOf } from './fixtures.ts';

t.test('numbers, lists and times are formatted', async (t) => {
  t.equal(words.number(1204567), '1,204,567');
  t.equal(words.count(1, 'row'), '1 row');
  t.equal(words.count(2000, 'sandbox', 'sandboxes'), '2,000 sandboxes');
  t.equal(words.rowsOf(1, 'endUsers'), '1 endUser');
  t.strictSame([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(words.listed), ['', 'a', 'a and b', 'a, b and c']);
  t.equal(words.timeOfDay('2030-01-31T09:08:07.123Z'), '09:08:07.123');
  t.equal(words.dayAndTime('2030-01-31T09:08:07.123Z'), '2030-01-31 09:08');
  t.strictSame([0.123, 12.3, 1512].map(words.duration), ['0.1 ms', '12 ms', '1.5 s']);
  t.strictSame(['a', null, undefined, 5, true, { a: [1] }].map(words.cellText), [
    'a',
    '',
    '',
    '5',
    'true',
    '{"a":[1]}',
  ]);
  t.equal(words.shortened('abcdef', 4), 'abc…');
  t.equal(words.shortened('abcd', 4), 'abcd');
  t.equal(words.compact('u_Alice0000000000000000042'), 'u_Alice0000000000000000042');
  t.equal(words.compact('int_3bbnAY6Y8mnoSoK1sWPMIaJdF08Rf86V4uJj'), 'int_3bbnAY6Y8mno…f86V4uJj');
  t.equal(words.compact('a text '.repeat(20)).length, 60);
});

t.test('a route survives the round trip through the URL', async (t) => {
  t.strictSame(parseRoute('', ''), { sandbox: 'default', panel: 'overview', rest: [] });
  t.strictSame(parseRoute('?sandbox=', '#nowhere/x'), { sandbox: 'default', panel: 'overview', rest: [] });
  const rest = ['pagecall', 'users', 'a/b %c'];
  t.strictSame(parseRoute(sandboxSearch('w-3'), routeHash('rows', ...rest)), { sandbox: 'w-3', panel: 'rows', rest });
  t.strictSame(parseRoute('', '#journal/%E0%A4%A').rest, ['%E0%A4%A'], 'what does not decode is taken as it is');
  t.equal(sandboxSearch('default'), '');
});

t.test('a page knows the offsets of the others, and an emptied page falls back to the last one', async (t) => {
  t.strictSame(paginate(0, 50, 0), {
    text: 'none',
    first: undefined,
    previous: undefined,
    next: undefined,
    last: undefined,
  });
  t.strictSame(paginate(0, 50, 120), {
    text: '1–50 of 120',
    first: undefined,
    previous: undefined,
    next: 50,
    last: 100,
  });
  t.strictSame(paginate(50, 50, 120), {
    text: '51–100 of 120',
    first: undefined,
    previous: 0,
    next: 100,
    last: undefined,
  });
  t.match(paginate(99_950, 50, 100_000), { text: '99,951–100,000 of 100,000', first: 0, previous: 99_900 });
  t.strictSame(
    [clampOffset(0, 50, 0), clampOffset(50, 50, 60), clampOffset(100, 50, 60), clampOffset(50, 50, 0)],
    [0, 50, 50, 0],
  );
});

t.test('the clock shows its offset from real time, and durations are ISO 8601', async (t) => {
  const clock = (offsetMs: number, frozen = false): ClockTime => ({
    now: '2030-01-01T10:00:00.000Z',
    frozen,
    offsetMs,
  });
  t.equal(clockState(clock(0, true)), 'frozen');
  t.equal(clockState(clock(999)), '');
  t.equal(clockState(clock(7_200_000)), '2 h ahead');
  t.equal(clockState(clock(-93_784_000)), '1 d 2 h behind');
  t.equal(clockState(clock(61_000)), '1 min 1 s ahead');
  t.equal(shownTime(clock(0), 60_000), '2030-01-01 10:01');
  t.equal(shownTime(clock(0, true), 60_000), '2030-01-01 10:00');
  const { call } = await testServer(t);
  for (const unit of ['minutes', 'hours', 'days', 'weeks'] as const) {
    const json = { action: 'advance', duration: durationOf(' 2 ', unit) };
    t.equal((await call('PUT', '/__admin/clock', { json })).status, 200, unit);
  }
  t.equal(durationOf('two', 'hours'), 'PTtwoH');
});

t.test('residues are grouped by the call that removes them', async (t) => {
  const { call } = await testServer(t);
  await call('POST', '/__admin/snapshots', { json: { name: 'kept' } });
  const json = { subjects: subjectsIn(' alice@example.com,\n\nuser-42 \nuser-42'), include: ['state', 'snapshots'] };
  const { body } = await call('POST', '/__admin/erasure-checks', { json });
  t.strictSame(body.subjects, ['alice@example.com', 'user-42']);
  const remedies = groupByCall(body);
  t.equal(
    remedies.reduce((sum, { residues }) => sum + residues.length, 0),
    body.residues.length,
  );
  t.match(
    remedies.find(({ provider }) => provider === 'conductor'),
    {
      call: 'DELETE /conductor/v1/end-users/end_usr_alice000000042',
      path: '/conductor/v1/end-users/end_usr_alice000000042',
    },
  );
  const own = remedies.find(({ provider }) => provider === 'understudy');
  t.match(own, { path: undefined, call: /\/__admin\/snapshots\/kept/ });
  const oddly = { provider: 'x', resource: 'r', id: '1', field: 'f', match: 'exact', erasableBy: 'POST /x' } as const;
  t.equal(groupByCall({ plan: ['POST /x'], residues: [oddly] })[0]?.path, undefined);
  t.equal(matchText(oddly), 'exact');
  t.equal(matchText({ ...oddly, encodings: ['percent-encoded', 'base64'] }), 'exact, percent-encoded, base64');
  t.strictSame(
    remedies.map(({ call }) => call),
    body.plan,
  );
});

t.test(
  'rows that no request removes come with their residues; matches inside longer identifiers do not count',
  async (t) => {
    const { call } = await testServer(t);
    const headers = { authorization: 'Bearer k' };
    const json = { type: 'open', name: 'For user-17 and tomas@example.com, not user-171' };
    const id = (await call('POST', '/pagecall/v1/rooms', { headers, json })).body.room.id;
    await call('POST', `/__admin/pagecall/rooms/${id}/join`, { json: { user_id: 'user-23' } });
    const { body } = await call('POST', '/__admin/erasure-checks', {
      json: { subjects: ['user-17', 'user-2'], contains: true },
    });
    t.match(unerasableRows(body), [
      { row: { resource: 'rooms', id, fields: ['name'] }, residues: [{ field: 'name', match: 'contains' }] },
    ]);
    const inside = body.residues.filter(({ match }: { match: string }) => match === 'inside').length;
    t.ok(inside > 0);
    t.equal(decisiveCount(body.residues), body.residues.length - inside);
    t.equal(
      groupByCall(body).reduce((sum, { residues }) => sum + residues.length, 1),
      decisiveCount(body.residues),
    );
  },
);

t.test('what a check did not search or list is said', async (t) => {
  const { call } = await testServer(t);
  const { body } = await call('POST', '/__admin/erasure-checks', { json: { subjects: ['nobody-here'] } });
  t.strictSame(limitsOf(body), []);
  const limited = { ...body, linked: false, linksForgotten: 2, linkedTruncated: true, truncated: true };
  t.strictSame(limitsOf(limited), [
    'Linked identities were not searched, only the given subjects.',
    'There are more linked identities than were searched.',
    'The links of 2 rows have been forgotten; what only they lead to was not searched.',
    'Only the first residues are listed.',
  ]);
});

t.test('a difference lists rows, with the fields that differ', async (t) => {
  const { call } = await testServer(t);
  const headers = { authorization: 'Bearer k' };
  await call('POST', '/__admin/snapshots', { json: { name: 's' } });
  await call('POST', '/pagecall/v1/users', { headers, json: { user_id: 'new', name: 'New' } });
  await call('PUT', '/pagecall/v1/users/user-17', { headers, json: { name: 'Other' } });
  const project = { authorization: 'Bearer sk_conductor_test' };
  await call('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', { headers: project });
  const diff = (await call('GET', '/__admin/snapshots/s/diff')).body;
  const changes = changesOf(diff, await resourcesOf(t));
  const users = changes.find(({ provider, resource }) => provider === 'pagecall' && resource === 'users');
  t.match(users, {
    inserted: 1,
    updated: 1,
    deleted: 0,
    rows: [
      { kind: 'updated', id: 'user-17', fields: [{ field: 'name', after: 'Other' }, { field: 'updated_at' }] },
      { kind: 'inserted', id: 'new', fields: [] },
    ],
  });
  const gone = changes.find(({ resource }) => resource === 'endUsers');
  t.strictSame(gone?.rows, [{ kind: 'deleted', id: 'end_usr_alice000000042', fields: [] }]);
  const unknown = { wings: { feathers: { inserts: [{ id: '1' }], updates: [], deletes: [] } } };
  t.match(changesOf(unknown, []), [{ resource: 'feathers', rows: [{ id: '1' }] }]);
});

t.test('sandboxes are found by part of their name, best match first', async (t) => {
  const named = (name: string) => ({ name, createdAt: '', settings: {}, providers: {} });
  const all = ['other-w', 'w-10', 'W-1', 'x'].map(named);
  t.strictSame(
    matching(all, ' w-1 ').map(({ name }) => name),
    ['W-1', 'w-10'],
  );
  t.strictSame(
    matching(all, 'w').map(({ name }) => name),
    ['w-10', 'W-1', 'other-w'],
  );
  t.equal(
    matching(
      Array.from({ length: 200 }, (_, number) => named(`n-${number}`)),
      '',
    ).length,
    50,
  );
  t.strictSame(createBody(' ', 'empty', 'default'), { from: 'empty' });
  t.strictSame(createBody(' mine ', 'fork', 'w-1'), { name: 'mine', from: { sandbox: 'w-1' } });
});
