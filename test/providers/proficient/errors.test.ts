// Proficient: unknown paths and methods, and every error by the Prefer header.
import t from 'tap';
import { PROVIDER_ERRORS } from '../../../src/providers/proficient/errors.ts';
import { proficient } from '../../../src/providers/proficient/index.ts';
import { testServer } from '../../harness.ts';
import { ALICE, admin, alice, CAFE, failed } from './fixtures.ts';

t.test('unknown paths, wrong methods and trailing slashes get 404, with or without a key', async (t) => {
  const { call } = await testServer(t);
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

t.test('every error can be injected where it is declared, without side effects', async (t) => {
  const { call } = await testServer(t);
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
  t.strictSame(
    PROVIDER_ERRORS.body(PROVIDER_ERRORS.transport.crash(), { requestId: '' }),
    failed('unknown', 'Something went wrong.'),
  );
});
