// The erasure check finds a person's residues by any of their identifiers, each with the call that removes it.
import t from 'tap';
import { snapshotTexts } from '../../../src/core/deletions/erasure-places.ts';
import type { Sandbox } from '../../../src/core/sandbox/sandbox.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { testServer } from '../../harness.ts';
import { ALICE, changed, check, erase, type Found, KEYS } from './residues.ts';
import { RESOURCES, ROWS } from './searched.ts';

t.test('Alice is found at all three providers, and not after each of them has deleted her', async (t) => {
  const { call } = await testServer(t);
  const before = await check(call, ALICE);
  t.match(before, { clean: false, subjects: ALICE, searched: { resources: RESOURCES, rows: ROWS } });
  const counts: Record<string, number> = {};
  for (const { provider, resource, field, match } of before.residues) {
    const name = `${provider} ${resource}.${field} ${match}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  t.strictSame(counts, {
    'proficient users.id linked': 1,
    'proficient users.external_id exact': 1,
    'proficient interactions.user_id reference': 2,
    'proficient messages.interaction_id reference': 14,
    'pagecall users.id linked': 1,
    'pagecall users.user_id exact': 1,
    'pagecall users.profile_url contains': 1,
    'pagecall users.email exact': 1,
    'pagecall members.user_id exact': 3,
    'pagecall sessions.user_id exact': 3,
    'pagecall sessions.member_id reference': 3,
    'conductor endUsers.id linked': 1,
    'conductor endUsers.sourceId exact': 1,
    'conductor endUsers.email exact': 1,
    'conductor integrationConnections.endUserId reference': 1,
    'conductor authSessions.endUserId reference': 1,
    'conductor passthroughRecords.endUserId reference': 1,
  });
  const calls = [
    'DELETE /proficient/users/u_Alice0000000000000000042',
    'DELETE /pagecall/v1/users/user-42',
    'DELETE /conductor/v1/end-users/end_usr_alice000000042',
  ];
  t.strictSame([before.plan, before.unerasable], [calls, []]);
  t.strictSame([...new Set(before.residues.map(({ erasableBy }) => erasableBy))], calls);
  for (const [provider, url] of [
    ['proficient', '/proficient/users/u_Alice0000000000000000042'],
    ['pagecall', '/pagecall/v1/users/user-42'],
    ['conductor', '/conductor/v1/end-users/end_usr_alice000000042'],
  ] as const) {
    t.equal((await call('DELETE', url, { headers: KEYS[provider] as Record<string, string> })).status, 200);
    const { residues } = await check(call, ALICE);
    t.notOk(residues.some((residue) => residue.provider === provider));
  }
  const { sessions } = (await call('GET', '/__admin/state?provider=pagecall&resource=sessions')).body.pagecall;
  t.match(
    sessions.find(({ id }: { id: string }) => id === '675c682e52db3f1e0a035d0b'),
    { user_id: null, member_id: '675c681099c877188c165eaa' },
    'the session remains as history with the id of a deleted member',
  );
  const { at, linked, ...after } = await check(call, ALICE);
  t.match(at, /^\d{4}-.*Z$/);
  t.strictSame(linked, before.linked, 'what was linked to her is still looked for');
  t.strictSame(after, {
    clean: true,
    subjects: ALICE,
    searched: { resources: RESOURCES, rows: ROWS - 25 },
    residues: [],
    plan: [],
    unerasable: [],
  });
});

t.test('an email address is resolved to the keys of the same person, case-insensitively', async (t) => {
  const { call } = await testServer(t);
  const { residues, clean } = await check(call, ['ALICE@example.com'], { linked: false });
  const named = residues.map(({ resource, field, match }) => `${resource}.${field} ${match}`);
  t.notOk(clean);
  t.same(
    [...new Set(named)],
    [
      'users.email exact',
      'members.user_id reference',
      'sessions.user_id reference',
      'sessions.member_id reference',
      'endUsers.email exact',
      'integrationConnections.endUserId reference',
      'authSessions.endUserId reference',
      'passthroughRecords.endUserId reference',
    ],
  );
  const session = residues.filter(({ resource }) => resource === 'sessions');
  for (const { erasableBy } of session) t.equal(erasableBy, 'DELETE /pagecall/v1/users/user-42');
  const foreign = (await check(call, ['홍길동'])).residues;
  t.match(foreign.slice(0, 2), [
    { field: 'user_id', match: 'contains' },
    { field: 'name', match: 'exact' },
  ]);
  for (const { erasableBy } of foreign)
    t.equal(
      erasableBy,
      'DELETE /pagecall/v1/users/%ED%99%8D%EA%B8%B8%EB%8F%99(A-1)',
      'which also clears sessions of the user',
    );
  await erase(call, foreign[0] as Found);
  t.equal((await check(call, ['홍길동'])).clean, true);
});

t.test('the creator of a room is found, although the column has no foreign key', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    db.prepare("update pagecall_rooms set created_user_id = 'user-42' where seq = 1").run();
    db.prepare("update pagecall_rooms set created_user_id = '66d57404055f7121b3af7856' where seq = 2").run();
  });
  const inRooms = async (subject: string, more = {}) =>
    (await check(call, [subject], more)).residues
      .filter(({ resource }) => resource === 'rooms')
      .map(({ id, field, match, erasableBy }) => [id, field, match, erasableBy]);
  const made = ['000585f36eed9e8fb6b655b4', 'created_user_id'];
  const noted = ['674d8520d61d4565c07509e5', 'created_user_id'];
  t.same(await inRooms('alice@example.com', { linked: false }), [
    [...made, 'reference', 'DELETE /pagecall/v1/users/user-42'],
  ]);
  await call('DELETE', '/pagecall/v1/users/user-42', { headers: KEYS.pagecall as Record<string, string> });
  t.same(await inRooms('alice@example.com', { linked: false }), [], 'no row leads from her address to the room now');
  t.same(await inRooms('alice@example.com'), [
    [...made, 'linked', null],
    [...noted, 'linked', null],
  ]);
  t.same(await inRooms('user-42', { linked: false }), [[...made, 'exact', null]]);
});

t.test('an invalid check is rejected with its path', async (t) => {
  const { call } = await testServer(t);
  const cases: [unknown, RegExp][] = [
    [{}, /^subjects: /],
    [{ subjects: [] }, /^subjects: must name at least one/],
    [{ subjects: ['x', ''] }, /^subjects\[1\]: must not be empty/],
    [{ subjects: [' \u200b'] }, /^subjects\[0\]: must contain more than spaces and invisible characters/],
    [{ subjects: ['x'], linked: 'no' }, /^linked: /],
    [
      { subjects: ['x'], include: ['state', 'mail'] },
      /^include\[1\]: "mail" is none of state, journal, webhooks, faults, snapshots/,
    ],
    [{ subjects: ['x'], include: [] }, /^include: must name at least one/],
    [{ subjects: ['x'], where: 'here' }, /^where: unknown field/],
  ];
  for (const [json, detail] of cases)
    t.match(await call('POST', '/__admin/erasure-checks', { json }), { status: 400, body: { detail } });
});

t.test('a snapshot that is deleted while a check runs is skipped', async (t) => {
  const snapshots = { list: () => [{ name: 'gone', createdAt: '' }], read: async () => undefined };
  const texts = snapshotTexts({ snapshots } as unknown as Sandbox, PROVIDERS);
  t.strictSame(await texts.next(), { done: true, value: undefined });
});
