// Names in an erasure check: in two columns or in one, in any script, in either case, composed or not.
import t from 'tap';
import { fold } from '../../../src/core/deletions/caseless.ts';
import { type TestServer, testServer } from '../../harness.ts';
import { carryOut, check } from './residues.ts';

const NOW = '2025-01-01T00:00:00.000Z';

/** A sandbox whose users at Proficient have these first and last names. */
async function named(call: TestServer['call'], ...names: [first: string, last: string][]) {
  const users = names.map(([first_name, last_name], n) => ({
    id: `u_${n}`,
    external_id: `ext-${n}`,
    first_name,
    last_name,
    created_at: 1,
    updated_at: 1,
  }));
  const { status } = await call('PUT', '/__admin/state', { json: { proficient: { users }, pagecall: {} } });
  if (status !== 204) throw new Error('not stored');
}

const fields = async (call: TestServer['call'], subject: string) =>
  (await check(call, [subject])).residues.map(({ id, field, match }) => `${id} ${field} ${match}`);

t.test('a name whose parts are columns of their own is one value, in the usual orders', async (t) => {
  const { call } = await testServer(t);
  await named(
    call,
    ['Alice', 'Moreau'],
    ['Alice', 'Moreaux'],
    ['Moreau', ''],
    ['Anna  Alice', 'Moreau '],
    ['길동', '홍'],
  );
  const whole = ['u_0 first_name + last_name exact', 'u_3 first_name + last_name contains'];
  t.same(await fields(call, 'Alice Moreau'), whole);
  t.same(await fields(call, ' alice\u00a0MOREAU '), whole);
  t.same(await fields(call, 'Moreau, Alice'), ['u_0 first_name + last_name exact']);
  t.same(await fields(call, 'Moreau Alice'), ['u_0 first_name + last_name exact']);
  t.same(await fields(call, 'Moreau'), ['u_0 last_name exact', 'u_2 first_name exact', 'u_3 last_name exact']);
  for (const form of ['길동 홍', '홍 길동', '홍길동'])
    t.same(await fields(call, form), ['u_4 first_name + last_name exact']);
  t.same(await fields(call, 'AliceMoreau'), [], 'Latin names are written with a space');
  const { plan } = await check(call, ['Alice Moreau']);
  t.same(plan, ['DELETE /proficient/users/u_0', 'DELETE /proficient/users/u_3']);
  for (const planned of plan) await carryOut(call, planned);
  t.equal((await check(call, ['Alice Moreau'])).clean, true);
});

t.test('a name in several columns is found in a snapshot too, once', async (t) => {
  const { call } = await testServer(t);
  await named(call, ['Alice', 'Moreau']);
  await call('POST', '/__admin/snapshots', { json: { name: 'kept' } });
  const { residues, plan } = await check(call, ['moreau alice'], { include: ['snapshots'] });
  t.same(
    residues.map(({ id, field, match }) => [id, field, match]),
    [['kept', 'proficient.users.u_0.first_name + last_name', 'exact']],
  );
  t.same(plan, ['DELETE /__admin/snapshots/kept']);
});

t.test('case, composition and width do not tell one name from another', async (t) => {
  const { call } = await testServer(t);
  const same: [stored: string, asked: string][] = [
    ['Inês Carvalhal', 'inês carvalhal'.normalize('NFD')],
    ['Inês'.normalize('NFD'), 'INÊS'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'straße'],
    ['İsmail', 'i̇smail'],
    ['İSMAİL', 'ismail'],
    ['Isık', 'IŞIK'.replace('Ş', 'S')],
    ['ΟΔΥΣΣΕΥΣ', 'Οδυσσευς'],
    ['Анна', 'АННА'],
    ['ﬁona', 'FIONA'],
    ['Ａｌｉｃｅ', 'alice'],
    ['ǅemal', 'ǆemal'],
    ['ｱﾘｽ', 'アリス'],
    ['각', '각'.normalize('NFD')],
    ['Zoë\u200b Ali\u00adce', 'zoe\u0308 alice'],
    ['Jean‑Luc', 'jean\u2010luc'],
  ];
  await named(call, ...same.map(([stored]): [string, string] => [stored, '']));
  for (const [n, [stored, asked]] of same.entries()) {
    const found = await fields(call, asked);
    t.ok(found.includes(`u_${n} first_name exact`), `${asked} is ${stored}: ${found}`);
  }
  const other: [string, string][] = [
    ['josé', 'jose'],
    ['Ёлка', 'елка'],
    ['が', 'か'],
    ['x₂', 'x₃'],
  ];
  for (const [one, another] of other) t.not(fold(one), fold(another), `${one} is not ${another}`);
});

t.test('ids are compared the same way: numbers, spaces, dots at the end', async (t) => {
  const { call } = await testServer(t);
  const user = { default_member_type: 'guest', created_at: NOW, updated_at: NOW };
  const one = (n: number, user_id: string, more: object) => ({
    ...user,
    id: String(n).padStart(24, '0'),
    access_token: String(n).padStart(32, 't'),
    user_id,
    ...more,
  });
  const users = [
    one(1, '4711', { metadata: { crm: { id: 815 }, age: 42, list: [7, '9'] } }),
    one(2, 'Ms. Q.', { email: 'q@example.com.' }),
    one(3, 'a b', {}),
  ];
  await call('PUT', '/__admin/state', { json: { pagecall: { users }, proficient: {} } });
  const ids = async (subject: string) =>
    (await check(call, [subject], { linked: false })).residues.map(({ id, field, match }) => `${id} ${field} ${match}`);
  t.same(await ids('4711'), ['4711 user_id exact']);
  t.same(await ids('815'), ['4711 metadata.crm.id exact'], 'a number is an id as well, as a whole');
  t.same([await ids('81'), await ids('9')], [[], ['4711 metadata.list[1] exact']]);
  t.same(await ids('Ms. Q.'), ['Ms. Q. user_id exact']);
  t.same(await ids('ms. q'), ['Ms. Q. user_id contains']);
  t.same(await ids('Q@EXAMPLE.COM'), ['Ms. Q. email exact']);
  t.same(await ids('q@example.com.'), ['Ms. Q. email exact']);
  t.same(await ids(' a  b'), ['a b user_id exact']);
  await named(call, ['x', '']);
  const page = { id: 'a'.repeat(24), room_id: 'b'.repeat(24), entities: [], size: { width: 815, height: 1 }, index: 0 };
  const room = { id: 'b'.repeat(24), type: 'open', name: 'r', created_at: NOW, updated_at: NOW };
  await call('PUT', '/__admin/state', { json: { pagecall: { rooms: [room], pages: [page] } } });
  t.same(await ids('815'), [], 'a measure is no id');
});
