// Kills of a busy server during DELETE of a sandbox: it is there with all its snapshots, or nothing of it is.
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { testServer } from '../harness.ts';
import { startProcess } from '../process.ts';

const KILLS = 20;
const SNAPSHOTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const of = (sandbox: string) => ({ authorization: 'Bearer k', 'x-understudy-sandbox': sandbox });

t.test(`after each of ${KILLS} kills a sandbox is whole or gone`, { timeout: 300_000 }, async (t) => {
  const data = t.testdir({});
  const seen = { whole: 0, gone: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await startProcess(t, ['--data', data]);
    const send = (method: string, path: string, sandbox: string, json?: object) =>
      fetch(server.url + path, {
        method,
        headers: { ...of(sandbox), ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }).then((response) => response.arrayBuffer());
    await send('POST', '/__admin/reset', 'k');
    for (const name of SNAPSHOTS) await send('POST', '/__admin/snapshots', 'k', { name });
    let running = true;
    const busy = ['default', 'k', 'other', 'k'].map(async (sandbox) => {
      while (running) {
        await send('DELETE', '/pagecall/v1/users/user-42', sandbox);
        await send('GET', '/pagecall/v1/users', sandbox);
        if (sandbox !== 'k') await send('POST', '/__admin/reset', sandbox);
      }
    });
    const load = Promise.allSettled(busy);
    await setTimeout(20);
    const deletion = Promise.allSettled([send('DELETE', '/__admin/sandboxes/k', 'default')]);
    await setTimeout(Math.random() * 25);
    await server.end('SIGKILL');
    running = false;
    await Promise.all([load, deletion]);

    const { app, call } = await testServer(t, { data });
    const { status, body } = await call('GET', '/__admin/snapshots?sandbox=k');
    const found = status === 404 ? [] : body.snapshots.map(({ name }: { name: string }) => name).sort();
    // A request of the load may have made a new sandbox after the deletion; that one has no snapshots.
    if (found.length > 0) t.same(found, SNAPSHOTS, `kill ${kill + 1}: with all its snapshots`);
    if (status === 404) await call('POST', '/__admin/sandboxes', { json: { name: 'k' } });
    if (found.length === 0) t.same((await call('GET', '/__admin/snapshots?sandbox=k')).body.snapshots, []);
    seen[found.length > 0 ? 'whole' : 'gone'] += 1;
    t.equal((await call('DELETE', '/__admin/sandboxes/k')).status, 204);
    await app.close();
    t.same(
      readdirSync(data).filter((file) => file.startsWith('k.')),
      [],
      'nothing is left over',
    );
  }
  t.comment(`whole ${seen.whole}, gone ${seen.gone}`);
});
