// Repeatable sandboxes: ids, request ids and times do not depend on the order of concurrent requests.
import t from 'tap';
import { type TestServer, testServer } from '../../harness.ts';

const NAMES = ['a', 'b', 'c', 'd'];

async function repeatable({ call }: TestServer, name: string, settings: object = {}): Promise<void> {
  const made = await call('POST', '/__admin/sandboxes', {
    json: { name, settings: { seed: 's', repeatable: true, ...settings } },
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  await call('PUT', `/__admin/clock?sandbox=${name}`, { json: { action: 'freeze', instant: '2030-01-01T00:00:00Z' } });
}

/** Creates an end-user, and returns its id and the ids of the request. */
async function create({ call }: TestServer, sandbox: string, name: string, prefer = '') {
  const { status, body, headers } = await call('POST', '/conductor/v1/end-users', {
    headers: { authorization: `Bearer sk_conductor_test_sbx_${sandbox}`, prefer },
    json: { companyName: name, sourceId: name, email: `${name}@example.com` },
  });
  return { name, status, id: body.id, requests: [headers['x-understudy-request'], headers['conductor-request-id']] };
}

t.test('the same requests in another order get the same ids and request ids', async (t) => {
  const server = await testServer(t);
  await repeatable(server, 'one');
  await repeatable(server, 'two');
  const one = [];
  for (const name of NAMES) one.push(await create(server, 'one', name));
  const two = [];
  for (const name of [...NAMES].reverse()) two.push(await create(server, 'two', name));
  t.strictSame(two.reverse(), one);
  t.equal(new Set(one.map(({ id }) => id)).size, NAMES.length);
  await repeatable(server, 'other', { seed: 't' });
  t.not((await create(server, 'other', 'a')).id, one[0]?.id, 'another seed gives other ids');
});

t.test('equal requests of two clients get ids of their own, in any order', async (t) => {
  const server = await testServer(t);
  const created = async (sandbox: string, client: string) => {
    const { body, headers } = await server.call('POST', '/conductor/v1/end-users', {
      headers: { authorization: `Bearer sk_conductor_test_sbx_${sandbox}`, 'x-understudy-client': client },
      json: { companyName: client, sourceId: client, email: 'a@example.com' },
    });
    return [body.id, headers['x-understudy-request']];
  };
  const read = async (sandbox: string, client?: string) => {
    const headers = {
      authorization: `Bearer sk_conductor_test_sbx_${sandbox}`,
      ...(client === undefined ? {} : { 'x-understudy-client': client }),
    };
    return (await server.call('GET', '/conductor/v1/end-users', { headers })).headers['x-understudy-request'];
  };
  for (const sandbox of ['one', 'two']) await repeatable(server, sandbox);
  const one = [await created('one', 'a'), await created('one', 'b'), await read('one'), await read('one', 'a')];
  const two = [await read('two', 'a'), await read('two'), await created('two', 'b'), await created('two', 'a')];
  t.strictSame(two.reverse(), one);
  t.not(one[2], one[3]);
});

t.test('a request that failed before its operation uses up no id, but a request id', async (t) => {
  const server = await testServer(t);
  await repeatable(server, 'one');
  await repeatable(server, 'two');
  const plain = await create(server, 'one', 'a');
  const failed = await create(server, 'two', 'a', 'code=500');
  t.strictSame([failed.status, failed.requests], [500, plain.requests]);
  const again = await create(server, 'two', 'a');
  t.strictSame([again.status, again.id], [200, plain.id]);
  t.not(again.requests[0], plain.requests[0]);
});

t.test('a frozen clock moves by a millisecond with each request; a running one is not touched', async (t) => {
  const server = await testServer(t);
  await repeatable(server, 'one');
  const now = async () => (await server.call('GET', '/__admin/clock?sandbox=one')).body.now;
  t.equal(await now(), '2030-01-01T00:00:00.000Z');
  await create(server, 'one', 'a');
  await create(server, 'one', 'b');
  t.equal(await now(), '2030-01-01T00:00:00.002Z');
  const { body } = await server.call('GET', '/__admin/requests?sandbox=one');
  t.strictSame(
    body.requests.map(({ at }: { at: string }) => at),
    ['2030-01-01T00:00:00.002Z', '2030-01-01T00:00:00.001Z'],
  );
  await server.call('PUT', '/__admin/clock?sandbox=one', { json: { action: 'reset' } });
  await create(server, 'one', 'c');
  t.ok(Math.abs(Date.parse(await now()) - Date.now()) < 60_000);
});

t.test('ids of provider actions depend on the action and its body', async (t) => {
  const server = await testServer(t);
  const join = async (sandbox: string, body: object) => {
    const url = `/__admin/pagecall/rooms/674d8520d61d4565c07509e5/join?sandbox=${sandbox}`;
    return (await server.call('POST', url, { json: body })).body.session.id;
  };
  for (const name of ['one', 'two']) await repeatable(server, name);
  const one = [await join('one', { user_id: 'user-42' }), await join('one', {}), await join('one', {})];
  const anonymous = [await join('two', {}), await join('two', {})];
  t.strictSame([await join('two', { user_id: 'user-42' }), ...anonymous], one);
});

t.test('a reset of the ids starts all counters again, and one of the rows alone keeps them', async (t) => {
  const server = await testServer(t);
  await repeatable(server, 'one');
  const reset = (scope: string[]) => server.call('POST', '/__admin/reset?sandbox=one', { json: { scope } });
  const first = await create(server, 'one', 'a');
  await reset(['state']);
  const second = await create(server, 'one', 'a');
  t.not(second.id, first.id);
  await reset(['state']);
  await reset(['ids']);
  t.equal((await create(server, 'one', 'a')).id, first.id);
});
