// Faults by the Prefer header: every declared status, in the provider's error body, without side effects.
import t from 'tap';
import { injectableErrors } from '../../../src/core/provider/errors.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { testServer } from '../../harness.ts';
import { partOfOperations } from '../../seeds.ts';

const credentials: Record<string, Record<string, string>> = {
  proficient: { authorization: 'Bearer sk_test', 'x-proficient-user-external-id': 'user-42' },
  pagecall: { authorization: 'Bearer k' },
  conductor: { authorization: 'Bearer sk_test' },
};

t.test(
  'every declared status of an operation can be injected with its documented body and changes no row',
  async (t) => {
    const { call } = await testServer(t);
    const before = (await call('GET', '/__admin/state')).body;
    for (const { name, mount, base, operations, errors, samples } of PROVIDERS) {
      for (const operation of partOfOperations(operations)) {
        // Faults at the connection come after the input is read.
        const { id: _, 'Conductor-End-User-Id': __, ...query } = samples.operations?.[operation.operation] ?? {};
        const url =
          mount +
          base +
          operation.path
            .replace('{integrationSlug}', 'quickbooks_desktop')
            .replace(/\{\w+\}/g, 'end_usr_1234567abcdefg') +
          (Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : '');
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
            ...(operation.hasBody
              ? { json: name === 'conductor' ? samples.bodies[operation.operation] : { CustomerQueryRq: {} } }
              : {}),
          });
          answers.push({ ...answer, text: JSON.stringify(answer.body) });
        }
        const expected = entries.map(({ status, name, message }) => {
          const code = `code=${status}, error=${name}`;
          const headers = { 'x-understudy-fault': code, 'preference-applied': code };
          return { status, headers, text: message.replaceAll('"', '\\"') };
        });
        t.match(answers, expected, `${operation.operation}, in the provider’s error body`);
      }
    }
    const after = (await call('GET', '/__admin/state')).body;
    // A request that reached the connection check updates lastRequestAt; nothing else changes.
    const still = (state: any) => ({ ...state, conductor: { ...state.conductor, integrationConnections: null } });
    t.strictSame(still(after), still(before));
  },
);

t.test('the first catalogue entry of a status is the default', async (t) => {
  const { call } = await testServer(t);
  const answer = await call('DELETE', '/pagecall/v1/users/user-42', {
    headers: { ...credentials.pagecall, prefer: 'code=400' },
  });
  t.match(answer, { status: 400, headers: { 'preference-applied': 'code=400' }, body: { message: /API key/ } });
});

t.test('an undeclared status is rejected with the list of declared ones', async (t) => {
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
  t.match(await ask('code=200, handling=lenient'), { status: 400 }, 'a success status is rejected');
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
    'nothing was deleted',
  );
});

