// Linked identities: a check follows values ever seen on one row with a subject, even after the row is deleted.
import t from 'tap';
import { type TestServer, testServer } from '../../harness.ts';
import { carryOut, changed, check, KEYS } from './residues.ts';
import { RESOURCES } from './searched.ts';

const ADDRESS = 'alice@example.com';
const PAGECALL = KEYS.pagecall as Record<string, string>;
const CONDUCTOR = KEYS.conductor as Record<string, string>;
const PROFICIENT = KEYS.proficient as Record<string, string>;

/** Deletes Alice at Pagecall and Conductor; her rows at Proficient do not contain the address. */
async function eraseAddress(call: TestServer['call'], sandbox = 'default') {
  for (const planned of ['DELETE /pagecall/v1/users/user-42', 'DELETE /conductor/v1/end-users/end_usr_alice000000042'])
    if ((await carryOut(call, planned, sandbox)).status !== 200) throw new Error(planned);
}

const linkedTo = async (call: TestServer['call'], subject: string, sandbox = 'default') =>
  (await check(call, [subject], {}, sandbox)).linked.map(({ value }) => value).sort();

t.test('a person whose address is gone is still found by the id that was on one row with it', async (t) => {
  const { call } = await testServer(t);
  const before = new Date().toISOString();
  await eraseAddress(call);
  const result = await check(call, [ADDRESS]);
  t.equal(result.clean, false);
  const by = (provider: string, resource: string, id: string, field: string) => ({ provider, resource, id, field });
  t.strictSame(
    result.linked.map(({ value, linkedBy: { at: _, ...linkedBy } }) => ({ value, linkedBy })),
    [
      { value: '66d57404055f7121b3af7856', linkedBy: by('pagecall', 'users', 'user-42', 'id') },
      { value: 'user-42', linkedBy: by('pagecall', 'users', 'user-42', 'user_id') },
      {
        value: 'end_usr_alice000000042',
        linkedBy: by('conductor', 'endUsers', 'end_usr_alice000000042', 'id'),
      },
      {
        value: 'u_Alice0000000000000000042',
        linkedBy: by('proficient', 'users', 'u_Alice0000000000000000042', 'id'),
      },
    ],
  );
  for (const { linkedBy } of result.linked) t.ok(linkedBy.at <= before && /^20\d\d-.*Z$/.test(linkedBy.at));
  t.match(result.residues.slice(0, 3), [
    { resource: 'users', field: 'id', match: 'linked' },
    { resource: 'users', field: 'external_id', match: 'linked' },
    { resource: 'interactions', field: 'user_id', match: 'reference' },
  ]);
  t.strictSame(result.plan, ['DELETE /proficient/users/u_Alice0000000000000000042']);
  const only = await check(call, [ADDRESS], { linked: false });
  t.match(only, { clean: true, linked: false, residues: [] }, 'the result says that only the address was searched');
  await carryOut(call, result.plan[0] as string);
  t.match(await check(call, [ADDRESS]), { clean: true, linked: result.linked });
});

t.test('links are written however a row is created: by a state write, by a client, as part of a room', async (t) => {
  const { call } = await testServer(t);
  const room = '674d8520d61d4565c07509e5';
  const client = { 'x-proficient-api-key': 'pk_test_understudy', 'x-proficient-user-external-id': 'Prov-1' };
  await call('GET', '/proficient/interactions', { headers: client });
  await call('POST', `/pagecall/v1/rooms/${room}/members`, {
    headers: PAGECALL,
    json: { user_id: 'prov-1', type: 'guest' },
  });
  const user = { companyName: 'X', sourceId: 'PROV-1', email: 'prov@example.com' };
  const { body: endUser } = await call('POST', '/conductor/v1/end-users', { headers: CONDUCTOR, json: user });
  const { users } = (await call('GET', '/__admin/state?provider=proficient&resource=users')).body.proficient;
  const provisioned = users.find(({ external_id }: { external_id: string }) => external_id === 'Prov-1');
  await call('DELETE', `/conductor/v1/end-users/${endUser.id}`, { headers: CONDUCTOR });
  const { linked, clean, residues } = await check(call, ['prov@example.com']);
  t.equal(clean, false);
  t.same(
    linked.map(({ value }) => value),
    [endUser.id, 'PROV-1', provisioned.id],
    'in any letter case; each value is listed once',
  );
  t.ok(residues.some(({ field, id }) => field === 'external_id' && id === provisioned.id));
  await call('DELETE', `/proficient/users/${provisioned.id}`, { headers: PROFICIENT });
  t.ok(
    residues.length > 0 &&
      (await check(call, ['prov@example.com'])).residues.every(({ provider }) => provider === 'pagecall'),
  );
});

