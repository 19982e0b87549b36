// What happens beside a DELETE of very many rows: requests, writes, faults, and the end of its sandbox.
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { type TestServer, testServer } from '../../harness.ts';
import { everyOther } from '../../seeds.ts';
import { servedMeanwhile } from '../../served-meanwhile.ts';
import { CONDUCTOR } from './deletions.ts';
import { LARGE_CASES, type LargeCase, padding, type State } from './large-cases.ts';

const ROOM = LARGE_CASES.deleteRoom as LargeCase;
const CHAT = LARGE_CASES.interactions_delete as LargeCase;
const OF_LARGE = { 'x-understudy-sandbox': 'large' };

const kinds = [
  ['in memory', (t: Test) => testServer(t, { webhooks: false })],
  ['with --data', (t: Test) => testServer(t, { webhooks: false, data: t.testdir({ data: {} }) })],
] as const;

/** A server whose sandbox `large` has the rows of a case, and short calls to it. */
async function prepared(t: Test, start: (t: Test) => Promise<TestServer>, one: LargeCase, more: State = {}) {
  const server = await start(t);
  const call = (method: string, path: string, headers: Record<string, string> = one.headers, json?: object) =>
    server.call(method, path, { headers: { ...OF_LARGE, ...headers }, ...(json === undefined ? {} : { json }) });
  const admin = async (method: string, path: string, json?: object) =>
    (await call(method, `/__admin/${path}`, {}, json)).body;
  await admin('PUT', 'state', one.state);
  await admin('POST', 'state', padding(one.provider, true));
  await admin('POST', 'state', more);
  const remove = (prefer: Record<string, string> = {}) => call('DELETE', one.url, { ...one.headers, ...prefer });
  const rows = async () => JSON.stringify(await admin('GET', `state?provider=${one.provider}`));
  return { server, call, admin, remove, rows };
}

