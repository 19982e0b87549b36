import { request } from 'node:http';
import t from 'tap';
import { WORDS } from '../../../src/providers/proficient/errors.ts';
import { proficient } from '../../../src/providers/proficient/index.ts';
import { type Ask, listening, world } from '../../harness.ts';
import { ALICE, admin, alice, CAFE, CAMILLE, failed, TOMAS } from './fixtures.ts';

const json = { 'content-type': 'application/json' };

t.test('bad input is refused with the path of what is wrong', async (t) => {
  const { call } = await world(t);
  const cases: [string, string, Ask, string][] = [
    ['POST', '/users', { json: { external_id: 5 } }, 'external_id: expected a string, got a number'],
    ['POST', '/users', { json: {} }, 'external_id: required'],
    ['POST', '/users', { json: { external_id: null } }, 'external_id: expected a string, got null'],
    ['POST', '/users', { json: { external_id: '' } }, 'external_id: must not be empty'],
    ['POST', '/users', { json: { external_id: 'user-42' } }, 'external_id: another user of the project has it'],
    [
      'POST',
      '/users',
      { json: { external_id: 'a', live_mode: 'true', first_name: [] } },
      'first_name: expected a string, got an array; live_mode: expected a boolean, got a string',
    ],
    ['POST', '/users', { json: [] }, 'body: expected an object, got an array'],
    ['POST', '/users', { json: 'text' }, 'body: expected an object, got a string'],
    ['POST', '/users', { json: null }, 'body: expected an object, got null'],
    ['POST', '/users', {}, 'body: required'],
    ['POST', '/users', { headers: json, raw: '' }, 'body: required'],
    ['POST', '/users', { headers: json, raw: '{"external_id":' }, 'body: expected valid JSON'],
    ['POST', '/users', { headers: json, raw: '{"external_id":"\\ud800"}' }, 'body: expected valid JSON'],
    [
      'POST',
      '/users',
      { headers: { 'content-type': 'text/plain' }, raw: '{"external_id":"a"}' },
      'body: expected the content type application/json',
    ],
    [
      'POST',
      '/users',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, raw: 'external_id=a' },
      'body: expected the content type application/json',
    ],
    ['POST', '/users', { raw: Buffer.from('{"external_id":"a"}') }, 'body: expected the content type application/json'],
    ['POST', '/users', { json: { external_id: 'a'.repeat(2 ** 20) } }, 'body: larger than 1 MiB'],
    ['POST', `/users/${ALICE}`, { json: { first_name: 1 } }, 'first_name: expected a string, got a number'],
    ['POST', `/users/${ALICE}`, {}, 'body: required'],
    ['GET', '/users?live_mode=yes', {}, 'live_mode: expected true or false'],
    ['GET', '/users?live_mode=true&live_mode=true', {}, 'live_mode: expected a string, got an array'],
    ['POST', '/agents', { json: {} }, 'model: required'],
    [
      'POST',
      '/agents',
      { json: { model: 'gpt' } },
      'model: expected one of anthropic.claude-v1, anthropic.claude-v1-100k, anthropic.claude-instant-v1, anthropic.claude-instant-v1-100k, openai.gpt-4, openai.gpt-3.5-turbo, openai.gpt-3.5-turbo-16k',
    ],
    [
      'POST',
      '/agents',
      { json: { model: 'openai.gpt-4', initial_turn: 5 } },
      'initial_turn: expected one of user, agent',
    ],
    ['POST', '/agents', { json: { model: 'openai.gpt-4', openai: [] } }, 'openai: expected an object, got an array'],
    ['POST', `/agents/${CAMILLE}`, { json: { name: true } }, 'name: expected a string, got a boolean'],
    ['POST', '/interactions', { headers: alice, json: { agent_id: {} } }, 'agent_id: expected a string, got an object'],
    ['POST', `/interactions/${CAFE}`, { headers: alice, json: { name: 1 } }, 'name: expected a string, got a number'],
    ['POST', '/messages', { headers: alice, json: { interaction_id: CAFE } }, 'content: required'],
    [
      'POST',
      '/messages',
      { headers: alice, json: { interaction_id: CAFE, content: '', parent_id: 1 } },
      'parent_id: expected a string, got a number',
    ],
    ['POST', '/messages/none/ask', { headers: alice, json: {} }, 'interaction_id: required'],
    ['GET', '/messages', { headers: alice }, 'interaction_id: required'],
    ['GET', '/messages?interaction_id=', { headers: alice }, 'interaction_id: must not be empty'],
    [
      'GET',
      '/messages?interaction_id=a&interaction_id=a',
      { headers: alice },
      'interaction_id: expected a string, got an array',
    ],
    ['GET', '/interactions?limit=5&limit=5', { headers: alice }, 'limit: expected a string, got an array'],
    ...['', '0', '101', '05', '1.0', '-1', '+5', '%205', 'all'].map((limit): [string, string, Ask, string] => [
      'GET',
      `/interactions?limit=${limit}`,
      { headers: alice },
      'limit: must be a whole number from 1 to 100',
    ]),
  ];
  for (const [method, path, ask, message] of cases) {
    const refused = await call(method, `/proficient${path}`, { ...ask, headers: { ...admin, ...ask.headers } });
    t.equal(refused.status, 400, `${method} ${path}: ${message}`);
    t.strictSame(refused.body, failed('invalid_request', message));
    t.equal(refused.headers['content-type'], 'application/json; charset=utf-8');
  }
  t.equal((await call('GET', '/proficient/users')).body.data.length, 6);
});

