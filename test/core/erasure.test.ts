// The erasure check: whatever is left of a person is found, wherever it stands, and what is found names the call that ends it.
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t, { type Test } from 'tap';
import { checkErasure, type KeptText } from '../../src/core/erasure.ts';
import type { Place } from '../../src/core/erasure-findings.ts';
import { stringsIn } from '../../src/core/erasure-subjects.ts';
import { columnsOf, tableOf } from '../../src/core/resource.ts';
import type { Sandbox } from '../../src/core/sandbox.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { type World, world } from '../harness.ts';

const KEYS: Record<string, Record<string, string>> = {
  proficient: { authorization: 'Bearer sk_test_understudy' },
  pagecall: { authorization: 'Bearer pagecall_test_key' },
  conductor: { authorization: 'Bearer sk_conductor_test' },
};
const ALICE = ['alice@example.com', 'user-42'];

interface Found {
  provider: string;
  resource: string;
  id: string;
  field: string;
  match: string;
  erasableBy: string;
}

async function check(call: World['call'], subjects: string[], more: object = {}, sandbox = 'default') {
  const { status, body } = await call('POST', `/__admin/erasure-checks?sandbox=${sandbox}`, {
    json: { subjects, ...more },
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as { clean: boolean; residues: Found[]; searched: object; truncated?: boolean };
}

/** Carries out what a residue says would remove it. */
async function erase(call: World['call'], { provider, erasableBy }: Found, sandbox = 'default') {
  const [method, url] = erasableBy.split(' ') as [string, string];
  const headers = { ...KEYS[provider], 'x-understudy-sandbox': sandbox };
  const [, interaction] = /^\/proficient\/interactions\/(.*)$/.exec(url) ?? [];
  if (interaction === undefined) return await call(method, url, { headers });
  // That call is for the user alone whose interaction it is.
  const { interactions, users } = (await call('GET', `/__admin/state?sandbox=${sandbox}`)).body.proficient;
  const { user_id } = interactions.find(({ id }: { id: string }) => id === interaction);
  const { external_id } = users.find(({ id }: { id: string }) => id === user_id);
  return await call(method, url, {
    headers: {
      'x-understudy-sandbox': sandbox,
      'x-proficient-api-key': 'pk_test_understudy',
      'x-proficient-user-external-id': external_id,
    },
  });
}

/** Starts on a folder, lets `change` work on the files of these sandboxes, and starts again. */
async function changed(t: Test, sandboxes: string[], change: (db: Sqlite.Database, sandbox: string) => void) {
  const data = t.testdir();
  const first = await world(t, { data });
  for (const sandbox of sandboxes) await first.call('GET', `/__admin/state?sandbox=${sandbox}`);
  await first.app.close();
  for (const sandbox of sandboxes) {
    const db = new Sqlite(join(data, `${sandbox}.sqlite`));
    db.pragma('foreign_keys = off');
    change(db, sandbox);
    db.close();
  }
  return await world(t, { data });
}

t.test('residue in any text column of any resource is found, exactly where it is', { timeout: 120_000 }, async (t) => {
  // Read from the tables themselves: a column added tomorrow is tried tomorrow.
  const { call: plain } = await world(t);
  t.equal((await check(plain, ['planted@example.com'])).clean, true);
  const columns: { name: string; provider: string; resource: string; table: string; column: string }[] = [];
  const data = t.testdir();
  const { app } = await world(t, { data });
  await app.close();
  const schema = new Sqlite(join(data, 'default.sqlite'), { readonly: true });
  for (const provider of PROVIDERS) {
    for (const resource of provider.resources) {
      const table = tableOf(provider.name, resource);
      for (const { name, type } of schema.pragma(`table_info("${table}")`) as { name: string; type: string }[]) {
        if (type !== 'TEXT') continue;
        columns.push({
          name: `c${columns.length}`,
          provider: provider.name,
          resource: resource.name,
          table,
          column: name,
        });
      }
    }
  }
  schema.close();
  t.ok(columns.length > 60, `${columns.length} columns`);
  const json = ({ provider, resource, column }: (typeof columns)[number]) => {
    const { resources } = PROVIDERS.find(({ name }) => name === provider) as (typeof PROVIDERS)[number];
    const kind = columnsOf(resources.find(({ name }) => name === resource) as (typeof resources)[number]).get(column);
    return kind === 'json';
  };
  const places = new Map(columns.map((one) => [one.name, one]));
  const { call } = await changed(t, [...places.keys()], (db, sandbox) => {
    const place = places.get(sandbox) as (typeof columns)[number];
    const value = json(place) ? '{"a":["x",{"b":"planted@example.com"}]}' : 'planted@example.com';
    db.prepare(
      `update "${place.table}" set "${place.column}" = ? where seq = (select min(seq) from "${place.table}")`,
    ).run(value);
  });
  for (const place of columns) {
    const { name, provider, resource, column } = place;
    const { residues } = await check(call, ['planted@example.com'], {}, name);
    const field = json(place) ? `${column}.a[1].b` : column;
    const [planted, ...others] = residues.filter(({ match }) => match === 'exact');
    t.match(planted, { provider, resource, field, match: 'exact', erasableBy: /^DELETE / }, `${resource}.${column}`);
    t.same(others, [], 'and nowhere else');
    const contained = (await check(call, ['LANTED@Example'], {}, name)).residues;
    t.match(contained, [{ provider, resource, field, match: 'contains' }], 'in part and in other case');
    // A key that was changed under its rows points nowhere: no call can reach those.
    const reachable = !/(^id|_id|Id)$/.test(column);
    if (reachable) {
      await erase(call, planted as Found, name);
      const after = await check(call, ['planted@example.com'], {}, name);
      t.equal(after.clean, true, `${planted?.erasableBy} removed it`);
    }
    await call('POST', `/__admin/reset?sandbox=${name}`);
    t.equal((await check(call, ['planted@example.com'], {}, name)).clean, true);
  }
});

t.test('Alice is found at all three providers, and no longer once each of them has deleted her', async (t) => {
  const { call } = await world(t);
  const before = await check(call, ALICE);
  t.match(before, { clean: false, subjects: ALICE, searched: { resources: 14, rows: 147 } });
  const tally: Record<string, number> = {};
  for (const { provider, resource, field, match } of before.residues) {
    const name = `${provider} ${resource}.${field} ${match}`;
    tally[name] = (tally[name] ?? 0) + 1;
  }
  t.strictSame(tally, {
    'proficient users.external_id exact': 1,
    'proficient interactions.user_id reference': 2,
    'proficient messages.interaction_id reference': 14,
    'pagecall users.user_id exact': 1,
    'pagecall users.profile_url contains': 1,
    'pagecall users.email exact': 1,
    'pagecall members.user_id exact': 3,
    'pagecall sessions.user_id exact': 3,
    'pagecall sessions.member_id reference': 3,
    'conductor endUsers.sourceId exact': 1,
    'conductor endUsers.email exact': 1,
    'conductor integrationConnections.endUserId reference': 1,
    'conductor authSessions.endUserId reference': 1,
    'conductor passthroughRecords.endUserId reference': 1,
  });
  for (const erasableBy of new Set(before.residues.map(({ erasableBy }) => erasableBy))) {
    t.match(erasableBy, /Alice|user-42|alice|interactions/, 'her own deletion is named, not that of what others share');
  }
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
    'her session stays as history under the id of a member who is no more',
  );
  t.strictSame(await check(call, ALICE), {
    clean: true,
    subjects: ALICE,
    searched: { resources: 14, rows: 122 },
    residues: [],
  });
});

t.test('an email address leads to the keys of the same person, in whatever case it is written', async (t) => {
  const { call } = await world(t);
  const { residues } = await check(call, ['ALICE@example.com']);
  const named = residues.map(({ resource, field, match }) => `${resource}.${field} ${match}`);
  t.same(
    [...new Set(named)],
    [
      'users.email contains',
      'members.user_id reference',
      'sessions.user_id reference',
      'sessions.member_id reference',
      'endUsers.email contains',
      'integrationConnections.endUserId reference',
      'authSessions.endUserId reference',
      'passthroughRecords.endUserId reference',
    ],
  );
  const session = residues.filter(({ resource }) => resource === 'sessions');
  for (const { erasableBy } of session) t.equal(erasableBy, 'DELETE /pagecall/v1/users/user-42');
  const id = (await check(call, ['675c681099c877188c165eaa'])).residues;
  t.match(id, [
    { resource: 'members', field: 'id', erasableBy: 'DELETE /pagecall/v1/users/user-42' },
    { resource: 'sessions', field: 'member_id', match: 'exact', erasableBy: /^DELETE \/pagecall\/v1\/rooms\// },
  ]);
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

t.test('who made a room is remembered there without a foreign key, and found', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    db.prepare("update pagecall_rooms set created_user_id = 'user-42' where seq = 1").run();
  });
  const inRooms = async (subject: string) =>
    (await check(call, [subject])).residues.filter(({ resource }) => resource === 'rooms');
  t.match(await inRooms('alice@example.com'), [{ field: 'created_user_id', match: 'reference' }]);
  await call('DELETE', '/pagecall/v1/users/user-42', { headers: KEYS.pagecall as Record<string, string> });
  t.same(await inRooms('alice@example.com'), [], 'nothing leads from her address to the room any more');
  t.match(await inRooms('user-42'), [{ field: 'created_user_id', match: 'exact', erasableBy: /\/rooms\// }]);
});

t.test('values inside of JSON are found as they are, not as JSON writes them, and names of members too', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    const metadata = { 'k"1': 'say "hi"\n', list: [1, null, ['deep C:\\Alice']], 'carol@example.com': true };
    db.prepare('update pagecall_users set metadata = ? where seq = 1').run(JSON.stringify(metadata));
  });
  const fields = async (subject: string) =>
    (await check(call, [subject])).residues.map(({ field, match }) => `${field} ${match}`);
  t.same(await fields('say "hi"\n'), ['metadata.k"1 exact']);
  t.same(await fields('c:\\alice'), ['metadata.list[2][0] contains']);
  t.same(await fields('carol@example.com'), ['metadata.carol@example.com exact']);
  t.same(await fields('"list":['), [], 'how JSON is written is nobody');
});

t.test('a table of many pages is searched to its last row', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    db.exec(`with recursive n (n) as (select 1 union all select n + 1 from n where n < 9995)
      insert into conductor_passthroughRecords (id, endUserId, at, request, response)
      select 'pass_' || n, 'end_usr_5wpdwmc6a5ingu', '', '{}', '{"row":"row ' || n || ' of it"}' from n`);
  });
  t.match((await check(call, ['ROW 9995 OF'])).residues, [
    { id: 'pass_9995', field: 'response.row', match: 'contains' },
  ]);
  t.match(await check(call, ['row 1 of it', 'row 5001 of it']), {
    residues: [{ id: 'pass_1' }, { id: 'pass_5001' }],
    searched: { rows: 147 + 9995 },
  });
  await call('POST', '/__admin/reset', { json: { to: 'empty' } });
  t.match(await check(call, ['row']), { clean: true, searched: { resources: 14, rows: 0 } });
});

