// What the journal says of responses that were lost or are pending, and of dry runs.
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { listening } from '../harness.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';
const key = { authorization: 'Bearer sk_x' };

async function server(t: Test) {
  const { url, call } = await listening(t);
  return {
    url,
    call,
    remove: (prefer: string) => fetch(url + ALICE, { method: 'DELETE', headers: { ...key, prefer } }),
    requests: async (query = '') => (await call('GET', `/__admin/requests${query}`)).body.requests,
    count: async (pattern: object) => (await call('POST', '/__admin/requests/count', { json: pattern })).body.count,
    verify: async (pattern: object, count?: unknown) =>
      (await call('POST', '/__admin/requests/verify', { json: { pattern, count } })).body,
  };
}

for (const fault of ['reset', 'empty', 'malformed', 'truncated']) {
  t.test(`a response lost after the commit (${fault}) is not a 200`, async (t) => {
    const { remove, requests, count, verify } = await server(t);
    await t.rejects(remove(`fault=${fault}, phase=after-commit`).then((response) => response.text()));
    const [{ id }] = await requests();
    t.match(await requests(), [{ delivered: false, fault: `fault=${fault}, phase=after-commit`, deletion: true }]);
    t.strictSame(await verify({ operation: 'endUsers.delete', status: 200 }), {
      passed: false,
      count: 0,
      nearMisses: [{ id, method: 'DELETE', url: ALICE, status: 200, member: 'status', expected: 200, actual: null }],
      extra: [],
    });
    t.strictSame(await requests('?status=200'), []);
    t.equal(await count({ operation: 'endUsers.delete' }), 1, 'the request came');
  });
}

t.test('a response replaced after the commit is the one the client received', async (t) => {
  const { remove, requests, count } = await server(t);
  t.equal((await remove('code=503, phase=after-commit')).status, 503);
  t.match(await requests(), [{ delivered: true, response: { status: 503 } }]);
  t.equal(await count({ status: 503 }), 1);
  t.equal(await count({ status: 200 }), 0);
});

t.test('dry runs match only patterns that ask for them', async (t) => {
  const { call, remove, requests, count, verify } = await server(t);
  await remove('dry-run');
  const [entry] = await requests();
  t.equal(entry.dryRun, true);
  t.equal(await count({ operation: 'endUsers.delete' }), 0);
  t.equal(await count({ operation: 'endUsers.delete', dryRun: false }), 0);
  t.equal(await count({ operation: 'endUsers.delete', dryRun: true }), 1);
  t.match(await verify({ operation: 'endUsers.delete' }), {
    passed: false,
    nearMisses: [{ id: entry.id, member: 'dryRun', expected: false, actual: true }],
  });
  await remove('');
  t.equal(await count({ operation: 'endUsers.delete' }), 1);
  const ids = async (query: string) => (await requests(query)).map(({ id }: { id: string }) => id);
  const [real] = await ids('');
  t.strictSame(await ids(''), [real, entry.id]);
  t.strictSame(await ids('?dryRun=true'), [entry.id]);
  t.strictSame(await ids('?dryRun=false'), [real]);
  const receipts = async (query: string) =>
    (await call('GET', `/__admin/deletions${query}`)).body.deletions.map((one: any) => one.requestId);
  t.strictSame(await receipts(''), [real, entry.id]);
  t.strictSame(await receipts('?dryRun=true'), [entry.id]);
  t.strictSame(await receipts('?dryRun=false'), [real]);
});

t.test('too many requests: the extra ones are listed, not near misses', async (t) => {
  const { call, requests, verify } = await server(t);
  for (let n = 0; n < 8; n++) await call('GET', `${ALICE}?n=${n}`, { headers: key });
  await call('GET', '/conductor/v1/end-users', { headers: key });
  const ids = (await requests()).slice(1).map(({ id }: { id: string }) => id);
  const listed = (n: number) => ({ id: ids[7 - n], method: 'GET', url: `${ALICE}?n=${n}`, status: 200 });
  const pattern = { operation: 'endUsers.retrieve' };
  t.strictSame(await verify(pattern, { atMost: 6 }), {
    passed: false,
    count: 8,
    nearMisses: [],
    extra: [listed(7), listed(6)],
  });
  t.strictSame((await verify(pattern, 0)).extra, [7, 6, 5, 4, 3].map(listed), 'at most five');
  t.strictSame((await verify(pattern, 8)).extra, []);
  t.strictSame((await verify(pattern, 9)).extra, []);
});