t.test('null and unknown keys count as absent, and JSON may come with parameters', async (t) => {
  const { call } = await world(t);
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

t.test('a user is renamed by itself or by an admin, not by another client', async (t) => {
  const { call } = await world(t);
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

t.test('where no body is listed any is ignored', async (t) => {
  const { call } = await world(t);
  const bodies: Ask[] = [
    {},
    { headers: json, raw: '' },
    { headers: json, raw: '{broken' },
    { headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' } },
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, raw: 'a=b' },
    { headers: { 'content-type': '' }, raw: 'x' },
    { headers: { 'content-type': 'no/such;;type' }, raw: 'x' },
  ];
  for (const ask of bodies) {
    for (const verb of ['deactivate', 'activate']) {
      const answer = await call('POST', `/proficient/agents/${CAMILLE}/${verb}`, {
        ...ask,
        headers: { ...admin, ...ask.headers },
      });
      t.match(answer, { status: 200, body: { active: verb === 'activate' } });
    }
    const { body } = await call('POST', '/proficient/interactions', { headers: alice, json: { agent_id: CAMILLE } });
    t.equal(
      (
        await call('DELETE', `/proficient/interactions/${body.interaction.id}`, {
          ...ask,
          headers: { ...alice, ...ask.headers },
        })
      ).status,
      200,
    );
  }
});

t.test('the same over a socket, as the official SDK and curl send it', async (t) => {
  const { url } = await listening(t);
  const send = (method: string, path: string, headers: Record<string, string | number>, body = '') =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const sent = request(
        `${url}${path}`,
        { method, headers: { ...headers, connection: 'close' }, agent: false },
        (answer) => {
          let text = '';
          answer
            .setEncoding('utf8')
            .on('data', (part) => {
              text += part;
            })
            .on('end', () => resolve({ status: answer.statusCode, text }));
        },
      );
      sent.on('error', reject).end(body);
    });
  const form = { ...admin, 'content-type': 'application/x-www-form-urlencoded', 'content-length': 0 };
  t.match(JSON.parse((await send('POST', `/proficient/agents/${CAMILLE}/deactivate`, form)).text), { active: false });
  t.equal((await send('POST', `/proficient/agents/${CAMILLE}/activate`, form)).status, 200);
  t.equal((await send('DELETE', `/proficient/interactions/${CAFE}`, { ...alice, ...json })).status, 200);
  t.equal((await send('DELETE', `/proficient/users/${ALICE}`, admin)).status, 200);
  t.strictSame(
    JSON.parse((await send('POST', '/proficient/users', { ...admin, ...json, 'content-length': 0 })).text),
    failed('invalid_request', 'body: required'),
  );
  t.strictSame(await send('GET', '/proficient/users/%zz', admin), {
    status: 400,
    text: JSON.stringify(failed('invalid_request', 'The path of the request cannot be read.')),
  });
});

t.test('unknown paths, wrong methods and final slashes are 404, keys or not', async (t) => {
  const { call } = await world(t);
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['GET', ''],
    ['PATCH', `/users/${ALICE}`],
    ['PUT', `/users/${ALICE}`],
    ['HEAD', '/users'],
    ['GET', '/users/'],
    ['DELETE', '/users/'],
    ['GET', `/users/${ALICE}/`],
    ['POST', '/agents//activate'],
    ['GET', '/v1/users'],
  ] as const) {
    const refused = await call(method, `/proficient${path}?a=b`, {
      headers: { authorization: 'nonsense' },
      ...(method === 'PUT' ? { raw: '{' } : {}),
    });
    t.equal(refused.status, 404, `${method} ${path}`);
    t.equal(refused.headers['content-type'], 'application/json; charset=utf-8');
    if (method !== 'HEAD')
      t.strictSame(refused.body, failed('resource_not_found', `No such route: ${method} /proficient${path}`));
  }
  t.equal((await call('GET', `/proficient/users/${'x'.repeat(2000)}`)).status, 404);
});

