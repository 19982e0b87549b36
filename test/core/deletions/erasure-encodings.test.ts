// Encoded names in an erasure check: percent, form, JSON escapes and base64, in every place that is searched.
import t from 'tap';
import { testServer } from '../../harness.ts';
import { TEXT_PLACES } from './encoded-places.ts';
import { ENCODERS } from './encoders.ts';
import { carryOut, check, KEYS } from './residues.ts';

const NAME = 'Zoë Müller+1';
const ZOE = 'zoe+x@example.com';

for (const { name, include, field, url, put } of TEXT_PLACES) {
  t.test(`an encoded subject is found in ${name}`, async (t) => {
    const { call } = await testServer(t);
    for (const { name, encodings, encode } of ENCODERS) {
      const text = encode(NAME);
      if (url && text.includes('\\')) continue;
      await put(call, text);
      const { clean, residues } = await check(call, [NAME.toUpperCase()], { include: [include], linked: false });
      t.equal(clean, false, name);
      const found = residues.filter((one) => one.field === field);
      t.strictSame(
        found.map((one) => [/exact|contains/.test(one.match), one.encodings]),
        [[true, encodings]],
        name,
      );
      const others = ['Zoë Müller+2', 'oë Müller+1', 'Müller+12', 'zoe@example.com'];
      t.equal((await check(call, others, { include: [include] })).clean, true, `${name}: nobody else`);
    }
  });
}

t.test('a text is compared with its escapes decoded, and so are the boundaries of a name in it', async (t) => {
  const { call } = await testServer(t);
  const found: [text: string, subject: string, match: string, ...encodings: string[]][] = [
    ['user-1', 'user-1', 'exact'],
    ['user%2D1', 'user-1', 'exact', 'percent-encoded'],
    ['/u/user%2d1/%20', 'USER-1', 'contains', 'percent-encoded'],
    ['https%3A%2F%2Fapp.test%2Fuser-1%2Fedit', 'user-1', 'contains', 'percent-encoded'],
    ['to=user-1%26x', 'user-1', 'contains', 'percent-encoded'],
    ['100% user-1', 'user-1', 'contains'],
    ['%zz%e9user-1', 'user-1', 'contains', 'percent-encoded'],
    ['{\\"to\\":\\"user-1\\"}', 'user-1', 'contains'],
    ['hello\\nuser-1\\u002f', 'user-1', 'contains', 'JSON-escaped'],
    ['Zoe+Smith', 'zoe smith', 'exact', 'form-encoded'],
    ['name=Zo%C3%AB+Smith&x=1', 'Zoë Smith', 'contains', 'form-encoded'],
    ['zoe+x%40example.com', 'zoe+x@example.com', 'exact', 'percent-encoded'],
    ['zoe%2Bx%40example.com', 'zoe+x@example.com', 'exact', 'percent-encoded'],
    ['%EF%BC%BAoe%20Smith', 'zoe smith', 'exact', 'percent-encoded'],
    ['Jos%65%CC%81', 'JOSÉ', 'exact', 'percent-encoded'],
    ['O\\u0027Brien \\"Bo\\"', 'O\'Brien "Bo"', 'exact', 'JSON-escaped'],
    ['a\\/b', 'a/b', 'exact', 'JSON-escaped'],
    ['deleted-zoe%40example.com', 'zoe@example.com', 'contains', 'percent-encoded'],
    ['dXNlci0x', 'user-1', 'exact', 'base64'],
    ['VVNFUi0x', 'user-1', 'exact', 'base64'],
    ['/avatars/dXNlci0x.png', 'user-1', 'contains', 'base64'],
    ['em9lQGV4YW1wbGUuY29t', 'ZOE@example.com', 'exact', 'base64'],
    ['deleted_em9lQGV4YW1wbGUuY29t', 'zoe@example.com', 'contains', 'base64'],
    ['em9lQGV4YW1wbGUuY29t deleted_em9lQGV4YW1wbGUuY29t', 'zoe@example.com', 'contains', 'base64'],
    ['am9zw6k=', 'José', 'exact', 'base64'],
    ['Sk9Tw4k', 'josé', 'exact', 'base64'],
    ['am9zZcyB', 'José', 'exact', 'base64'],
    ['77y6772P772F', 'Ｚｏｅ', 'exact', 'base64'],
    ['Zoe%2BSmith', 'Zoe Smith', 'exact', 'percent-encoded', 'form-encoded'],
    ['us\\\\\\\\u0065r-1', 'user-1', 'exact', ...Array(3).fill('JSON-escaped')],
    ['YWI\\/Y2QtMQ==', 'ab?cd-1', 'exact', 'JSON-escaped', 'base64'],
    ['use%252572%25252D1', 'user-1', 'exact', ...Array(3).fill('percent-encoded')],
    ['user-1%2525252F', 'user-1', 'contains', 'percent-encoded', 'percent-encoded', 'percent-encoded'],
  ];
  const kept: [text: string, subject: string][] = [
    ['user-1%37', 'user-1'],
    ['user-1%2D2', 'user-1'],
    ['user-1\\u0037', 'user-1'],
    ['%78user-1', 'user-1'],
    ['old%2Duser-1', 'user-1'],
    ['Zoe%C3%A9', 'Zoe'],
    ['dXNlci0xNw', 'user-1'],
    ['xdXNlci0x', 'user-1'],
    ['dXNlci0y', 'user-1'],
    ['zoe%40example.co', 'zoe@example.com'],
  ];
  for (const { name, put, field } of TEXT_PLACES.filter(({ include, url }) => include === 'state' && !url)) {
    for (const [text, subject, match, ...encodings] of found) {
      await put(call, text);
      const { clean, residues } = await check(call, [subject]);
      t.strictSame(
        [clean, residues.map((one) => [one.field, one.match, ...(one.encodings ?? [])])],
        [false, [[field, match, ...encodings]]],
        `${name}: ${text}: ${subject}`,
      );
    }
    for (const [text, subject] of kept) {
      await put(call, text);
      t.strictSame((await check(call, [subject])).residues, [], `${name}: ${text}: no ${subject}`);
      t.equal((await check(call, [subject], { contains: true })).clean, true, `${name}: ${text}: no ${subject}`);
    }
  }
});