t.test('a delayed request is pending from its arrival, and its entry is completed', async (t) => {
  const { call, remove, requests, count, verify } = await server(t);
  // Long enough for all that is asked meanwhile, also on a slow machine.
  const removing = remove('delay=1500');
  const wait = (pattern: object) =>
    call('POST', '/__admin/requests/wait', { json: { pattern, timeoutMs: 30_000 } }).then(({ body }) => body.passed);
  const answered = wait({ operation: 'endUsers.delete', status: 200 });
  t.equal(await wait({ operation: 'endUsers.delete' }), true);
  // A wait without a status ended with the arrival.
  const [pending, ...others] = await requests();
  t.strictSame(others, []);
  t.strictSame(pending, {
    id: pending.id,
    at: pending.at,
    provider: 'conductor',
    operation: 'endUsers.delete',
    durationMs: 0,
    request: { method: 'DELETE', url: ALICE, headers: pending.request.headers, body: null },
    response: { status: null, headers: {}, body: null },
    delivered: false,
    pending: true,
    fault: 'delay=1500',
  });
  t.equal(await count({ operation: 'endUsers.delete' }), 1);
  t.match(await verify({ status: 200 }), { count: 0, nearMisses: [{ id: pending.id, status: null, actual: null }] });
  t.equal((await removing).status, 200);
  t.equal(await answered, true);
  const [complete, ...more] = await requests();
  t.strictSame(more, [], 'it is one entry');
  t.match(complete, { id: pending.id, delivered: true, response: { status: 200, body: { deleted: true } } });
  t.notOk('pending' in complete);
  t.ok(complete.durationMs >= 1490);
});

for (const phase of ['before', 'after-commit']) {
  t.test(
    `a request held ${phase === 'before' ? 'before' : 'after'} the operation is pending until it ends`,
    async (t) => {
      const { url, call, requests } = await server(t);
      const leaving = new AbortController();
      const hanging = fetch(url + ALICE, {
        method: 'DELETE',
        headers: { ...key, prefer: `fault=hang, phase=${phase}` },
        signal: leaving.signal,
      });
      const pattern = { operation: 'endUsers.delete' };
      t.match((await call('POST', '/__admin/requests/wait', { json: { pattern } })).body, { passed: true, count: 1 });
      t.match(await requests(), [{ pending: true, fault: `fault=hang, phase=${phase}`, response: { status: null } }]);
      leaving.abort();
      await t.rejects(hanging);
      for (let tries = 0; tries < 3000 && (await requests())[0].pending; tries++) await sleep(10);
      const [entry, ...more] = await requests();
      t.strictSame(more, []);
      t.match(entry, { delivered: false, response: { status: 200 } });
      t.notOk(entry.pending);
    },
  );
}

t.test('an event tells of a pending request, and another of its response', async (t) => {
  const { url, remove } = await server(t);
  const reading = new AbortController();
  const { body } = await fetch(`${url}/__admin/events`, { signal: reading.signal });
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  await remove('delay=30');
  let text = '';
  while (!text.includes('event: deletion')) text += (await reader.read()).value;
  reading.abort();
  t.strictSame(
    [...text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type),
    ['pending', 'request', 'fault', 'deletion'],
  );
  const [pending, request] = [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json as string));
  t.match(pending, {
    sandbox: 'default',
    operation: 'endUsers.delete',
    method: 'DELETE',
    url: ALICE,
    fault: 'delay=30',
  });
  t.match(request, { id: pending.id, status: 200, delivered: true });
});

t.test('a client that left during a delay is found by 499', async (t) => {
  const { url, count } = await server(t);
  const leaving = new AbortController();
  const left = fetch(url + ALICE, { headers: { ...key, prefer: 'delay=5000' }, signal: leaving.signal });
  while ((await count({})) === 0) await sleep(5);
  leaving.abort();
  await t.rejects(left);
  for (let tries = 0; tries < 3000 && (await count({ status: 499 })) === 0; tries++) await sleep(10);
  t.equal(await count({ status: 499 }), 1);
});

t.test('a request that is delayed and then held is one pending entry', async (t) => {
  const { url, requests } = await server(t);
  const stop = new AbortController();
  const held = fetch(url + ALICE, { headers: { ...key, prefer: 'delay=20, fault=hang' }, signal: stop.signal });
  while ((await requests()).length === 0) await sleep(10);
  await sleep(80);
  t.match(await requests(), [{ pending: true, response: { status: null } }]);
  t.equal((await requests()).length, 1);
  stop.abort();
  await t.rejects(held);
});