t.test('strings are found at any depth, in order', async (t) => {
  let deep: unknown = 'bottom';
  for (let n = 0; n < 20_000; n++) deep = [deep];
  t.match([...stringsIn(deep, 'x')], [{ text: 'bottom' }]);
  t.same(
    [...stringsIn({ a: ['1', { b: '2' }], c: '3', d: null, e: 4 }, 'm')].map(({ field, text }) => `${field}=${text}`),
    ['m.a=a', 'm.c=c', 'm.d=d', 'm.e=e', 'm.a[0]=1', 'm.a[1].b=b', 'm.a[1].b=2', 'm.c=3'],
  );
});

t.test('webhooks are searched when asked for', async (t) => {
  const { call } = await world(t);
  const headers = KEYS.pagecall as Record<string, string>;
  const webhook = { url: 'http://127.0.0.1:9/for-user-42', headers: { 'x-for': 'alice@example.com' } };
  const room = (await call('POST', '/pagecall/v1/rooms', { headers, json: { type: 'open', name: 'x', webhook } })).body
    .room.id;
  await call('POST', `/__admin/pagecall/rooms/${room}/join`, { json: { user_id: 'user-42' } });
  const { residues, searched } = await check(call, ALICE, { include: ['webhooks'] });
  t.same(searched, { resources: 1, rows: 1 });
  t.same(
    residues.map(({ provider, resource, field, match }) => [provider, resource, field, match]),
    [
      ['understudy', 'webhooks', 'url', 'contains'],
      ['understudy', 'webhooks', 'headers.x-for', 'exact'],
      ['understudy', 'webhooks', 'body.payload.userId', 'exact'],
    ],
  );
  t.match(residues, [{ id: /^\w{16}$/, erasableBy: 'POST /__admin/reset {"scope": ["webhooks"]}' }]);
  t.match((await check(call, ALICE, { include: ['state', 'webhooks'] })).searched, { resources: 15 });
  const stored = (await check(call, ALICE)).residues.filter(({ resource, id }) => resource === 'rooms' && id === room);
  t.same(
    stored.map(({ field, match }) => `${field} ${match}`),
    ['webhook.url contains', 'webhook.headers.x-for exact'],
  );
});