t.test(
  'an identity in an encoding is the subject: its rows are theirs, and so are the identities linked to it',
  async (t) => {
    const { call } = await testServer(t);
    await call('POST', '/__admin/reset', { json: { to: 'empty' } });
    const conductor = { headers: KEYS.conductor as Record<string, string> };
    const endUser = { companyName: 'C', sourceId: Buffer.from(ZOE).toString('base64url'), email: 'zed@example.org' };
    const { id } = (await call('POST', '/conductor/v1/end-users', { ...conductor, json: endUser })).body;
    const session = { endUserId: id, publishableKey: 'pk_conductor_test' };
    const { body: created } = await call('POST', '/conductor/v1/auth-sessions', { ...conductor, json: session });
    const pagecall = { headers: KEYS.pagecall as Record<string, string> };
    for (const user_id of ['zed%40example.org', 'zed%40example.org%2F2'])
      await call('POST', '/pagecall/v1/users', { ...pagecall, json: { user_id } });
    const { residues, linked, plan } = await check(call, [ZOE]);
    t.strictSame(
      residues.map(({ resource, id, field, match, encodings }) => [resource, id, field, match, encodings]),
      [
        ['users', 'zed%40example.org', 'id', 'linked', undefined],
        ['users', 'zed%40example.org', 'user_id', 'linked', undefined],
        ['users', 'zed%40example.org%2F2', 'user_id', 'linked', ['percent-encoded']],
        ['endUsers', id, 'id', 'linked', undefined],
        ['endUsers', id, 'sourceId', 'exact', ['base64']],
        ['endUsers', id, 'email', 'linked', undefined],
        ['authSessions', created.id, 'endUserId', 'reference', undefined],
      ],
    );
    t.strictSame(
      linked.map(({ value }) => value).filter((value) => value.startsWith('z')),
      ['zed@example.org', 'zed%40example.org'],
    );
    t.strictSame(plan, [
      'DELETE /pagecall/v1/users/zed%2540example.org',
      'DELETE /pagecall/v1/users/zed%2540example.org%252F2',
      `DELETE /conductor/v1/end-users/${id}`,
    ]);
    for (const planned of plan) t.equal((await carryOut(call, planned)).status, 200);
    t.equal((await check(call, [ZOE])).clean, true);
  },
);
