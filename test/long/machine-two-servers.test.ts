// Two servers on one data folder: the second is rejected with the first one's pid, and can start after it has ended.
import t from 'tap';
import { runProcess, startProcess } from '../process.ts';

const AUTH = { authorization: 'Bearer k' };

t.test(
  'the second server reports the locked folder and the process that holds it; the first is unaffected',
  async (t) => {
    const data = t.testdir({});
    const first = await startProcess(t, ['--data', data]);
    const refused = async () => {
      const { code, out, err } = await runProcess(['--port', '0', '--data', data]);
      t.strictSame([code, out], [2, '']);
      const pid = process.platform === 'linux' ? ` (pid ${first.process.pid})` : '';
      t.equal(
        err,
        `understudy: ${data} is in use by another process${pid}; stop it, or start with another --data folder.\n`,
      );
    };
    await refused();
    const user = `${first.url}/pagecall/v1/users/user-42`;
    t.equal((await fetch(user, { method: 'DELETE', headers: AUTH })).status, 200);
    t.equal((await fetch(`${first.url}/__admin/reset`, { method: 'POST' })).status, 204);
    await refused();
    t.equal((await fetch(`${first.url}/__admin/reset`, { method: 'POST' })).status, 204);
    t.equal((await fetch(user, { method: 'DELETE', headers: AUTH })).status, 200);
    t.match(await first.end('SIGKILL'), { signal: 'SIGKILL' });
    const second = await startProcess(t, ['--data', data]);
    t.equal(
      (await fetch(`${second.url}/pagecall/v1/users/user-42`, { headers: AUTH })).status,
      400,
      'the first one’s deletion is kept',
    );
  },
);

t.test('while the first server resets its sandboxes, no second one gets into the folder', async (t) => {
  const data = t.testdir({});
  const first = await startProcess(t, ['--data', data]);
  let running = true;
  const resets = (async () => {
    let count = 0;
    for (; running; count++) {
      const reset = await fetch(`${first.url}/__admin/reset?sandbox=*`, { method: 'POST' });
      if (reset.status !== 204) t.fail(`a reset: ${reset.status}`);
    }
    return count;
  })();
  const pid = process.platform === 'linux' ? ` (pid ${first.process.pid})` : '';
  for (let attempt = 0; attempt < 25; attempt++) {
    const { code, err } = await runProcess(['--port', '0', '--data', data]);
    t.strictSame(
      [code, err],
      [2, `understudy: ${data} is in use by another process${pid}; stop it, or start with another --data folder.\n`],
    );
  }
  running = false;
  t.comment(`${await resets} resets`);
});