t.test('unknown preferences are ignored, and the syntax follows RFC 7240', async (t) => {
  const { call } = await testServer(t);
  const ask = (prefer: string) =>
    call('GET', '/pagecall/v1/users/user-42', { headers: { ...credentials.pagecall, prefer } });
  t.equal((await ask('respond-async, wait=10')).status, 200);
  t.equal((await ask('')).status, 200);
  t.equal((await ask('respond-async, Code="503"; x=1, code=500')).status, 503, 'the first occurrence counts');
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

t.test('a misspelled preference is refused by name, so that it cannot become a real delete', async (t) => {
  const { call } = await testServer(t);
  const send = (prefer: string) =>
    call('DELETE', '/pagecall/v1/users/user-42', { headers: { ...credentials.pagecall, prefer } });
  const refused: [prefer: string, detail: string][] = [
    ['dryrun', 'dryrun is not a preference; did you mean dry-run? Nothing was done.'],
    ['dry_run', 'dry_run is not a preference; did you mean dry-run? Nothing was done.'],
    ['DryRun=true', 'DryRun=true is not a preference; did you mean dry-run? Nothing was done.'],
    ['dry-runs', 'dry-runs is not a preference; did you mean dry-run? Nothing was done.'],
    ['dyr-run', 'dyr-run is not a preference; did you mean dry-run? Nothing was done.'],
    ['"dry-run"', '"dry-run" is not a preference; did you mean dry-run? Nothing was done.'],
    ['dry-run:true', 'dry-run:true is not a preference; did you mean dry-run? Nothing was done.'],
    ['dry-run code=503', 'dry-run code=503 is not a preference; did you mean dry-run? Nothing was done.'],
    ['dry-run=false', 'dry-run=false takes no value; omit the preference to delete for real.'],
    ['codes=503', 'codes=503 is not a preference; did you mean code? Nothing was done.'],
    ['cdoe=503', 'cdoe=503 is not a preference; did you mean code? Nothing was done.'],
    ['code=', 'code= is not an HTTP status; write it as in Prefer: code=503.'],
    ['faults=reset', 'faults=reset is not a preference; did you mean fault? Nothing was done.'],
    ['delays=10', 'delays=10 is not a preference; did you mean delay? Nothing was done.'],
    ['fault=reset, phse=after-commit', 'phse=after-commit is not a preference; did you mean phase? Nothing was done.'],
    [
      'code=503, retry_after_ms=1',
      'retry_after_ms=1 is not a preference; did you mean retry-after-ms? Nothing was done.',
    ],
    ['phase=after-commit', 'phase=after-commit has no effect by itself; combine it with code, fault or delay.'],
    ['dry-run, phase=before', 'phase=before has no effect by itself; combine it with code, fault or delay.'],
    ['retry-after-ms=1', 'retry-after-ms=1 needs code=<status>.'],
    ['error=INVALID_PARAMETERS', 'error=INVALID_PARAMETERS needs code=<status>.'],
    ['code=418, handling=leniant', 'handling=leniant is neither lenient nor strict.'],
    [
      'code=503; phase=after-commit',
      'phase=after-commit is a parameter here; separate preferences with commas, as in code=503, phase.',
    ],
    ['wait=1; dry_run', 'dry_run is a parameter here; separate preferences with commas, as in code=503, dry-run.'],
  ];
  const responses = [];
  for (const [prefer] of refused) responses.push([prefer, (await send(prefer)).body]);
  t.strictSame(
    responses,
    refused.map(([prefer, detail]) => [
      prefer,
      { type: 'urn:understudy:bad-preference', title: 'Bad preference', status: 400, detail },
    ]),
  );
  const read = (prefer: string) =>
    call('GET', '/pagecall/v1/users/user-42', { headers: { ...credentials.pagecall, prefer } });
  for (const prefer of ['return=minimal', 'wait=10', 'respond-async', 'handling=lenient', 'odata.maxpagesize=5', 'x'])
    t.equal((await read(prefer)).status, 200, `${prefer} is not ours and is ignored`);
  t.match((await send('dry-run=true')).headers, { 'preference-applied': 'dry-run=true' }, 'dry-run takes true as well');
  t.equal((await read('')).status, 200, 'nothing was deleted');
});

t.test(
  'a status the operation does not declare is the catalogue’s own error of that status, where there is one',
  async (t) => {
    const { call } = await testServer(t);
    const create = (prefer: string) =>
      call('POST', '/conductor/v1/end-users', {
        headers: { ...credentials.conductor, prefer },
        json: { companyName: 'A', sourceId: 'a', email: 'a@example.com' },
      });
    const byPreference = await create('code=404, handling=lenient');
    t.match(byPreference, {
      status: 404,
      headers: { 'preference-applied': 'code=404, handling=lenient' },
      body: { error: { code: 'RESOURCE_MISSING', httpStatusCode: 404 } },
    });
    t.match(await create('code=404, error=ROUTE_NOT_FOUND, handling=lenient'), {
      status: 404,
      body: { error: { code: 'ROUTE_NOT_FOUND' } },
    });
    t.match(await create('code=404, error=NOPE, handling=lenient'), {
      status: 400,
      body: { detail: /^There is no error NOPE of status 404; there are RESOURCE_MISSING, .*ROUTE_NOT_FOUND/ },
    });
    t.match(await create('code=418, error=NOPE, handling=lenient'), {
      status: 400,
      body: { detail: 'There is no error NOPE of status 418; leave the name out.' },
    });
    const { status } = await call('POST', '/__admin/faults', {
      json: { match: { operation: 'endUsers.create' }, effect: { status: 404, lenient: true } },
    });
    t.equal(status, 201);
    const byRule = await call('POST', '/conductor/v1/end-users', { headers: credentials.conductor ?? {}, json: {} });
    t.match(byRule, { status: 404, body: { error: { code: 'RESOURCE_MISSING' } } }, 'a rule has the same');
  },
);