t.test('a value that was replaced and one that was added later stay linked', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    db.prepare("update pagecall_users set email = 'old@example.com' where user_id = 'user-17'").run();
    db.prepare("update pagecall_users set email = null where user_id = 'user-17'").run();
    db.prepare("update pagecall_users set email = 'new@example.com' where user_id = 'user-17'").run();
    db.prepare("update pagecall_users set email = 'late@example.com' where user_id = 'external_user_102932'").run();
    db.prepare("update pagecall_users set name = 'No link' where user_id = 'user-17'").run();
    const written = db.prepare('select count(*) as links from identity_links').get() as { links: number };
    t.equal(written.links, 6 + 7 + 9 + 4 + 11, 'a name is no identity, and writes none');
  });
  await carryOut(call, 'DELETE /pagecall/v1/users/user-17');
  await carryOut(call, 'DELETE /pagecall/v1/users/external_user_102932');
  const proficient = 'u_RkfAPOLPSinsElDNf3RalX1N';
  const all = ['66df332c33cf73703ee9ed2f', 'new@example.com', 'old@example.com', proficient, 'user-17'];
  const others = (subject: string) => ['tomas@example.com', ...all].filter((value) => value !== subject).sort();
  for (const subject of ['old@example.com', 'new@example.com', 'tomas@example.com'])
    t.same(await linkedTo(call, subject), others(subject));
  t.same(await linkedTo(call, 'late@example.com'), ['642cdbef85fd90a348d9da1a', 'external_user_102932']);
});

t.test('an id that another person uses later is listed with the time it was seen', async (t) => {
  const { call } = await testServer(t);
  await call('PUT', '/__admin/clock', { json: { action: 'freeze', instant: '2030-01-01T00:00:00Z' } });
  await eraseAddress(call);
  const json = { companyName: 'Bob', sourceId: 'user-42', email: 'bob@example.com' };
  const { body } = await call('POST', '/conductor/v1/end-users', { headers: CONDUCTOR, json });
  const { linked, at } = await check(call, [ADDRESS]);
  const bob = linked.find(({ value }) => value === 'bob@example.com');
  t.strictSame(bob?.linkedBy, {
    provider: 'conductor',
    resource: 'endUsers',
    id: body.id,
    field: 'email',
    at: '2030-01-01T00:00:00.000Z',
  });
  t.equal(at, '2030-01-01T00:00:00.000Z');
  t.ok((linked.find(({ value }) => value === 'user-42')?.linkedBy.at as string) < '2030');
});

t.test('names and empty values link no rows', async (t) => {
  const { call } = await testServer(t);
  const user = { createdAt: '2025-01-01T00:00:00.000Z', companyName: 'Alice Moreau', email: '' };
  const endUsers = [
    { ...user, id: 'end_usr_1', sourceId: 'one' },
    { ...user, id: 'end_usr_2', sourceId: 'two' },
  ];
  await call('POST', '/__admin/state', { json: { conductor: { endUsers } } });
  t.same(await linkedTo(call, 'one'), ['end_usr_1']);
  t.same(await linkedTo(call, 'Alice Moreau'), []);
});

t.test('snapshots, forks and exports contain the links; state and diff do not show them', async (t) => {
  const { call, app } = await testServer(t);
  await call('POST', '/__admin/snapshots', { json: { name: 'before' } });
  await eraseAddress(call);
  const diff = (await call('GET', '/__admin/snapshots/before/diff')).body;
  t.same([Object.keys(diff), Object.keys(diff.conductor)].flat().sort(), [
    'authSessions',
    'conductor',
    'endUsers',
    'integrationConnections',
    'pagecall',
    'passthroughRecords',
  ]);
  t.same(
    Object.values((await call('GET', '/__admin/state')).body).flatMap((one) => Object.keys(one as object)).length,
    RESOURCES + 6,
    'rows and documents alone',
  );
  const fork = async (name: string, from: object) =>
    t.equal((await call('POST', '/__admin/sandboxes', { json: { name, from } })).status, 201);
  await fork('fork', { sandbox: 'default' });
  t.match(await check(call, [ADDRESS], {}, 'fork'), { clean: false, linked: [{}, { value: 'user-42' }] });
  await call('POST', '/__admin/snapshots', { json: { name: 'after' } });
  await fork('later', { sandbox: 'default', snapshot: 'after' });
  await call('POST', '/__admin/reset', { json: { to: 'empty' } });
  t.match(await check(call, [ADDRESS]), { clean: true, linked: [] }, 'a sandbox reset to no rows has no links');
  await call('POST', '/__admin/snapshots/after/restore');
  for (const sandbox of ['default', 'later'])
    t.match(await check(call, [ADDRESS], {}, sandbox), { clean: false, linked: [{}, { value: 'user-42' }] });
  const exported = await call('GET', '/__admin/snapshots/after/export', { binary: true });
  t.ok((exported.body as Buffer).includes('identity_links') && (exported.body as Buffer).includes(ADDRESS));
  await app.close();
});