t.test('the journal and snapshots are searched when asked for, and name the call that clears them', async (t) => {
  const { call } = await world(t);
  await call('POST', '/__admin/snapshots', { json: { name: 'before' } });
  await call('GET', '/pagecall/v1/users?email_search_query=alice@example.com', {
    headers: KEYS.pagecall as Record<string, string>,
  });
  const { residues, clean } = await check(call, ['alice@example.com'], { include: ['journal', 'snapshots'] });
  t.notOk(clean);
  t.match(
    residues.find(({ resource }) => resource === 'requests'),
    { field: 'request.url', match: 'contains', erasableBy: 'DELETE /__admin/requests' },
  );
  t.match(
    residues.find(({ resource }) => resource === 'snapshots'),
    { id: 'before', erasableBy: 'DELETE /__admin/snapshots/before' },
  );
  await call('DELETE', '/__admin/requests');
  await call('DELETE', '/__admin/snapshots/before');
  t.ok((await check(call, ['alice@example.com'], { include: ['journal', 'snapshots'] })).clean);
});

t.test('a place with much in it lets others have their turn, and a long list ends', async (t) => {
  function* texts(): Generator<KeptText> {
    for (let n = 0; n < 10_001; n++)
      yield { resource: 'requests', id: String(n), field: 'url', text: 'bob', erasableBy: 'DELETE /__admin/requests' };
  }
  let turns = 0;
  const turn = () => setImmediate(() => ++turns < 1000 && turn());
  turn();
  const result = await checkErasure(
    {} as Sandbox,
    PROVIDERS,
    ['bob'],
    ['journal'],
    new Map<Place, () => Generator<KeptText>>([['journal', texts]]),
  );
  const between = turns;
  t.match(result, { clean: false, truncated: true, searched: { resources: 1, rows: 10_001 } });
  t.equal(result.residues.length, 10_000);
  t.ok(between >= 2, `${between} turns of others`);
});

