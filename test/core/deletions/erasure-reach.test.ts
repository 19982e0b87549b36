// Scope of the erasure check: JSON values, whole tables and, on request, webhooks, journal and snapshots.
import t from 'tap';
import { checkErasure, type StoredText } from '../../../src/core/deletions/erasure.ts';
import type { Place } from '../../../src/core/deletions/erasure-findings.ts';
import { stringsIn } from '../../../src/core/deletions/json-strings.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { testServer } from '../../harness.ts';
import { alone } from './alone.ts';
import { ALICE, changed, check, KEYS } from './residues.ts';
import { RESOURCES, ROWS } from './searched.ts';

t.test('JSON columns are searched by decoded values and member names, not by their JSON text', async (t) => {
  const { call } = await changed(t, ['default'], (db) => {
    const metadata = { 'k"1': 'say "hi"\n', list: [1, null, ['deep C:\\Alice']], 'carol@example.com': true };
    db.prepare('update pagecall_users set metadata = ? where seq = 1').run(JSON.stringify(metadata));
  });
  const fields = async (subject: string) =>
    (await check(call, [subject])).residues.map(({ field, match }) => `${field} ${match}`);
  t.same(await fields('say "hi"\n'), ['metadata.k"1 exact']);
  t.same(await fields('c:\\alice'), ['metadata.list[2][0] contains']);
  t.same(await fields('carol@example.com'), ['metadata.carol@example.com exact']);
  t.same(await fields('"list":['), [], 'JSON syntax is not searched');
});

t.test('a large table is searched to its last row', async (t) => {
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
    searched: { rows: ROWS + 9995 },
  });
  await call('POST', '/__admin/reset', { json: { to: 'empty' } });
  t.match(await check(call, ['row']), { clean: true, searched: { resources: RESOURCES, rows: 0 } });
});

t.test('strings are collected at any depth, in order', async (t) => {
  let deep: unknown = 'bottom';
  for (let n = 0; n < 20_000; n++) deep = [deep];
  t.match([...stringsIn(deep, 'x')], [{ text: 'bottom' }]);
  t.same(
    [...stringsIn({ a: ['1', { b: '2' }], c: '3', d: null, e: 4 }, 'm')].map(({ field, text }) => `${field}=${text}`),
    ['m.a=a', 'm.c=c', 'm.d=d', 'm.e=e', 'm.a[0]=1', 'm.a[1].b=b', 'm.a[1].b=2', 'm.c=3'],
  );
  t.same([...stringsIn({ e: [4] }, 'm', true)][1], { field: 'm.e[0]', text: '4', number: true });
});

t.test('webhooks are searched on request', async (t) => {
  const { call } = await testServer(t);
  const headers = KEYS.pagecall as Record<string, string>;
  const webhook = { url: 'http://127.0.0.1:9/for/user-42', headers: { 'x-for': 'alice@example.com' } };
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
  t.match((await check(call, ALICE, { include: ['state', 'webhooks'] })).searched, { resources: RESOURCES + 1 });
  const stored = (await check(call, ALICE)).residues.filter(({ resource, id }) => resource === 'rooms' && id === room);
  t.same(
    stored.map(({ field, match }) => `${field} ${match}`),
    ['webhook.url contains', 'webhook.headers.x-for exact'],
  );
});

t.test('the journal and snapshots are searched on request, and residues name the call that clears them', async (t) => {
  const { call } = await testServer(t);
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

t.test('a large search yields to other requests, and a long list is truncated', async (t) => {
  function* texts(): Generator<StoredText> {
    for (let n = 0; n < 10_001; n++)
      yield { resource: 'requests', id: String(n), field: 'url', text: 'bob', erasableBy: 'DELETE /__admin/requests' };
  }
  let turns = 0;
  const turn = () => setImmediate(() => ++turns < 1000 && turn());
  turn();
  const result = await checkErasure(
    alone(),
    PROVIDERS,
    { subjects: ['bob'], include: ['journal'], linked: false, contains: false },
    new Map<Place, () => Generator<StoredText>>([['journal', texts]]),
  );
  const between = turns;
  t.match(result, { clean: false, truncated: true, searched: { resources: 1, rows: 10_001 } });
  t.equal(result.residues.length, 10_000);
  t.ok(between >= 2, `${between} turns of other requests`);
});
