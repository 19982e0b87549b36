// Invalid fault rules, retry tests and Prefer headers are rejected with the reason.
import t from 'tap';
import { alice, key, plan } from './alice.ts';

t.test('a rule that can never match is rejected on creation', async (t) => {
  const server = await alice(t, 'conductor');
  const cases: [object, object][] = [
    [{ effect: { status: 418 } }, { errors: [{ path: 'effect.status' }] }],
    [
      { match: { operation: 'users_delete' }, effect: { status: 409 } },
      { detail: /users_delete does not return 409; it can return 401, 404, 500, 503/ },
    ],
    [
      { match: { operation: 'users_delete' }, effect: { status: 404, code: 'NOPE' } },
      { detail: /returns 404 with resource_not_found, not with NOPE/ },
    ],
    [{ match: { operation: 'users_delte' }, effect: { status: 500 } }, { detail: /did you mean users_delete\?/ }],
    [{ match: { operation: 'users_delete', method: 'GET' }, effect: { status: 500 } }, { errors: [{ path: 'match' }] }],
    [{}, { errors: [{ path: 'effect' }] }],
    [{ effect: { status: 500, retryAfter: 1 } }, { errors: [{ path: 'effect.retryAfter' }] }],
    [{ effect: { fault: 'rest' } }, { status: 400 }],
    ...['a\r\nset-cookie: b', '\u0000', '€'].map((value): [object, object] => [
      { effect: { status: 503, headers: { 'x-a': value } } },
      { errors: [{ path: 'effect' }] },
    ]),
    ...['Trailer', 'transfer-encoding', 'content-length', 'connection', 'content-encoding', 'upgrade'].map(
      (name): [object, object] => [
        { effect: { status: 503, headers: { 'x-a': 'b', [name]: 'x' } } },
        {
          detail: `effect.headers.${name}: is set by the server, and another value would break the response; leave it out, or plan a wire fault.`,
          errors: [{ path: `effect.headers.${name}` }],
        },
      ],
    ),
    [
      { effect: { status: 503, retryAfter: 1e300 } },
      { detail: 'effect.retryAfter: must be at most 2147483647 seconds.' },
    ],
    [{ effekt: {} }, { errors: [{ path: 'effekt', message: 'unknown field' }] }],
  ];
  for (const [rule, body] of cases) t.match(await plan(server, rule), { status: 400, body }, JSON.stringify(rule));
  t.equal((await server.call('GET', '/__admin/faults')).body.meta.total, 0);
  t.equal(
    (await plan(server, { match: { operation: 'users_delete' }, effect: { status: 418, lenient: true } })).status,
    201,
  );
});

t.test('retry tests reject invalid instructions, and succeed once all are used', async (t) => {
  const server = await alice(t, 'pagecall');
  const make = (instructions: object) => server.call('POST', '/__admin/retry-tests', { json: { instructions } });
  t.match(await make({ DeleteUsr: ['503'] }), { status: 400, body: { detail: /no operation DeleteUsr/ } });
  for (const bad of ['nonsense', '503@before-that', 'delay:x', 'delay:999999']) {
    t.match(await make({ DeleteUser: [bad] }), { status: 400, body: { type: 'urn:understudy:bad-instruction' } }, bad);
  }
  t.match(await make({ DeleteUser: ['418'] }), {
    status: 400,
    body: { type: 'urn:understudy:undocumented-preference' },
  });
  const { body } = await make({ DeleteUser: ['ok', 'delay:1', '400'] });
  t.match(body, { instructions: { DeleteUser: ['ok', 'delay:1', '400'] }, completed: false });
  const headers = { 'x-retry-test-id': body.id };
  const seen = [];
  for (let n = 0; n < 4; n++) seen.push((await server.remove(headers)).body.message ?? 'gone');
  t.same(seen.slice(0, 2), ['gone', 'User not found.']);
  t.match(seen[2], /API key/);
  t.match(await server.remove({ 'x-retry-test-id': 'nope' }), {
    status: 400,
    body: { type: 'urn:understudy:unknown-retry-test' },
  });
  for (let n = 0; n < 1001; n++) await make({});
  t.equal(
    (await server.call('GET', `/__admin/retry-tests/${body.id}`)).status,
    400,
    'only the last thousand tests are kept',
  );
});

t.test('an invalid preference value is rejected with its name', async (t) => {
  const server = await alice(t, 'pagecall');
  for (const [prefer, detail] of [
    ['fault=rest', /fault=rest is not a fault; the faults are reset, empty, malformed, truncated, hang/],
    ['delay=x', /delay=x is not a number of milliseconds/],
    ['delay=700000', /delay=700000 is not a number/],
    ['phase=later', /phase=later is not a phase/],
    ['code=503, fault=reset', /cannot be combined with code/],
    ['code=503, retry-after-ms=x', /retry-after-ms=x/],
  ] as const) {
    t.match(
      await server.remove({ prefer }),
      { status: 400, body: { type: 'urn:understudy:bad-preference', detail } },
      prefer,
    );
  }
  t.match(await server.call('GET', '/pagecall/v1/users', { headers: { ...key, prefer: 'dry-run' } }), {
    status: 400,
    body: { detail: /dry-run is for DELETE only/ },
  });
  t.match(await server.remove({ prefer: 'code=503, retry-after-ms=1' }), {
    status: 503,
    headers: { 'retry-after-ms': '1' },
  });
  t.match(await server.remove({ prefer: 'delay=1' }), { status: 200, headers: { 'preference-applied': 'delay=1' } });
});
