// Conformance suite for every provider: requirements independent of its API.
import t from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { listening, type TestServer, testServer } from '../harness.ts';

interface Subject {
  /** The path below mount and base. */
  users: string;
  id: string;
  other: string;
  key: Record<string, string>;
  /** A body that creates a user. */
  create: object;
  /** The statuses for an unknown id, invalid input and a missing key. */
  unknownId: number;
  badInput: number;
  noKey: number;
  envelope: object;
  /** Resources whose rows are deleted with the user, and the column that refers to the user. */
  owned: Record<string, string>;
}

const SUBJECTS: Record<string, Subject> = {
  proficient: {
    users: '/users',
    id: 'u_Alice0000000000000000042',
    other: 'u_1eRoyubdUqWifFiTREaLcvh6',
    key: { authorization: 'Bearer sk_test_understudy' },
    create: { external_id: 'new-one' },
    unknownId: 404,
    badInput: 400,
    noKey: 401,
    envelope: { error: { code: String, message: String } },
    owned: { interactions: 'user_id' },
  },
  pagecall: {
    users: '/users',
    id: 'user-42',
    other: 'external_user_102932',
    key: { authorization: 'Bearer pagecall_test_key' },
    create: { user_id: 'new-one' },
    unknownId: 400,
    badInput: 400,
    noKey: 400,
    envelope: { message: String },
    owned: { members: 'user_id', sessions: 'user_id' },
  },
  conductor: {
    users: '/end-users',
    id: 'end_usr_alice000000042',
    other: 'end_usr_1234567abcdefg',
    key: { authorization: 'Bearer sk_conductor_test' },
    create: { companyName: 'C', sourceId: 'new-one', email: 'n@example.com' },
    unknownId: 404,
    badInput: 400,
    noKey: 401,
    envelope: {
      error: {
        message: String,
        userFacingMessage: String,
        type: String,
        code: String,
        httpStatusCode: Number,
        requestId: /^req_/,
      },
    },
    owned: { integrationConnections: 'endUserId', authSessions: 'endUserId', passthroughRecords: 'endUserId' },
  },
};

t.test('every provider is in this suite', async (t) => {
  t.same(Object.keys(SUBJECTS).sort(), PROVIDERS.map(({ name }) => name).sort());
});