t.test('a reset of the state removes the links written since; other scopes keep them', async (t) => {
  const { call } = await testServer(t);
  const json = { companyName: 'X', sourceId: 'user-42', email: 'second@example.com' };
  const { body } = await call('POST', '/conductor/v1/end-users', {
    headers: CONDUCTOR,
    json: { ...json, sourceId: 'x' },
  });
  await call('DELETE', `/conductor/v1/end-users/${body.id}`, { headers: CONDUCTOR });
  t.same(await linkedTo(call, 'second@example.com'), [body.id, 'x']);
  await call('POST', '/__admin/reset', { json: { scope: ['requests', 'clock', 'ids', 'faults', 'webhooks'] } });
  t.same(await linkedTo(call, 'second@example.com'), [body.id, 'x']);
  await call('POST', '/__admin/reset', { json: { scope: ['state'] } });
  t.same(await linkedTo(call, 'second@example.com'), []);
});

t.test("replacing state replaces that provider's links; a rejected write changes none", async (t) => {
  const { call } = await testServer(t);
  await eraseAddress(call);
  const user = {
    id: 'end_usr_n',
    createdAt: '2025-01-01T00:00:00.000Z',
    companyName: 'N',
    sourceId: 'user-42',
    email: 'n@x.de',
  };
  const twice = { conductor: { endUsers: [user, user] } };
  t.equal((await call('PUT', '/__admin/state', { json: twice })).status, 400);
  t.ok((await linkedTo(call, ADDRESS)).includes('end_usr_alice000000042'));
  t.notOk((await linkedTo(call, ADDRESS)).includes('n@x.de'));
  t.equal((await call('PUT', '/__admin/state', { json: { conductor: { endUsers: [user] } } })).status, 204);
  const after = await linkedTo(call, ADDRESS);
  t.notOk(after.includes('end_usr_alice000000042'), 'the old rows of Conductor are forgotten');
  t.ok(after.includes('n@x.de') && after.includes('66d57404055f7121b3af7856'), 'those of others are not');
  await call('PUT', '/__admin/state', { json: { pagecall: {} } });
  t.same(await linkedTo(call, ADDRESS), [], 'nothing has the address any more, or had it');
});

t.test('a dry run adds no link', async (t) => {
  const { call } = await testServer(t);
  const count = async () => {
    await call('DELETE', '/__admin/snapshots/s');
    await call('POST', '/__admin/snapshots', { json: { name: 's' } });
    const { body } = await call('GET', '/__admin/snapshots/s/export', { binary: true });
    const { default: Sqlite } = await import('better-sqlite3');
    const db = new Sqlite(body);
    const links = db.prepare('select * from identity_links').all();
    db.close();
    return links;
  };
  const before = await count();
  for (const url of ['/conductor/v1/end-users/end_usr_alice000000042', '/pagecall/v1/users/user-42']) {
    const headers = { ...KEYS[url.split('/')[1] as string], prefer: 'dry-run' };
    t.match(await call('DELETE', url, { headers }), { status: 200, headers: { 'preference-applied': 'dry-run' } });
  }
  t.strictSame(await count(), before);
  t.equal(before.length, 33);
  await eraseAddress(call);
  t.strictSame(await count(), before, 'and a deletion neither adds nor takes one');
});

t.test('the result says that links have been forgotten, and follows existing rows anyway', async (t) => {
  const crowd = `with recursive n (n) as (select 1 union all select n + 1 from n where n < 259990)
    insert into identity_links (provider, resource, id, at, identities) select 'conductor', 'endUsers', 'gone-' || n, n,
      json_array('id', 'gone-' || n, 'email', 'gone-' || n || '@example.com') from n`;
  const { call } = await changed(t, ['default'], (db) => {
    db.exec(crowd);
    const { links } = db.prepare('select count(*) as links from identity_links').get() as { links: number };
    t.equal(links, 250_023);
  });
  const before = await check(call, [ADDRESS]);
  t.match(before, { clean: false, linksForgotten: 10_000 });
  t.same(before.linked.map(({ value }) => value).sort(), [
    '66d57404055f7121b3af7856',
    'end_usr_alice000000042',
    'u_Alice0000000000000000042',
    'user-42',
  ]);
  await eraseAddress(call);
  t.match(await check(call, [ADDRESS]), { clean: true, linked: [], linksForgotten: 10_000 }, 'a clean that says so');
  const rest = await check(call, [ADDRESS], { linked: false });
  t.notOk('linksForgotten' in rest, 'who follows no links misses none');
  t.same(await linkedTo(call, 'gone-259990'), ['gone-259990@example.com']);
  await call('PUT', '/__admin/state', { json: { conductor: {} } });
  t.match(
    await check(call, [ADDRESS]),
    { linksForgotten: 19 - 6 },
    'those of a provider that was replaced do not count',
  );
});

t.test('the result says when there are more linked values than are searched', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    db.exec(`with recursive n (n) as (select 1 union all select n + 1 from n where n < 600)
      insert into conductor_endUsers (id, createdAt, companyName, sourceId, email)
      select 'end_usr_' || n, '2025-01-01T00:00:00.000Z', 'X', 's' || n, 'shared@example.com' from n`);
  });
  const { linked, linkedTruncated, plan } = await check(call, ['shared@example.com']);
  t.strictSame([linked.length, linkedTruncated, plan.length], [1000, true, 600]);
});
