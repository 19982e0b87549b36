// Proficient allows CORS requests of any origin, for every response.
import t from 'tap';
import { testServer } from '../../harness.ts';
import { ALICE, admin, alice } from './fixtures.ts';

t.test('browsers may call Proficient from any origin', async (t) => {
  const { call } = await testServer(t, { settings: { auth: 'strict' } });
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
        'Authorization, Content-Type, X-PROFICIENT-API-KEY, X-PROFICIENT-USER-EXTERNAL-ID, X-PROFICIENT-USER-HMAC, X-Fern-Language, X-Understudy-Sandbox, X-Understudy-Client, Prefer, X-Retry-Test-Id',
      'access-control-expose-headers':
        'X-Understudy-Request, X-Understudy-Fault, X-Understudy-Barrier, Preference-Applied',
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
    'other providers send no CORS headers',
  );
});
