// Word boundaries of names: a match inside a longer identifier is listed on request, and never decides the result.
import t from 'tap';
import { occurrence } from '../../../src/core/deletions/caseless.ts';
import { testServer } from '../../harness.ts';
import { check, KEYS } from './residues.ts';

t.test('user-1 does not match user-17, however often it occurs', async (t) => {
  const { call } = await testServer(t);
  t.match(await check(call, ['user-1']), { clean: true, residues: [], plan: [] });
  const { clean, residues, plan, unerasable } = await check(call, ['user-1'], { contains: true });
  t.strictSame([clean, plan, unerasable], [true, [], []], 'matches inside identifiers do not decide the result');
  t.same(
    [...new Set(residues.map(({ provider, resource, field }) => `${provider} ${resource}.${field}`))],
    ['proficient users.external_id', 'pagecall users.user_id', 'pagecall members.user_id', 'pagecall sessions.user_id'],
  );
  for (const { match, erasableBy } of residues) t.strictSame([match, erasableBy], ['inside', null]);
  const both = await check(call, ['user-1', 'user-17'], { contains: true });
  t.equal(both.clean, false);
  t.notOk(
    both.residues.some(({ match }) => match === 'inside'),
    'a whole match is not listed as a partial one too',
  );
});

t.test('a whole linked identity counts more than a subject inside it', async (t) => {
  const { call } = await testServer(t);
  const json = { sourceId: 'user-9', email: 'user-91@example.com', companyName: 'Nine' };
  const { id } = (
    await call('POST', '/conductor/v1/end-users', { json, headers: KEYS.conductor as Record<string, string> })
  ).body;
  const { residues } = await check(call, ['user-9'], { contains: true });
  t.strictSame(
    residues.filter((one) => one.id === id && one.field === 'email').map(({ match }) => match),
    ['linked'],
  );
});

t.test('words end where identifiers do', async (t) => {
  const word = [
    'ann',
    'for ann, with love',
    '(ann)',
    'ann@example.com',
    'x.example/ann/1',
    '/avatars/ann.png',
    '/avatars/ann.png?v=1',
    'see ann.jpeg',
    'ann.',
    'ask ann. Then',
    'ann.tar.gz',
    'id=ann&x',
    '"ann"',
    '.ann',
    'ann…',
    'anna ann',
  ];
  const inside = [
    'anna',
    'joann',
    'ann1',
    '1ann',
    'ann-1',
    'old-ann',
    'ann_x',
    '_ann',
    'ann.marie',
    'jo.ann',
    'ann.pngs',
    'annж',
    'ann.png_x',
  ];
  for (const text of word) t.equal(occurrence(text, 'ann'), 'word', text);
  for (const text of inside) t.equal(occurrence(text, 'ann'), 'inside', text);
  t.equal(occurrence('bob', 'ann'), null);
  t.equal(occurrence('анна', 'анн'), 'inside', 'letters of any script go on');
  t.equal(occurrence('田中さん', '田中'), 'word', 'words of scripts without spaces end anywhere');
  t.equal(occurrence('홍길동님', '홍길동'), 'word');
  t.equal(occurrence('홍길동2', '홍길동'), 'inside');
  t.equal(occurrence('a𝒳', 'a'), 'inside', 'letters beyond 16 bits too');
  t.equal(occurrence('𝒳.a', 'a'), 'inside');
  t.equal(occurrence('🙂a🙂', 'a'), 'word');
  t.equal(occurrence('x(a-1)y', '(a-1)'), 'word', 'a name that ends in a bracket ends there');
  t.equal(occurrence('e\u0301x', 'e'), 'inside', 'a mark belongs to its letter');
});

t.test('an address is found anywhere in a text; a sentence and a file name end an id', async (t) => {
  const { call } = await testServer(t);
  const json = { type: 'open', name: 'Write to alice@example.com.' };
  const headers = KEYS.pagecall as Record<string, string>;
  const rooms: string[] = [];
  for (const name of [json.name, 'mailto:alice@example.com?x', 'deleted_alice@example.com', 'alice@example.com.old'])
    rooms.push((await call('POST', '/pagecall/v1/rooms', { headers, json: { ...json, name } })).body.room.id);
  const { residues } = await check(call, ['Alice@Example.com'], { linked: false });
  t.same(
    residues.filter(({ resource }) => resource === 'rooms').map(({ id, match }) => [id, match]),
    rooms.map((id) => [id, 'contains']),
  );
  const avatar = (await check(call, ['teacher-ines'])).residues.find(({ field }) => field === 'profile_url');
  t.match(avatar, { match: 'contains', erasableBy: 'DELETE /pagecall/v1/users/teacher-ines' });
  t.equal((await check(call, ['teacher'])).clean, true);
});
