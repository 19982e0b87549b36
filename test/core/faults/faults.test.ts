// Planned faults in four ways, before and after the commit; checks rows and receipts, not only the status.
import t from 'tap';
import { type TestResponse, testServer } from '../../harness.ts';
import { alice, key, NAMES, plan, USERS } from './alice.ts';

for (const name of NAMES) {
  const { operation } = USERS[name];

  t.test(`${name}: a 503 before the commit keeps the user, in each way of planning it`, async (t) => {
    const server = await alice(t, name);
    const retry = await server.call('POST', '/__admin/retry-tests', {
      json: { instructions: { [operation]: ['503'] } },
    });
    const orders: [string, () => Promise<TestResponse>][] = [
      ['code=503', () => server.remove({ prefer: 'code=503' })],
      ['_fail_503', () => server.remove({}, 'anybody_fail_503')],
      ['retry-test 503', () => server.remove({ 'x-retry-test-id': retry.body.id })],
    ];
    for (const [source, ask] of orders) {
      t.match(await ask(), { status: 503, headers: { 'x-understudy-fault': source } }, source);
    }
    const rule = await plan(server, { match: { operation }, mode: { times: 1 }, effect: { status: 503 } });
    t.match(await server.remove(), { status: 503, headers: { 'x-understudy-fault': rule.body.id } });
    t.ok(await server.there());
    t.equal(
      (await server.call('GET', '/__admin/deletions')).body.meta.total,
      0,
      'nothing was deleted, no receipt was written',
    );
    t.match((await server.call('GET', `/__admin/faults/${rule.body.id}`)).body, { hits: 1, spent: true });
    t.equal((await server.remove({ 'x-retry-test-id': retry.body.id })).status, 200, 'all instructions are used');
    t.match((await server.call('GET', `/__admin/retry-tests/${retry.body.id}`)).body, { completed: true });
  });

  t.test(`${name}: after a 500 after the commit the user is gone`, async (t) => {
    for (const way of ['prefer', 'retry-test', 'rule']) {
      const server = await alice(t, name);
      let headers: Record<string, string> = {};
      if (way === 'prefer') headers = { prefer: 'code=500, phase=after-commit' };
      if (way === 'retry-test') {
        const { body } = await server.call('POST', '/__admin/retry-tests', {
          json: { instructions: { [operation]: ['500@after-commit'] } },
        });
        headers = { 'x-retry-test-id': body.id };
      }
      if (way === 'rule')
        await plan(server, {
          match: { operation },
          mode: { times: 1 },
          effect: { status: 500 },
          phase: 'after-commit',
        });
      const lost = await server.remove(headers);
      t.equal(lost.status, 500, way);
      t.notOk(await server.there(), `${way}: the delete took effect`);
      const receipt = await server.call('GET', `/__admin/deletions/${lost.headers['x-understudy-request']}`);
      t.match(
        receipt.body,
        { provider: name, operation, answered: false, dryRun: false, root: { id: USERS[name].id } },
        way,
      );
    }
  });

  t.test(`${name}: when the operation fails by itself, the fault is not injected and not spent`, async (t) => {
    const server = await alice(t, name);
    const rule = await plan(server, {
      match: { operation },
      mode: { times: 1 },
      effect: { status: 500 },
      phase: 'after-commit',
    });
    const unknown = await server.remove({}, 'nobody');
    t.match(unknown.status, name === 'pagecall' ? 400 : 404);
    t.notOk('x-understudy-fault' in unknown.headers);
    t.match((await server.call('GET', `/__admin/faults/${rule.body.id}`)).body, { hits: 0, spent: false });
    t.equal((await server.remove()).status, 500);
    t.notOk(await server.there());
  });
}

for (const name of NAMES) {
  t.test(`${name}: a dry run returns the response and the receipt of the delete and changes nothing`, async (t) => {
    const server = await alice(t, name);
    const before = (await server.call('GET', '/__admin/state')).body;
    const dry = await server.remove({ prefer: 'dry-run' });
    t.match(dry, { status: 200, headers: { 'preference-applied': 'dry-run' } });
    t.strictSame((await server.call('GET', '/__admin/state')).body, before);
    const receiptOf = async (answer: TestResponse) =>
      (await server.call('GET', `/__admin/deletions/${answer.headers['x-understudy-request']}`)).body;
    const played = await receiptOf(dry);
    t.match(played, { dryRun: true, answered: true });
    const done = await server.remove();
    t.strictSame(done.body, dry.body);
    const { counts, deleted, detached, root } = await receiptOf(done);
    t.strictSame(
      { counts, deleted, detached, root },
      { counts: played.counts, deleted: played.deleted, detached: played.detached, root: played.root },
    );
  });
}

t.test('fault ids work only for declared statuses, and not when they are switched off', async (t) => {
  const server = await alice(t, 'proficient');
  t.match(await server.remove({}, 'u_fail_409'), { status: 404 }, '409 is not declared here');
  t.match(await server.remove({}, 'u_delay_1'), { status: 404, headers: { 'x-understudy-fault': '_delay_1' } });
  t.notOk('x-understudy-fault' in (await server.remove({}, 'u_delay_700000')).headers);
  const plain = await testServer(t, { magicIds: false });
  t.equal((await plain.call('DELETE', '/proficient/users/u_fail_503', { headers: key })).status, 404);
});

t.test('a sandbox can have a latency for all requests', async (t) => {
  const { call } = await testServer(t);
  for (const delay of [{ fixedMs: 1 }, { uniformMs: [1, 2] }, { lognormal: { median: 1, sigma: 0.1 } }]) {
    await call('PATCH', '/__admin/sandboxes/default', { json: { settings: { delay } } });
    t.match(await call('GET', '/pagecall/v1/users', { headers: key }), {
      status: 200,
      headers: { 'x-understudy-fault': 'settings.delay' },
    });
  }
});

t.test('a response can be delayed after the commit, and retry tests support delays and wire faults', async (t) => {
  const server = await alice(t, 'conductor');
  const instructions = { 'endUsers.delete': ['delay:1@after-commit'], 'endUsers.list': ['reset', 'hang@after-commit'] };
  const { body } = await server.call('POST', '/__admin/retry-tests', { json: { instructions } });
  t.match(await server.remove({ 'x-retry-test-id': body.id }), {
    status: 200,
    headers: { 'x-understudy-fault': 'retry-test delay:1@after-commit' },
  });
  t.notOk(await server.there());
});
