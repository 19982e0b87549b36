// Work that takes longer than one turn (checks, waits, streams, delayed requests) while its sandbox is deleted or reset.
import { readdirSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import t from 'tap';
import { listening, type TestResponse, testServer } from '../../harness.ts';
import { everyOther, shortOrLong } from '../../seeds.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';
const of = (sandbox: string) => ({ authorization: 'Bearer sk_test', 'x-understudy-sandbox': sandbox });
const CHECK = { subjects: ['alice@example.com'], include: ['state', 'snapshots', 'webhooks', 'journal'] };
const DELETED = {
  type: 'urn:understudy:sandbox-deleted',
  title: 'Sandbox deleted',
  status: 410,
  detail: 'Sandbox k was deleted while this request was in progress.',
};

for (const [n, where] of (['in memory', 'with --data'] as const).entries()) {
  const test = everyOther(t, n);
  const server = (t: Parameters<typeof testServer>[0]) =>
    testServer(t, where === 'in memory' ? {} : { data: t.testdir({}) });

  test(`${where}: a check whose sandbox is deleted meanwhile says so, and its name can be used at once`, async (t) => {
    const { call } = await server(t);
    const seen: TestResponse[] = [];
    for (let turns = 0; turns < 30; turns++) {
      t.equal((await call('POST', '/__admin/sandboxes', { json: { name: 'k' } })).status, 201);
      t.equal((await call('DELETE', ALICE, { headers: of('k') })).status, 200);
      const check = call('POST', '/__admin/erasure-checks?sandbox=k', { json: CHECK });
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      const deletion = call('DELETE', '/__admin/sandboxes/k');
      const again = call('POST', '/__admin/sandboxes', { json: { name: 'k', from: 'empty' } });
      t.same([(await deletion).status, (await again).status], [204, 201]);
      seen.push(await check);
      t.same((await call('GET', '/pagecall/v1/users', { headers: of('k') })).status, 200);
      t.equal((await call('DELETE', '/__admin/sandboxes/k')).status, 204);
    }
    for (const { status, body } of seen) {
      if (status === 410) t.strictSame(body, DELETED);
      else if (status === 404) t.match(body, { type: 'urn:understudy:unknown-sandbox' }, 'deleted before it began');
      else t.match([status, body.searched.rows > 10], [200, true], 'it was done before');
    }
    t.ok(
      seen.some(({ status }) => status === 410),
      `${seen.map(({ status }) => status)}`,
    );
  });

  test(`${where}: a check whose sandbox is reset meanwhile is refused, and one of a deleted snapshot is not`, async (t) => {
    const { call } = await server(t);
    const check = async (turns: number, change: () => Promise<unknown>) => {
      const checked = call('POST', '/__admin/erasure-checks', { json: CHECK });
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      await change();
      return await checked;
    };
    const seen: TestResponse[] = [];
    for (let turns = 0; turns < 30; turns += shortOrLong(2, 1)) {
      const reset = () => call('POST', '/__admin/reset', { json: { to: 'empty', scope: ['state'] } });
      seen.push(await check(turns, reset));
      // With files a reset takes longer than a check, so one begins during the reset.
      const begun = reset();
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      seen.push(await check(0, () => begun));
      await call('POST', '/__admin/reset');
      for (const name of ['old', 's'])
        t.equal((await call('POST', '/__admin/snapshots', { json: { name } })).status, 201);
      // The newest is searched first.
      t.equal((await check(turns, () => call('DELETE', '/__admin/snapshots/old'))).status, 200);
      t.equal((await call('DELETE', '/__admin/snapshots/s')).status, 204);
    }
    const refused = seen.filter(({ status }) => status !== 200);
    t.ok(refused.length > 0);
    for (const { body } of refused) {
      t.strictSame(body, {
        type: 'urn:understudy:sandbox-replaced',
        title: 'Sandbox replaced',
        status: 409,
        detail: 'Sandbox default was reset or restored while this request read it; send the request again.',
      });
    }
  });

  test(`${where}: a delayed request whose sandbox is reset and deleted meanwhile changes nothing`, async (t) => {
    const { call } = await server(t);
    await call('GET', ALICE, { headers: of('k') });
    const delayed = call('DELETE', ALICE, { headers: { ...of('k'), prefer: 'delay=1000' } });
    const json = { pattern: { operation: 'endUsers.delete' } };
    t.equal((await call('POST', '/__admin/requests/wait?sandbox=k', { json })).body.passed, true);
    t.equal((await call('POST', '/__admin/reset?sandbox=k')).status, 204);
    t.equal((await call('DELETE', '/__admin/sandboxes/k')).status, 204);
    const { status, body } = await delayed;
    t.strictSame([status, body], [410, DELETED]);
    if (where === 'with --data') {
      t.same(
        readdirSync(t.testdirName).filter((file) => file.startsWith('k.')),
        [],
      );
    }
    t.equal((await call('GET', ALICE, { headers: of('k') })).status, 200, 'a new one has her');
  });

  test(`${where}: a wait for requests ends when its sandbox is deleted`, async (t) => {
    const { call } = await server(t);
    const began = performance.now();
    const json = { pattern: { operation: 'endUsers.delete' }, timeoutMs: 30_000 };
    const waiting = call('POST', '/__admin/requests/wait?sandbox=k', { json });
    while ((await call('GET', '/__admin/sandboxes/k')).status !== 200) await setTimeout(10);
    t.equal((await call('DELETE', '/__admin/sandboxes/k')).status, 204);
    const { status, body } = await waiting;
    t.strictSame([status, body], [410, DELETED]);
    t.ok(performance.now() - began < 25_000);
  });
}

t.test('the event stream of a sandbox ends with its deletion, and other streams go on', async (t) => {
  const { call, url } = await listening(t);
  await call('GET', ALICE, { headers: of('k') });
  const one = await fetch(`${url}/__admin/events?sandbox=k`);
  const all = await fetch(`${url}/__admin/events`);
  const delayed = call('GET', ALICE, { headers: { ...of('k'), prefer: 'delay=500' } });
  await setTimeout(10);
  t.equal((await call('DELETE', '/__admin/sandboxes/k')).status, 204);
  t.match(
    await one.text(),
    /^: understudy\n\nevent: pending\ndata: {[^\n]+}\n\nevent: sandbox-deleted\ndata: {"sandbox":"k","at":"20[^"]+Z"}\n\n$/,
  );
  t.equal((await delayed).status, 410);
  const reader = (all.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  while (!/event: request/.test(text)) text += Buffer.from((await reader.read()).value ?? []).toString();
  t.match(text, /event: sandbox-deleted/);
  await reader.cancel();
});
