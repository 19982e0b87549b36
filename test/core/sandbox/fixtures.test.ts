// Custom fixtures: what they replace, and the errors for invalid ones.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { buildServer } from '../../../src/server.ts';
import { ROOT, testServer } from '../../harness.ts';

const time = '2024-01-01T00:00:00.000Z';
const user = {
  id: '0123456789abcdef01234567',
  user_id: 'zoe',
  access_token: 'z'.repeat(32),
  created_at: time,
  updated_at: time,
};
const room = { id: 'aaaaaaaaaaaaaaaaaaaaaaaa', type: 'open', name: 'R', created_at: time, updated_at: time };
const member = {
  id: 'bbbbbbbbbbbbbbbbbbbbbbbb',
  room_id: room.id,
  user_id: 'zoe',
  type: 'guest',
  created_at: time,
  updated_at: time,
};

function folder(t: Test, files: Record<string, unknown>): string {
  const dir = t.testdir();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return dir;
}

t.test('custom rows replace the built-in rows of every provider; keys fall back to the built-in ones', async (t) => {
  const fixtures = folder(t, {
    'pagecall/users.json': [user],
    'pagecall/rooms.json': [room],
    'pagecall/members.json': [member],
  });
  const { call } = await testServer(t, { fixtures });
  const { body } = await call('GET', '/__admin/state');
  t.same(body.pagecall.users, [
    { ...user, default_member_type: 'guest', metadata: {}, name: null, profile_url: null, email: null },
  ]);
  t.same(
    body.pagecall.members.map((row: { id: string }) => row.id),
    [member.id],
  );
  t.same(body.pagecall.keys.api_keys, ['pagecall_test_key'], 'the built-in file is used for a missing one');
  for (const provider of ['proficient', 'conductor']) {
    for (const rows of Object.values(body[provider]).filter(Array.isArray)) t.same(rows, [], provider);
  }
});

t.test('an invalid fixture stops the start with file, row, field and reason', async (t) => {
  const cases: [string, Record<string, unknown>, RegExp][] = [
    [
      'a wrong type',
      { 'pagecall/users.json': [user, { ...user, user_id: 5 }] },
      /pagecall\/users\.json, row 2, field user_id: .*expected string/,
    ],
    ['an unknown field', { 'pagecall/users.json': [{ ...user, nick: 'z' }] }, /users\.json, row 1, field nick: /],
    [
      'a missing field',
      { 'pagecall/users.json': [{ ...user, access_token: undefined }] },
      /users\.json, row 1, field access_token: /,
    ],
    [
      'the same id twice',
      { 'pagecall/users.json': [user, { ...user, id: 'f'.repeat(24), access_token: 'y'.repeat(32) }] },
      /users\.json, row 2, field user_id: "zoe" is used by an earlier row/,
    ],
    [
      'the same pair twice',
      {
        'pagecall/users.json': [user],
        'pagecall/rooms.json': [room],
        'pagecall/members.json': [member, { ...member, id: 'c'.repeat(24) }],
      },
      /members\.json, row 2, field user_id: "zoe" is used/,
    ],
    [
      'an owner that does not exist',
      {
        'pagecall/users.json': [user],
        'pagecall/rooms.json': [room],
        'pagecall/members.json': [member, { ...member, id: 'c'.repeat(24), user_id: 'nobody' }],
      },
      /members\.json, row 2, field user_id: no row of users has user_id "nobody"/,
    ],
    [
      'a source id used twice',
      {
        'conductor/endUsers.json': ['a', 'b'].map((n) => ({
          id: `end_usr_${n.repeat(14)}`,
          createdAt: time,
          companyName: 'C',
          sourceId: 's',
          email: '',
        })),
      },
      /endUsers\.json, row 2, field sourceId: "s" is used by an earlier row/,
    ],
    ['a row that is not an object', { 'pagecall/users.json': ['zoe'] }, /users\.json, row 1, field \(whole row\): /],
    ['no list', { 'pagecall/users.json': { users: [] } }, /users\.json is not a list/],
    ['no JSON', { 'pagecall/users.json': '[' }, /users\.json cannot be read as JSON: /],
    [
      'an unknown file',
      { 'pagecall/user.json': [] },
      /user\.json is not a known name here; the files are users\.json, /,
    ],
    [
      'an unknown provider',
      { 'pagecal/users.json': [] },
      /pagecal is not a known name here; the providers are proficient, pagecall, conductor/,
    ],
    ['bad keys', { 'pagecall/keys.json': { api_keys: 'x' } }, /keys\.json, field api_keys: /],
    ['keys that are not an object', { 'pagecall/keys.json': [] }, /keys\.json, field \(whole file\): /],
  ];
  for (const [what, files, sentence] of cases) {
    t.throws(() => buildServer({ fixtures: folder(t, files) }), { message: sentence }, what);
  }
  t.throws(() => buildServer({ fixtures: join(t.testdirName, 'nowhere') }), {
    message: /nowhere is not a folder; --fixtures takes one/,
  });
});

t.test('the state of a sandbox can be written as a fixture folder', async (t) => {
  const { call } = await testServer(t);
  const before = (await call('GET', '/__admin/state')).body;
  const files: Record<string, unknown> = {};
  for (const [provider, resources] of Object.entries(before)) {
    for (const [name, value] of Object.entries(resources as object)) files[`${provider}/${name}.json`] = value;
  }
  const { call: again } = await testServer(t, { fixtures: folder(t, files) });
  t.strictSame((await again('GET', '/__admin/state')).body, before);
});

t.test('a new sandbox has exactly the rows of fixtures/', async (t) => {
  const fixtures = t.testdir();
  cpSync(join(ROOT, 'fixtures'), fixtures, { recursive: true, dereference: true });
  const { call } = await testServer(t);
  const { call: copy } = await testServer(t, { fixtures });
  t.strictSame((await copy('GET', '/__admin/state')).body, (await call('GET', '/__admin/state')).body);
});
