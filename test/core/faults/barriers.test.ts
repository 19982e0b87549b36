// Barriers: two requests meet, or one waits for the commit of the other.
import t from 'tap';
import { ALICE, after, GONE, read, remove, server, USERS, unmet } from './barrier-server.ts';

t.test('two deletes meet: both have arrived before one runs', async (t) => {
  const { ask, plan, barrier, waiting, entries } = await server(t);
  const id = await plan({ first: remove });
  t.strictSame(await barrier(id), unmet(id));
  const one = ask('DELETE', ALICE);
  const [pending] = await waiting(1);
  t.match(pending, { operation: 'endUsers.delete', barrier: id, pending: true, delivered: false });
  t.strictSame((await barrier(id)).pairs, [{ state: 'waiting', first: pending.id, second: null }]);
  const [first, second] = await Promise.all([one, ask('DELETE', ALICE)]);
  t.strictSame([first.status, JSON.parse(first.body), first.barrier], [200, GONE, id]);
  t.strictSame([second.status, second.barrier], [404, id]);
  t.strictSame(await barrier(id), {
    mode: 'meet',
    first: remove,
    timeoutMs: 5000,
    times: 1,
    second: remove,
    id,
    state: 'met',
    pairs: [{ state: 'met', first: first.id, second: second.id }],
  });
  const third = await ask('DELETE', ALICE);
  t.strictSame([third.status, third.barrier], [404, null]);
  t.strictSame(
    (await entries()).map(({ id, barrier, response, pending }: any) => [id, barrier, response.status, pending]),
    [
      [first.id, id, 200, undefined],
      [second.id, id, 404, undefined],
      [third.id, undefined, 404, undefined],
    ],
  );
});

t.test('the first side runs first, whichever arrives first', async (t) => {
  for (const early of ['first', 'second']) {
    const { ask, plan, barrier, waiting, call } = await server(t);
    const id = await plan({ first: remove, second: read });
    const send = { first: () => ask('DELETE', ALICE), second: () => ask('GET', ALICE) };
    const one = early === 'first' ? send.first() : send.second();
    await waiting(1);
    const other = early === 'first' ? send.second() : send.first();
    const [first, second] = await Promise.all(early === 'first' ? [one, other] : [other, one]);
    t.strictSame([first?.status, second?.status], [200, 404], `${early} side arrives first`);
    t.strictSame((await barrier(id)).pairs, [{ state: 'met', first: first?.id, second: second?.id }]);
    t.strictSame((await call('GET', `/__admin/barriers?limit=1`)).body.meta, { total: 1 });
  }
});

t.test(
  'while a request waits, others of its sandbox are served; waits are real time, also of a frozen clock',
  async (t) => {
    const { ask, plan, waiting, call, barrier } = await server(t);
    await call('PUT', '/__admin/clock', { json: { action: 'freeze' } });
    const id = await plan({ first: remove, timeoutMs: 400 });
    const began = performance.now();
    const pending = ask('DELETE', ALICE);
    await waiting(1);
    t.equal((await ask('GET', ALICE)).status, 200);
    t.equal((await ask('POST', USERS, {}, { user_id: 'ann' })).status, 200);
    t.equal((await pending).status, 200);
    t.ok(performance.now() - began >= 390);
    t.match(await barrier(id), { state: 'timed-out', pairs: [{ state: 'timed-out', second: null }] });
  },
);

t.test('in order: the second waits until a first has committed; a first that fails does not count', async (t) => {
  const { ask, plan, waiting, call, barrier } = await server(t);
  const id = await plan({ mode: 'order', first: remove, second: read });
  await call('POST', '/__admin/faults', { json: { match: remove, mode: { times: 1 }, effect: { status: 503 } } });
  const second = ask('GET', ALICE);
  await waiting(1);
  const failed = await ask('DELETE', ALICE);
  t.strictSame([failed.status, failed.barrier], [503, id]);
  t.notOk(await after(50, second));
  t.match(await barrier(id), { state: 'waiting', pairs: [{ first: null }] });
  const first = await ask('DELETE', ALICE);
  t.equal(first.status, 200);
  const late = await second;
  t.equal(late.status, 404);
  t.strictSame((await barrier(id)).pairs, [{ state: 'met', first: first.id, second: late.id }]);
});

t.test('in order: a first does not wait, and a second after it does not wait either', async (t) => {
  const { ask, plan, barrier } = await server(t);
  const id = await plan({ mode: 'order', first: remove, second: read, timeoutMs: 60_000 });
  const first = await ask('DELETE', ALICE);
  t.strictSame((await barrier(id)).pairs, [{ state: 'waiting', first: first.id, second: null }]);
  t.equal((await ask('DELETE', ALICE)).barrier, null);
  const second = await ask('GET', ALICE);
  t.strictSame([first.status, second.status, second.barrier], [200, 404, id]);
  t.strictSame((await barrier(id)).pairs, [{ state: 'met', first: first.id, second: second.id }]);
});

t.test('in order: a second that waits longer than the time-out goes on, and the pair says so', async (t) => {
  const { ask, plan, waiting, barrier } = await server(t);
  const id = await plan({ mode: 'order', first: remove, second: read, timeoutMs: 50 });
  const slow = ask('DELETE', ALICE, { prefer: 'delay=1000' });
  await waiting(1);
  const second = await ask('GET', ALICE);
  t.equal(second.status, 200);
  const first = await slow;
  t.equal(first.status, 200);
  t.strictSame(await barrier(id), {
    mode: 'order',
    first: remove,
    second: read,
    timeoutMs: 50,
    times: 1,
    id,
    state: 'timed-out',
    pairs: [{ state: 'timed-out', first: first.id, second: second.id }],
  });
});