const CATALOGUE: Record<number, [string, string]> = {
  400: ['invalid_request', 'The request is not acceptable.'],
  401: ['invalid_credentials', 'Missing or invalid credentials.'],
  403: ['forbidden', 'You may not do this.'],
  404: ['resource_not_found', 'No such resource.'],
  409: ['conflict', 'A reply can only be asked for on a message sent by the user.'],
  500: ['unknown', 'Something went wrong.'],
  503: ['unavailable', 'The service is temporarily unavailable.'],
};

t.test('every error can be ordered where it is declared, and nothing happens', async (t) => {
  const { call } = await world(t);
  const order = (method: string, path: string, prefer: string) =>
    call(method, `/proficient${path}`, { headers: { ...admin, prefer } });
  for (const status of [401, 404, 500, 503]) {
    const forced = await order('DELETE', `/users/${ALICE}`, `code=${status}`);
    t.equal(forced.status, status);
    t.strictSame(forced.body, failed(...(CATALOGUE[status] as [string, string])));
    t.equal(forced.headers['preference-applied'], `code=${status}`);
    t.equal(forced.headers['x-understudy-fault'], `code=${status}`);
    t.equal((await call('GET', `/proficient/interactions/${CAFE}`, { headers: alice })).body.total_message_count, 8);
  }
  const refused = await order('DELETE', `/users/${ALICE}`, 'code=409');
  t.equal(refused.status, 400);
  t.match(refused.body, { type: 'urn:understudy:undocumented-preference', statuses: [401, 404, 500, 503] });
  for (const { operation, method, path, declared, hasBody, hasQuery } of proficient.operations) {
    const statuses = [...new Set([...declared, 401, ...(hasBody || hasQuery ? [400] : [])])];
    for (const status of statuses) {
      const forced = await order(method, path.replace(/\{\w+\}/, 'any'), `code=${status}`);
      t.equal(forced.status, status, `${operation} ${status}`);
      t.strictSame(forced.body, failed(...(CATALOGUE[status] as [string, string])));
    }
  }
  t.strictSame(
    (await order('GET', '/agents', 'code=409, handling=lenient')).body,
    failed(...(CATALOGUE[409] as [string, string])),
  );
  t.match(await order('GET', '/agents', 'code=418, handling=lenient'), {
    status: 418,
    body: failed('invalid_request', 'Requested error.'),
  });
  t.match(await order('GET', '/agents', 'code=502, handling=lenient'), {
    status: 502,
    body: failed('unknown', 'Requested error.'),
  });
  t.strictSame(WORDS.body(WORDS.transport.crash(), { requestId: '' }), failed('unknown', 'Something went wrong.'));
});

t.test('browsers of any origin may call it', async (t) => {
  const { call } = await world(t, { settings: { auth: 'strict' } });
  for (const path of ['/users', `/users/${ALICE}`, '/nothing/at/all', '']) {
    const preflight = await call('OPTIONS', `/proficient${path}`, {
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'authorization',
      },
    });
    t.equal(preflight.status, 204);
    t.equal(preflight.body, '');
    t.match(preflight.headers, {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
      'access-control-allow-headers':
        'Authorization, Content-Type, X-PROFICIENT-API-KEY, X-PROFICIENT-USER-EXTERNAL-ID, X-PROFICIENT-USER-HMAC, X-Fern-Language, X-Understudy-Sandbox, Prefer, X-Retry-Test-Id',
      'access-control-expose-headers': 'X-Understudy-Request, X-Understudy-Fault, Preference-Applied',
    });
  }
  const answers: [number, string, string, Record<string, string>][] = [
    [200, 'GET', '/agents', admin],
    [401, 'GET', '/agents', {}],
    [403, 'GET', '/users', alice],
    [404, 'GET', '/agents/none', alice],
    [404, 'GET', '/nothing', {}],
    [404, 'PUT', '/users', {}],
    [400, 'POST', '/users', admin],
    [500, 'GET', '/agents', { prefer: 'code=500' }],
    [400, 'GET', '/agents', { prefer: 'code=418' }],
    [400, 'GET', '/agents', { 'x-understudy-sandbox': 'no such name!' }],
  ];
  for (const [status, method, path, headers] of answers) {
    const answer = await call(method, `/proficient${path}`, {
      headers: { origin: 'http://localhost:3000', ...headers },
    });
    t.equal(answer.status, status);
    t.equal(answer.headers['access-control-allow-origin'], '*', `${status} ${path}`);
    t.notOk(answer.headers['access-control-allow-credentials']);
  }
  t.notOk(
    (await call('GET', '/pagecall/v1/users')).headers['access-control-allow-origin'],
    'other providers stay closed',
  );
});
