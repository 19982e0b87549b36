// Proficient: invalid input with the path of each error, and ignored bodies.
import { request } from 'node:http';
import t from 'tap';
import { listening, type RequestOptions, testServer } from '../../harness.ts';
import { ALICE, admin, alice, CAFE, CAMILLE, failed } from './fixtures.ts';

const json = { 'content-type': 'application/json' };

t.test('invalid input gets 400 with the path of each error', async (t) => {
  const { call } = await testServer(t);
  const cases: [string, string, RequestOptions, string][] = [
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
    ...['', '0', '101', '05', '1.0', '-1', '+5', '%205', 'all'].map(
      (limit): [string, string, RequestOptions, string] => [
        'GET',
        `/interactions?limit=${limit}`,
        { headers: alice },
        'limit: must be a whole number from 1 to 100',
      ],
    ),
  ];
  for (const [method, path, ask, message] of cases) {
    const refused = await call(method, `/proficient${path}`, { ...ask, headers: { ...admin, ...ask.headers } });
    t.equal(refused.status, 400, `${method} ${path}: ${message}`);
    t.strictSame(refused.body, failed('invalid_request', message));
    t.equal(refused.headers['content-type'], 'application/json; charset=utf-8');
  }
  t.equal((await call('GET', '/proficient/users')).body.data.length, 6);
});

t.test('operations without a body ignore one', async (t) => {
  const { call } = await testServer(t);
  const bodies: RequestOptions[] = [
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

t.test('requests over a socket, as the official SDK and curl send them, behave the same', async (t) => {
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