t.test('a lost response counts as a commit, a planned error before it as an end', async (t) => {
  const { ask, plan, waiting, barrier } = await server(t);
  const lost = await plan({ mode: 'order', first: remove, second: read });
  const second = ask('GET', ALICE);
  await waiting(1);
  await t.rejects(ask('DELETE', ALICE, { prefer: 'fault=reset, phase=after-commit' }));
  t.equal((await second).status, 404);
  t.equal((await barrier(lost)).state, 'met');
  const failing = await plan({ first: remove, second: read });
  const other = ask('GET', ALICE);
  await waiting(1);
  t.equal((await ask('DELETE', ALICE, { prefer: 'code=503' })).status, 503);
  t.equal((await other).status, 404);
  t.equal((await barrier(failing)).state, 'met');
});

t.test('the second of a pair runs after the first, but waits for it no longer than the time-out', async (t) => {
  for (const [timeoutMs, state, status] of [
    [5000, 'met', 404],
    [60, 'timed-out', 200],
  ] as const) {
    const { ask, plan, waiting, barrier } = await server(t);
    const id = await plan({ first: remove, second: read, timeoutMs });
    const second = ask('GET', ALICE);
    await waiting(1);
    const first = ask('DELETE', ALICE, { prefer: 'delay=200' });
    t.equal((await second).status, status);
    t.equal((await first).status, 200);
    t.equal((await barrier(id)).state, state);
  }
});

t.test('a barrier brings together as many pairs as it says; others pass', async (t) => {
  const { ask, plan, waiting, barrier } = await server(t);
  const id = await plan({ first: { ...read, skip: 1 }, second: remove, times: 2, timeoutMs: 1000 });
  t.equal((await ask('GET', ALICE)).barrier, null);
  const alone = ask('GET', ALICE);
  await waiting(1);
  const passing = await ask('GET', ALICE);
  t.strictSame([passing.status, passing.barrier], [200, null]);
  t.equal((await alone).status, 200);
  t.equal((await barrier(id)).state, 'waiting');
  const [first, second] = await Promise.all([ask('GET', ALICE), ask('DELETE', ALICE)]);
  t.strictSame([first.status, second.status], [200, 200]);
  t.strictSame((await barrier(id)).pairs, [
    { state: 'timed-out', first: (await alone).id, second: null },
    { state: 'met', first: first.id, second: second.id },
  ]);
  t.equal((await barrier(id)).state, 'met');
  t.equal((await ask('GET', ALICE)).barrier, null);
});

t.test(
  'the earliest barrier with a place takes a request; bodies and headers are matched, dry runs pass',
  async (t) => {
    const { ask, plan, waiting, call, get } = await server(t);
    const rival = { header: { 'x-worker': 'b' }, body: { user_id: 'ann' } };
    const id = await plan({ first: { path: '/users', body: { user_id: 'ann' } }, second: rival });
    const later = await plan({ first: { header: { prefer: 'dry-run' } }, timeoutMs: 500 });
    const one = ask('POST', USERS, {}, { user_id: 'ann' });
    await waiting(1);
    t.equal((await ask('DELETE', ALICE, { prefer: 'dry-run' })).barrier, null);
    const two = await ask('POST', USERS, { 'x-worker': 'b' }, { user_id: 'ann' });
    t.strictSame([(await one).barrier, two.barrier], [id, id]);
    t.strictSame(
      (await get('/__admin/barriers')).barriers.map(({ id, state }: any) => [id, state]),
      [
        [later, 'waiting'],
        [id, 'met'],
      ],
    );
    t.equal((await call('DELETE', '/__admin/barriers')).status, 204);
    t.strictSame(await get('/__admin/barriers'), { barriers: [], meta: { total: 0 } });
  },
);

t.test('what could never meet is refused, with the reason', async (t) => {
  const { call } = await server(t);
  const refused = async (json: object) => (await call('POST', '/__admin/barriers', { json })).body;
  t.match(await refused({ first: { operation: 'endUsers.delet' } }), {
    status: 400,
    detail: 'first.operation: there is no operation "endUsers.delet"; did you mean endUsers.delete?',
  });
  t.match(await refused({ first: {}, second: { operation: 'endUsers.delete', method: 'POST' } }), {
    status: 400,
    detail: 'second: matches no operation',
  });
  t.match(await refused({ first: { status: 200 } }), { status: 400, detail: /first\.status: unknown field/ });
  t.match(await refused({ first: {}, timeoutMs: 60_001 }), { status: 400, detail: /timeoutMs/ });
  t.match(await refused({}), { status: 400, detail: /first/ });
  t.match((await call('GET', '/__admin/barriers')).body, { barriers: [], meta: { total: 0 } });
  const unknown = { status: 404, body: { detail: 'There is no barrier "a" in this sandbox.' } };
  t.match(await call('GET', '/__admin/barriers/a'), unknown);
  t.match(await call('DELETE', '/__admin/barriers/a'), unknown);
});

t.test('an erasure check of the faults finds what barriers name', async (t) => {
  const { call, plan } = await server(t);
  const id = await plan({ first: { id: 'user-42' }, second: { body: { email: 'alice@example.com' } } });
  const json = { subjects: ['alice@example.com'], include: ['faults'], linked: false };
  t.strictSame((await call('POST', '/__admin/erasure-checks', { json })).body.residues, [
    {
      provider: 'understudy',
      resource: 'barriers',
      id,
      field: 'second.body.email',
      match: 'exact',
      erasableBy: `DELETE /__admin/barriers/${id}`,
    },
  ]);
});