for (const [n, [kind, start]] of kinds.entries()) {
  const test = everyOther(t, n);
  test(`${kind}: requests to the sandbox wait and see the end, other sandboxes are served`, async (t) => {
    const { server, call, remove } = await prepared(t, start, ROOM);
    const other = () => server.call('GET', '/conductor/v1/end-users?limit=1', { headers: CONDUCTOR });
    await other();
    for (const prefer of [{ prefer: 'dry-run' }, {}]) {
      const order: string[] = [];
      const deletion = remove(prefer).finally(() => order.push('deletion'));
      await setImmediate();
      const [reading, again, health] = [
        call('GET', ROOM.url).finally(() => order.push('reading')),
        remove().finally(() => order.push('again')),
        server.call('GET', '/__admin/health').finally(() => order.push('health')),
      ];
      await servedMeanwhile(t, 'the deletion', deletion, other);
      const dry = 'prefer' in prefer;
      t.equal((await deletion).status, 200);
      t.equal((await reading).status, dry ? 200 : 400, 'the room is there, or gone');
      t.equal((await health).status, 200);
      t.equal(order[0], 'health');
      // The second one follows the dry run; the third one finds nothing.
      t.equal((await again).status, dry ? 200 : 400);
      if (dry) await call('PUT', '/__admin/state', {}, ROOM.state);
    }
  });

  test(`${kind}: a write beside it is kept, and so is the deletion, with one receipt and its webhooks once`, async (t) => {
    const { admin, remove } = await prepared(t, start, ROOM);
    const deletion = remove();
    await setImmediate();
    await setImmediate();
    await admin('PUT', 'clock', { action: 'freeze', instant: '2031-01-01T00:00:00.000Z' });
    t.equal((await deletion).status, 200);
    t.equal((await admin('GET', 'clock')).now, '2031-01-01T00:00:00.000Z');
    t.match(await admin('GET', 'deletions'), { meta: { total: 1 }, deletions: [{ counts: { members: 1200 } }] });
    t.equal((await admin('GET', 'webhooks')).webhooks.length, 3, 'one for each open session');
    t.equal((await admin('GET', 'state?provider=pagecall')).pagecall.rooms.length, 1);
  });

  test(`${kind}: a deletion that the database refuses in one statement fails as there, and changes nothing`, async (t) => {
    const [message] = CHAT.state.proficient?.messages as [Record<string, unknown>];
    const [interaction] = CHAT.state.proficient?.interactions as [Record<string, unknown>];
    const { admin, remove, rows } = await prepared(t, start, CHAT, {
      proficient: {
        interactions: [{ ...interaction, id: 'int_other' }],
        messages: [{ ...message, id: 'msg_other', interaction_id: 'int_other', parent_id: message.id }],
      },
    });
    const before = await rows();
    for (const prefer of [{ prefer: 'dry-run' }, {}]) t.equal((await remove(prefer)).status, 500);
    t.equal(await rows(), before);
    t.match(await admin('GET', 'deletions'), { deletions: [] });
  });

  test(`${kind}: planned faults fail it before, lose its response after, and delay it`, async (t) => {
    const { admin, remove, rows } = await prepared(t, start, ROOM);
    const before = await rows();
    t.equal((await remove({ prefer: 'code=500' })).status, 500);
    t.equal(await rows(), before);
    // A delayed one that is due while another one runs waits for it.
    const first = remove();
    await setImmediate();
    const delayed = remove({ prefer: 'delay=1' });
    t.strictSame([(await first).status, (await delayed).status], [200, 400]);
    await admin('PUT', 'state', ROOM.state);
    t.equal((await remove({ prefer: 'code=500, phase=after-commit' })).status, 500);
    t.match(await admin('GET', 'deletions?limit=1'), { deletions: [{ answered: false, counts: { rooms: 1 } }] });
    t.equal((await admin('GET', 'state?provider=pagecall')).pagecall.rooms.length, 1);
  });

  test(`${kind}: a sandbox that is deleted meanwhile stays deleted`, async (t) => {
    const { call, remove } = await prepared(t, start, ROOM);
    const deletion = remove();
    await setImmediate();
    await setImmediate();
    t.equal((await call('DELETE', '/__admin/sandboxes/large')).status, 204);
    t.match(await deletion, { status: 410, body: { type: 'urn:understudy:sandbox-deleted' } });
    t.equal((await call('GET', '/__admin/sandboxes/large')).status, 404);
  });

  test(`${kind}: old receipts are dropped after a large deletion and after its dry run`, async (t) => {
    const { admin, remove } = await prepared(t, start, ROOM);
    for (let n = 0; n < 20; n++) t.equal((await remove({ prefer: 'dry-run' })).status, 200);
    const { meta } = await admin('GET', 'deletions?limit=1');
    t.equal(meta.total, 18, 'these have 100,000 rows at most');
    t.equal((await remove()).status, 200);
    t.equal((await admin('GET', 'deletions?limit=1')).meta.total, 18);
  });
}

t.test(
  'a request that waits at a barrier for its commit sees the end, and so does one that waits for it to run',
  async (t) => {
    for (const mode of ['order', 'meet']) {
      const { admin, call, remove } = await prepared(t, (t) => testServer(t, { webhooks: false }), ROOM);
      const first = { method: 'DELETE' };
      const { id } = await admin('POST', 'barriers', { mode, first, second: { method: 'GET' } });
      const reading = call('GET', ROOM.url);
      await admin('POST', 'requests/wait', { pattern: { method: 'GET' } });
      t.equal((await remove()).status, 200);
      t.equal((await reading).status, 400, 'the room is gone');
      t.match(await admin('GET', `barriers/${id}`), { state: 'met' });
    }
  },
);

t.test('a request that goes on from a barrier meanwhile waits for the end too', async (t) => {
  const { admin, call, remove } = await prepared(t, (t) => testServer(t, { webhooks: false }), ROOM);
  const { id } = await admin('POST', 'barriers', { first: { method: 'GET' } });
  const reading = call('GET', ROOM.url);
  await admin('POST', 'requests/wait', { pattern: { method: 'GET' } });
  const deletion = remove();
  await setImmediate();
  await admin('DELETE', `barriers/${id}`);
  t.equal((await reading).status, 400, 'the room is gone');
  t.equal((await deletion).status, 200);
});
