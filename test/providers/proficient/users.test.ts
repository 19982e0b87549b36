// Proficient users: creation with few fields, lists, and permission to rename.
import t from 'tap';
import { testServer } from '../../harness.ts';
import { ALICE, admin, alice, failed, TOMAS } from './fixtures.ts';

t.test('null and unknown keys count as absent, and JSON may come with parameters', async (t) => {
  const { call } = await testServer(t);
  const made = await call('POST', '/proficient/users', {
    json: { external_id: 'a', first_name: null, last_name: null, live_mode: null, id: 'mine' },
  });
  t.match(made, { status: 200, body: { first_name: '', last_name: '', live_mode: true, id: /^u_.{24}$/ } });
  const test = await call('POST', '/proficient/users', {
    headers: { 'content-type': 'Application/JSON ; charset=utf-8' },
    raw: '{"external_id":"b","live_mode":false}',
  });
  t.match(test, { status: 200, body: { live_mode: false } });
  const names = async (query: string) =>
    (await call('GET', `/proficient/users${query}`)).body.data.map(
      ({ external_id }: { external_id: string }) => external_id,
    );
  t.strictSame(await names('?live_mode=false&limit=1&starting_after=x'), ['b', 'qa-learner-1']);
  t.strictSame(await names('?live_mode=true'), [
    'a',
    'web-7f3c91',
    'user-23',
    'user-17',
    'user-42',
    'gtLIK8ELsHTr0Fajg28Ud9eFpJJ3',
  ]);
  t.equal((await names('?live_mode=')).length, 8);
});

t.test('a user can be renamed by itself or an admin, not by another client', async (t) => {
  const { call } = await testServer(t);
  const { body: user } = await call('GET', `/proficient/users/${ALICE}`);
  const update = (headers: Record<string, string>, body: object, id = ALICE) =>
    call('POST', `/proficient/users/${id}`, { headers, json: body });
  t.strictSame((await update(alice, {})).body, user);
  t.strictSame((await update(admin, { first_name: null, external_id: 'x', live_mode: false })).body, user);
  const { body: same } = await update(alice, { first_name: 'Alice' });
  t.ok(same.updated_at > user.updated_at);
  t.strictSame(same, { ...user, updated_at: same.updated_at });
  t.match((await update(admin, { last_name: '' })).body, { first_name: 'Alice', last_name: '' });
  const foreign = await update(alice, { first_name: 'x' }, TOMAS);
  t.equal(foreign.status, 403);
  t.strictSame(foreign.body, failed('forbidden', 'You may not change this user.'));
  t.strictSame((await update(alice, {}, 'u_none')).body, failed('resource_not_found', 'No such user: u_none'));
  t.strictSame(
    (await call('GET', `/proficient/users/${TOMAS}`, { headers: alice })).body,
    failed('resource_not_found', `No such user: ${TOMAS}`),
  );
});
