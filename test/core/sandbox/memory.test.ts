// Memory limits: what all sandboxes keep besides their rows is counted in bytes, dropped oldest first, or refused.
import t from 'tap';
import { RetainedMemory } from '../../../src/core/journal/retained-memory.ts';
import { memoryLimits } from '../../../src/core/sandbox/memory.ts';
import { Webhooks } from '../../../src/core/sandbox/webhooks.ts';
import { MemoryBudget } from '../../../src/core/storage/memory-budget.ts';
import { type TestServer, testServer } from '../../harness.ts';

const KIB = 1024;
const key = (sandbox: string) => ({ authorization: 'Bearer k', 'x-understudy-sandbox': sandbox });

/** The bytes in use and the limit of one kind, from the metrics. */
async function kept({ call }: TestServer, kind: string): Promise<{ used: number; limit: number }> {
  const { body } = await call('GET', '/__admin/metrics');
  const value = (name: string) =>
    Number(new RegExp(`^understudy_${name}\\{kind="${kind}"\\} (\\S+)$`, 'm').exec(body)?.[1]);
  return { used: value('kept_bytes'), limit: value('kept_limit_bytes') };
}

async function journalOf({ call }: TestServer, sandbox: string): Promise<any[]> {
  const { body } = await call('GET', `/__admin/requests?sandbox=${sandbox}`);
  return body.requests.reverse();
}

t.test(
  'beyond their memory the journals of all sandboxes drop large bodies first, the oldest before others',
  async (t) => {
    const server = await testServer(t, { memory: { journal: 40 * KIB } });
    const create = async (sandbox: string, user_id: string, size: number) =>
      await server.call('POST', '/pagecall/v1/users', {
        headers: key(sandbox),
        json: { user_id, metadata: { text: 'x'.repeat(size) } },
      });
    await create('old', 'small', 10);
    await create('old', 'large', 6 * KIB);
    await create('new', 'large', 6 * KIB);
    for (const sandbox of ['old', 'new']) {
      for (const { request, response } of await journalOf(server, sandbox))
        t.match([request, response], [{ bodyDropped: undefined }, { bodyDropped: undefined }], 'all is kept so far');
    }
    await create('new', 'larger', 6 * KIB);
    const [small, large] = await journalOf(server, 'old');
    t.match(small, { request: { body: { user_id: 'small' } }, response: { body: { user: { user_id: 'small' } } } });
    t.match(large, { request: { body: null, bodyDropped: true }, response: { body: null, bodyDropped: true } });
    t.notOk('bodyTruncated' in large.request);
    const [first, second] = await journalOf(server, 'new');
    t.match(
      [first, second],
      [{ request: { body: { user_id: 'large' } } }, { request: { body: { user_id: 'larger' } } }],
    );
    const { used, limit } = await kept(server, 'journal');
    t.equal(limit, 40 * KIB);
    t.ok(used > 10 * KIB && used <= limit, `${used} of ${limit} bytes`);
  },
);

t.test('once no large body is left, the oldest entries of all journals are dropped', async (t) => {
  const server = await testServer(t, { memory: { journal: 20 * KIB } });
  const urls = Array.from({ length: 40 }, (_, n) => ['a', 'b'].map((sandbox) => [sandbox, `/pagecall/v1/users/${n}`]));
  for (const [sandbox, url] of urls.flat() as [string, string][])
    await server.call('GET', url, { headers: key(sandbox) });
  for (const sandbox of ['a', 'b']) {
    const entries = await journalOf(server, sandbox);
    t.ok(entries.length > 3 && entries.length < 10, `${entries.length} entries are left`);
    t.strictSame(
      entries.map(({ request }) => request.url),
      urls.slice(-entries.length).map(([one]) => one?.[1]),
      'the newest, in their order',
    );
  }
  const { used, limit } = await kept(server, 'journal');
  t.ok(used > limit / 2 && used <= limit, `${used} of ${limit} bytes`);
});

t.test('a request with a dropped body matches no pattern of its body', async (t) => {
  const server = await testServer(t, { memory: { journal: 9 * KIB } });
  const metadata = { text: 'x'.repeat(5 * KIB) };
  await server.call('POST', '/pagecall/v1/users', { headers: key('s'), json: { user_id: 'a', metadata } });
  const count = async (body: object) =>
    (await server.call('POST', '/__admin/requests/count?sandbox=s', { json: body })).body;
  t.strictSame(await count({ method: 'POST' }), { count: 1 });
  t.strictSame(await count({ body: { user_id: 'a' } }), { count: 0 });
});

