// Errors on order by the Prefer header: which may be had, in whose words, and that nothing happens.
import t from 'tap';
import { injectableErrors } from '../../../src/core/provider/errors.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { testServer } from '../../harness.ts';

const credentials: Record<string, Record<string, string>> = {
  proficient: { authorization: 'Bearer sk_test', 'x-proficient-user-external-id': 'user-42' },
  pagecall: { authorization: 'Bearer k' },
  conductor: { authorization: 'Bearer sk_test' },
};

t.test('every status an operation declares can be had, documented body and all, without touching a row', async (t) => {
  const { call } = await testServer(t);
  const before = (await call('GET', '/__admin/state')).body;
  for (const { name, mount, base, operations, errors } of PROVIDERS) {
    for (const operation of operations) {
      const url =
        mount +
        base +
        operation.path.replace('{integrationSlug}', 'quickbooks_desktop').replace(/\{\w+\}/g, 'end_usr_1234567abcdefg');
      const headers = { ...credentials[name], 'conductor-end-user-id': 'end_usr_1234567abcdefg' };
      const entries = injectableErrors(errors, operation);
      t.ok(
        entries.some(({ status }) => status === 500),
        `${operation.operation} can be made to fail`,
      );
      const answers: object[] = [];
      for (const entry of entries) {
        const code = `code=${entry.status}, error=${entry.name}`;
        const answer = await call(operation.method, url, {
          headers: { ...headers, prefer: code },
          ...(operation.hasBody ? { json: { CustomerQueryRq: {} } } : {}),
        });
        answers.push({ ...answer, text: JSON.stringify(answer.body) });
      }
      const expected = entries.map(({ status, name, message }) => {
        const code = `code=${status}, error=${name}`;
        const headers = { 'x-understudy-fault': code, 'preference-applied': code };
        return { status, headers, text: message.replaceAll('"', '\\"') };
      });
      t.match(answers, expected, `${operation.operation}, in the provider’s words`);
    }
  }
  const after = (await call('GET', '/__admin/state')).body;
  // A call that reached the connection check counts as a request to the connection; nothing else moves.
  const still = (state: any) => ({ ...state, conductor: { ...state.conductor, integrationConnections: null } });
  t.strictSame(still(after), still(before));
});

t.test('the first entry of a status is the default', async (t) => {
  const { call } = await testServer(t);
  const answer = await call('DELETE', '/pagecall/v1/users/user-42', {
    headers: { ...credentials.pagecall, prefer: 'code=400' },
  });
  t.match(answer, { status: 400, headers: { 'preference-applied': 'code=400' }, body: { message: /API key/ } });
});

t.test('what is not declared is refused with the list of what is', async (t) => {
  const { call } = await testServer(t);
  const ask = (prefer: string) =>
    call('DELETE', '/pagecall/v1/users/user-42', { headers: { ...credentials.pagecall, prefer } });
  t.match(await ask('code=418'), {
    status: 400,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'x-understudy-sandbox': 'default' },
    body: {
      type: 'urn:understudy:undocumented-preference',
      operation: 'DeleteUser',
      statuses: [400, 404, 500, 503],
      detail: /can return 400, 404, 500, 503/,
    },
  });
  t.match(await ask('code=200'), {
    status: 400,
    body: { detail: /200 is not an error; only statuses from 400 to 599/ },
  });
  t.match(await ask('code=200, handling=lenient'), { status: 400 }, 'a success cannot be ordered');
  t.match(await ask('code=400, error=NOPE'), {
    status: 400,
    body: { detail: /returns 400 with MISSING_KEY, .*, not with NOPE/ },
  });
  t.match(await ask('code=abc'), {
    status: 400,
    body: { type: 'urn:understudy:bad-preference', detail: /code=abc is not an HTTP status/ },
  });
  t.match(await ask('code=418, handling=lenient'), {
    status: 418,
    headers: { 'preference-applied': 'code=418, handling=lenient' },
    body: { message: String },
  });
  t.equal(
    (await call('GET', '/pagecall/v1/users/user-42', { headers: credentials.pagecall ?? {} })).status,
    200,
    'none of them deleted anything',
  );
});

t.test('preferences of other people are ignored, and spelling is free where RFC 7240 leaves it free', async (t) => {
  const { call } = await testServer(t);
  const ask = (prefer: string) =>
    call('GET', '/pagecall/v1/users/user-42', { headers: { ...credentials.pagecall, prefer } });
  t.equal((await ask('respond-async, wait=10')).status, 200);
  t.equal((await ask('')).status, 200);
  t.equal((await ask('respond-async, Code="503"; x=1, code=500')).status, 503, 'the first one counts');
  t.equal(
    (await call('GET', '/pagecall/v1/nope', { headers: { prefer: 'code=418' } })).status,
    404,
    'preferences on unknown routes are ignored',
  );
});

t.test('every provider can wrap an undeclared status in its own envelope', async (t) => {
  const { call } = await testServer(t);
  for (const { name, mount, base, operations } of PROVIDERS) {
    const list = operations.find(({ method, path }) => method === 'GET' && !path.includes('{'));
    const answer = await call('GET', `${mount}${base}${list?.path}`, {
      headers: { ...credentials[name], prefer: 'code=418, handling=lenient' },
    });
    t.match(answer, { status: 418, headers: { 'content-type': /^application\/json/ } }, name);
  }
});
