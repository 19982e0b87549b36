// Conductor: invalid bodies, headers and publishable keys, with a message for every error.
import t from 'tap';
import { type RequestOptions, testServer } from '../../harness.ts';
import { CONNECTED, expectError, healthCheck, key, V1 } from './fixtures.ts';

t.test('an invalid body is rejected with all of its errors, and nothing is coerced', async (t) => {
  const { call } = await testServer(t);
  const refused = async (path: string, ask: RequestOptions, message: string) => {
    const answer = await call('POST', `${V1}${path}`, { ...ask, headers: { ...key, ...ask.headers } });
    expectError(t, answer, 400, 'INVALID_REQUEST_ERROR', 'PARAMETER_INVALID', message);
  };
  const user = { companyName: 'A', sourceId: 'B', email: 'C' };
  const session = { publishableKey: 'pk_x', endUserId: CONNECTED };
  const json = { 'content-type': 'application/json' };
  await refused(
    '/end-users',
    { json: { companyName: 'A', sourceId: 'B' } },
    'Invalid input: expected string, received undefined at "email"',
  );
  await refused(
    '/end-users',
    { json: { phone: '1', email: 7, sourceId: null, companyName: 'A', x: 1 } },
    'Invalid input: expected string, received null at "sourceId"; Invalid input: expected string, received number at "email"; Unrecognized keys: "phone", "x"',
  );
  await refused('/end-users', { json: { ...user, phone: '1' } }, 'Unrecognized key: "phone"');
  await refused('/end-users', { json: [] }, 'Invalid input: expected object, received array at "body"');
  await refused('/end-users', {}, 'Invalid input: expected object, received undefined at "body"');
  await refused(
    '/end-users',
    { raw: '', headers: json },
    'Invalid input: expected object, received undefined at "body"',
  );
  await refused(
    '/end-users',
    { raw: 'a=b', headers: { 'content-type': 'text/plain' } },
    'Invalid input: expected object, received undefined at "body"',
  );
  await refused('/end-users', { raw: '{"email":', headers: json }, 'Invalid JSON at "body"');
  await refused('/end-users', { raw: '{"__proto__":{}}', headers: json }, 'Invalid JSON at "body"');
  await refused('/end-users', { raw: '{"constructor":{"prototype":1}}', headers: json }, 'Invalid JSON at "body"');
  await refused(
    '/end-users',
    { json: { ...user, email: 'x'.repeat(1024 * 1024) } },
    'Request body is too large at "body"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: 14.9 } },
    'Too small: expected number to be >=15 at "linkExpiryMins"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: 10081 } },
    'Too big: expected number to be <=10080 at "linkExpiryMins"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: '30' } },
    'Invalid input: expected number, received string at "linkExpiryMins"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, linkExpiryMins: null, redirectUrl: null } },
    'Invalid input: expected number, received null at "linkExpiryMins"; Invalid input: expected string, received null at "redirectUrl"',
  );
  await refused(
    '/auth-sessions',
    { json: { ...session, publishableKey: 'sk_x' } },
    'Invalid string: must start with "pk_" at "publishableKey"',
  );
  for (const redirectUrl of [
    '/relative',
    '',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    ' https://a.example',
    'https://a.example/ü',
    'https://a.example/\nx',
    'java\tscript:alert(1)',
    'http://',
  ]) {
    await refused('/auth-sessions', { json: { ...session, redirectUrl } }, 'Invalid URL at "redirectUrl"');
  }
  await refused(
    `/end-users/${CONNECTED}/passthrough/quickbooks_desktop`,
    { json: {} },
    'Too small: expected object to have >=1 properties at "body"',
  );
  await refused(
    `/end-users/${CONNECTED}/passthrough/quickbooks_desktop`,
    { json: ['x'] },
    'Invalid input: expected object, received array at "body"',
  );
  await refused(
    `/end-users/${CONNECTED}/passthrough/xero`,
    { json: { a: 1 } },
    'Invalid option: expected "quickbooks_desktop" at "integrationSlug"',
  );
  await refused('/end-users/%E0%A4%A', { json: {} }, 'Malformed path encoding at "url"');
  for (const linkExpiryMins of [15, 10080]) {
    t.equal(
      (
        await call('POST', `${V1}/auth-sessions`, {
          headers: key,
          json: { ...session, linkExpiryMins, redirectUrl: 'myapp://done' },
        })
      ).status,
      200,
    );
  }
});

t.test('the health check names its missing header', async (t) => {
  const { call } = await testServer(t);
  const missing = await call('GET', healthCheck, { headers: key });
  expectError(
    t,
    missing,
    400,
    'INVALID_REQUEST_ERROR',
    'PARAMETER_INVALID',
    'Invalid input: expected string, received undefined at "Conductor-End-User-Id"',
  );
  const empty = await call('GET', healthCheck, { headers: { ...key, 'conductor-end-user-id': '' } });
  expectError(
    t,
    empty,
    400,
    'INVALID_REQUEST_ERROR',
    'PARAMETER_INVALID',
    'Too small: expected string to have >=1 characters at "Conductor-End-User-Id"',
  );
});

t.test(
  'with strict auth a publishable key must belong to the sandbox, and is checked before the end-user',
  async (t) => {
    const { call } = await testServer(t, { settings: { auth: 'strict' } });
    const answer = await call('POST', `${V1}/auth-sessions`, {
      headers: key,
      json: { publishableKey: 'pk_other', endUserId: 'nobody' },
    });
    expectError(
      t,
      answer,
      400,
      'INVALID_REQUEST_ERROR',
      'PARAMETER_INVALID',
      'Unknown publishable key at "publishableKey"',
    );
  },
);