t.test('cleared, reset and deleted sandboxes give back their memory', async (t) => {
  const server = await testServer(t, { webhooks: false });
  const kinds = ['journal', 'webhooks', 'snapshots', 'faults'];
  const used = async () => await Promise.all(kinds.map(async (kind) => (await kept(server, kind)).used));
  const fill = async (sandbox: string) => {
    const headers = key(sandbox);
    await server.call('GET', '/pagecall/v1/users', { headers });
    for (const name of ['one', 'two']) await server.call('POST', '/__admin/snapshots', { headers, json: { name } });
    const rule = { match: { operation: 'endUsers.delete' }, effect: { status: 503 } };
    const planned = await server.call('POST', '/__admin/faults', { headers, json: rule });
    await server.call('PUT', `/__admin/faults/${planned.body.id}`, { headers, json: rule });
    await server.call('POST', '/__admin/retry-tests', { headers, json: { instructions: { DeleteUser: ['503'] } } });
    const { body } = await server.call('GET', '/__admin/state?provider=pagecall', { headers });
    const [connected] = body.pagecall.sessions.filter((one: any) => one.disconnected_at === null);
    const rooms = body.pagecall.rooms.map((one: any) => ({ ...one, webhook: { url: 'http://127.0.0.1:9/' } }));
    await server.call('PUT', '/__admin/state', { headers, json: { pagecall: { ...body.pagecall, rooms } } });
    await server.call('DELETE', `/pagecall/v1/rooms/${connected.room_id}`, { headers });
  };
  t.strictSame(await used(), [0, 0, 0, 0]);
  await fill('one');
  const once = await used();
  t.ok(once[0] && once[1] && once[2] && once[3], String(once));
  await fill('two');
  t.equal((await used())[2], 2 * (once[2] as number));
  await server.call('DELETE', '/__admin/sandboxes/two');
  t.strictSame(await used(), once);
  await server.call('DELETE', '/__admin/snapshots/one?sandbox=one');
  t.equal((await used())[2], (once[2] as number) / 2);
  await server.call('POST', '/__admin/reset?sandbox=one');
  t.strictSame(await used(), [0, 0, (once[2] as number) / 2, 0]);
  await server.call('DELETE', '/__admin/sandboxes/one');
  t.strictSame(await used(), [0, 0, 0, 0]);
});

t.test('snapshots, fault rules and retry tests beyond their memory are refused with the way out', async (t) => {
  const { call } = await testServer(t, { memory: { snapshots: 1024 * KIB, faults: 100 * KIB } });
  const until507 = async (url: string, json: (n: number) => object) => {
    for (let n = 0; n < 1000; n++) {
      const { status, body } = await call('POST', url, { json: json(n) });
      if (status === 507) return { ...body, n };
      t.equal(status, 201);
    }
    return t.fail(`${url} is never refused`);
  };
  t.match(await until507('/__admin/snapshots?sandbox=s', (n) => ({ name: `n${n}` })), {
    type: 'urn:understudy:memory-limit',
    detail:
      /^Snapshots in memory take [01]\.\d of 1\.0 MiB over all sandboxes, and this needs 0\.\d more; delete some, raise --snapshot-memory, or keep them on disk with --data\.$/,
  });
  t.match(await until507('/__admin/faults?sandbox=s', () => ({ effect: { status: 503 } })), {
    detail:
      /^Fault rules, retry tests and barriers take 0\.1 of 0\.1 MiB .*; remove some with DELETE \/__admin\/faults/,
  });
  const instructions = { DeleteUser: Array(100).fill('ok') };
  t.match(await until507('/__admin/retry-tests?sandbox=other', () => ({ instructions })), {
    type: 'urn:understudy:memory-limit',
    n: 0,
  });
  const { body } = await call('GET', '/__admin/faults?sandbox=s');
  t.ok(body.meta.total > 10, 'those that were planned stay');
  await call('DELETE', `/__admin/faults/${body.faults[0].id}?sandbox=s`);
  t.equal((await call('POST', '/__admin/faults?sandbox=s', { json: { effect: { status: 503 } } })).status, 201);
});

t.test('webhooks beyond their memory are dropped from the record, and not sent when the queue is full', async (t) => {
  const memory = new RetainedMemory(10_000);
  const queue = new MemoryBudget(5000, 'Webhooks', 'wait');
  const webhooks = new Webhooks({ now: () => '', memory, queue });
  t.teardown(() => webhooks.close());
  const sent = [1, 2, 3, 4].map((n) =>
    webhooks.send({ key: 'k', url: 'http://127.0.0.1:1/', headers: {}, body: { n, text: 'x'.repeat(500) } }),
  );
  t.strictSame(webhooks.list(), sent.slice(-3), 'the oldest is dropped');
  t.match(sent.at(-1), {
    state: 'failed',
    attempts: [{ error: /^not sent: Webhooks take 0\.0 of 0\.0 MiB/, durationMs: 0 }],
  });
  t.match(sent[0], { state: 'waiting' });
  await webhooks.flush();
  t.match(sent[0], { state: 'failed', attempts: [{ error: 'ECONNREFUSED' }, {}, {}] }, 'it was sent all the same');
  t.equal(queue.used, 0);
  webhooks.redeliver(sent[3]?.id as string);
  t.ok(queue.used > 0);
  webhooks.clear();
  t.strictSame([queue.used, memory.used], [0, 0]);
});

t.test('the default limits leave half of the heap', (t) => {
  const limits = Object.values(memoryLimits(64)) as number[];
  t.ok(limits.reduce((sum, one) => sum + one) <= 32);
  t.end();
});