for (const { name, mount, base } of PROVIDERS) {
  const subject = SUBJECTS[name] as Subject;
  const users = mount + base + subject.users;
  const user = `${users}/${subject.id}`;
  const { key: headers } = subject;
  const state = async ({ call }: TestServer) => (await call('GET', `/__admin/state?provider=${name}`)).body[name];

  t.test(`${name}: a user is created, read, deleted with its rows, and then unknown`, async (t) => {
    const server = await testServer(t);
    const { call } = server;
    t.equal((await call('POST', users, { headers, json: subject.create })).status, 200);
    const before = await state(server);
    for (const [resource, column] of Object.entries(subject.owned)) {
      t.ok(
        before[resource].some((row: any) => row[column] === subject.id),
        `the user owned ${resource} before`,
      );
    }
    const read = await call('GET', user, { headers });
    t.equal(read.status, 200);
    const removed = await call('DELETE', user, { headers });
    t.equal(removed.status, 200);
    t.equal(removed.headers['content-type'], 'application/json; charset=utf-8');
    for (const method of ['GET', 'DELETE']) {
      const answer = await call(method, user, { headers });
      t.match(answer, { status: subject.unknownId, body: subject.envelope }, method);
    }
    const after = await state(server);
    for (const [resource, column] of Object.entries(subject.owned)) {
      t.notOk(
        after[resource].some((row: any) => row[column] === subject.id),
        `no row of ${resource} refers to the user`,
      );
      const others = (rows: any[]) =>
        rows.filter((row) => row[column] !== subject.id && row[column] !== null && row[column] !== undefined);
      t.strictSame(others(after[resource]), others(before[resource]), `the ${resource} of others stay`);
    }
    t.equal((await call('GET', `${users}/${subject.other}`, { headers })).status, 200, 'another user stays');
    t.equal((await call('POST', '/__admin/reset')).status, 204);
    t.strictSame((await call('GET', user, { headers })).body, read.body, 'a reset brings the user back');
  });

  t.test(`${name}: a delete with a content type and no body works, also over a socket`, async (t) => {
    const { call, url } = await listening(t);
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/x-www-form-urlencoded',
      'text/plain',
    ]) {
      t.equal((await call('DELETE', user, { headers: { ...headers, 'content-type': type } })).status, 200, type);
      await call('POST', '/__admin/reset');
    }
    const answer = await fetch(url + user, {
      method: 'DELETE',
      headers: { ...headers, 'content-type': 'application/json' },
    });
    t.equal(answer.status, 200);
    t.equal((await fetch(url + user, { headers })).status, subject.unknownId);
    await fetch(`${url}/__admin/reset`, { method: 'POST' });
    t.equal(
      (await call('DELETE', user, { headers: { ...headers, 'content-type': 'application/json' }, raw: '{"broken' }))
        .status,
      200,
      'an unnecessary body is ignored',
    );
  });

  t.test(`${name}: every client error gets the provider’s error body`, async (t) => {
    const { call } = await testServer(t);
    const json = { ...headers, 'content-type': 'application/json' };
    const cases: [string, string, string, object, number][] = [
      ['an unknown path', 'GET', `${mount}${base}/nope`, { headers }, 404],
      ['an unknown path without a key', 'GET', `${mount}${base}/nope`, {}, 404],
      ['an unknown path with a broken body', 'POST', `${mount}${base}/nope`, { headers: json, raw: '{"a' }, 404],
      [
        'an unknown path with a huge body',
        'POST',
        `${mount}${base}/nope`,
        { headers: json, raw: `"${'x'.repeat(2e6)}"` },
        404,
      ],
      ['an empty id', 'GET', `${users}/`, { headers }, 404],
      ['an empty id, deleted', 'DELETE', `${users}/`, { headers }, 404],
      ['a method it does not have', 'PATCH', user, { headers }, 404],
      ['broken JSON', 'POST', users, { headers: json, raw: '{"a' }, subject.badInput],
      ['invalid UTF-8', 'POST', users, { headers: json, raw: Buffer.from([0x22, 0xff, 0x22]) }, subject.badInput],
      [
        'a lone surrogate',
        'POST',
        users,
        {
          headers: json,
          raw: '{"sourceId":"\\ud800","user_id":"\\ud800","external_id":"\\ud800","companyName":"","email":""}',
        },
        subject.badInput,
      ],
      [
        'a nested lone surrogate',
        'POST',
        users,
        {
          headers: json,
          raw: '{"sourceId":"x","user_id":"x","external_id":"x","companyName":"","email":"","metadata":{"a":["\\ud800"]}}',
        },
        subject.badInput,
      ],
      ['a poisoned prototype', 'POST', users, { headers: json, raw: '{"__proto__":{"a":1}}' }, subject.badInput],
      ['an array instead of an object', 'POST', users, { headers: json, raw: '[]' }, subject.badInput],
      ['null instead of an object', 'POST', users, { headers: json, raw: 'null' }, subject.badInput],
      ['an empty body', 'POST', users, { headers: json, raw: '' }, subject.badInput],
      ['no body and no content type', 'POST', users, { headers }, subject.badInput],
      [
        'a body of another content type',
        'POST',
        users,
        { headers: { ...headers, 'content-type': 'text/xml' }, raw: '<a/>' },
        subject.badInput,
      ],
      [
        'an invalid content type',
        'POST',
        users,
        { headers: { ...headers, 'content-type': 'nonsense' }, raw: '{}' },
        subject.badInput,
      ],
      [
        'a body of 2 MB',
        'POST',
        users,
        { headers: json, raw: JSON.stringify({ ...subject.create, more: 'x'.repeat(2e6) }) },
        subject.badInput,
      ],
      ['no key', 'DELETE', user, {}, name === 'proficient' ? 200 : subject.noKey],
      ['a key of another scheme', 'DELETE', user, { headers: { authorization: 'Basic eDp5' } }, subject.noKey],
      ['an empty key', 'DELETE', user, { headers: { authorization: 'Bearer ' } }, subject.noKey],
      ['an injected 500', 'DELETE', user, { headers: { ...headers, prefer: 'code=500' } }, 500],
      ['an injected 503', 'DELETE', user, { headers: { ...headers, prefer: 'code=503' } }, 503],
    ];
    for (const [what, method, url, ask, status] of cases) {
      const answer = await call(method, url, ask);
      t.equal(answer.status, status, what);
      if (status === 200) continue;
      t.match(answer.headers['content-type'], /^application\/json/, what);
      t.match(answer.body, subject.envelope, what);
      t.notOk('statusCode' in answer.body, `${what}: not Fastify’s error body`);
    }
    t.equal((await call('HEAD', users, { headers })).status, 404, 'HEAD is not an operation');
  });

  t.test(`${name}: strict auth accepts only its keys, and the suffix of a listed key selects a sandbox`, async (t) => {
    const { call } = await testServer(t, { settings: { auth: 'strict' } });
    const { authorization } = headers as { authorization: string };
    const ask = (authorization: string) => call('GET', users, { headers: { authorization } });
    t.equal((await ask(authorization)).status, 200);
    t.match(await ask(`${authorization}_sbx_mine`), { status: 200, headers: { 'x-understudy-sandbox': 'mine' } });
    t.equal((await ask(`${authorization}x`)).status, subject.noKey);
    t.equal((await ask(`Bearer sk_other_sbx_mine`)).status, subject.noKey);
  });

  t.test(`${name}: long and unusual ids are compared exactly`, async (t) => {
    const { call } = await testServer(t);
    for (const id of ['x'.repeat(400), '홍길동(B-2)', 'a/b?c#d%', "o'neill"]) {
      const answer = await call('GET', `${users}/${encodeURIComponent(id)}`, { headers });
      t.equal(answer.status, subject.unknownId, id.slice(0, 20));
      t.match(answer.body, subject.envelope);
    }
  });
}