t.test('what is no question is refused by name', async (t) => {
  const { call } = await world(t);
  const cases: [unknown, RegExp][] = [
    [{}, /^subjects: /],
    [{ subjects: [] }, /^subjects: must name at least one/],
    [{ subjects: ['x', ''] }, /^subjects\[1\]: must not be empty/],
    [
      { subjects: ['x'], include: ['state', 'mail'] },
      /^include\[1\]: "mail" is none of state, journal, webhooks, snapshots/,
    ],
    [{ subjects: ['x'], include: [] }, /^include: must name at least one/],
    [{ subjects: ['x'], where: 'here' }, /^where: unknown field/],
  ];
  for (const [json, detail] of cases)
    t.match(await call('POST', '/__admin/erasure-checks', { json }), { status: 400, body: { detail } });
});

t.test(
  'every column that keeps a key of its own provider says whose, and every removal is a call there is',
  async (t) => {
    // Ids that are no key of a resource we hold.
    const strangers = [
      'proficient.users.external_id',
      'pagecall.rooms.layout_id',
      'pagecall.rooms.room_template_id',
      'conductor.endUsers.sourceId',
    ];
    const data = t.testdir();
    const { app } = await world(t, { data });
    await app.close();
    const db = new Sqlite(join(data, 'default.sqlite'), { readonly: true });
    t.teardown(() => db.close());
    const shape = (path: string) => path.replace(/\{\w+\}/g, '{}');
    for (const { name, resources, operations } of PROVIDERS) {
      const deletes = operations.filter(({ method }) => method === 'DELETE').map(({ path }) => shape(path));
      resources.forEach((resource, index) => {
        t.ok(deletes.includes(shape(resource.removal)), `${name} ${resource.name}: DELETE ${resource.removal}`);
        const table = tableOf(name, resource);
        const keys = db.pragma(`foreign_key_list("${table}")`) as {
          from: string;
          to: string;
          table: string;
          on_delete: string;
        }[];
        const earlier = resources.slice(0, index + 1).map((one) => tableOf(name, one));
        for (const key of keys) {
          t.ok(earlier.includes(key.table), `${resource.name} comes after what owns it`);
          const owner = resources.find((one) => tableOf(name, one) === key.table);
          if (key.on_delete === 'SET NULL')
            t.match(owner?.removal, `{${key.to}}`, 'the column alone says how to remove it');
        }
        const columns = db.pragma(`table_info("${table}")`) as { name: string }[];
        for (const { name: column } of columns.filter(({ name }) => /(_id|Id)$/.test(name))) {
          const known =
            column === resource.key ||
            keys.some(({ from }) => from === column) ||
            resource.refersTo?.[column] !== undefined ||
            strangers.includes(`${name}.${resource.name}.${column}`);
          t.ok(known, `${name}.${resource.name}.${column}`);
        }
        for (const target of Object.values(resource.refersTo ?? {}))
          t.ok(earlier.includes(`${name}_${target}`), `${resource.name} comes after ${target}`);
      });
    }
  },
);
