// A copy of the fixtures that is opened ahead is as good as any other, and one sandbox's alone.
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { WarmCopy } from '../../../src/core/sandbox/warm-spare.ts';
import { buildImage } from '../../../src/core/storage/database.ts';
import { testServer } from '../../harness.ts';

const KEY = { authorization: 'Bearer k' };

t.test('new sandboxes and reset ones begin with all rows, whether they were opened ahead or not', async (t) => {
  const { call } = await testServer(t);
  const users = async (name: string) => {
    const headers = { ...KEY, 'x-understudy-sandbox': name };
    const { body } = await call('GET', '/pagecall/v1/users', { headers });
    t.equal((await call('DELETE', '/pagecall/v1/users/user-42', { headers })).status, 200, name);
    return body.users.length;
  };
  for (const wait of [0, 0, 20, 20]) {
    t.equal(await users(`made-${wait}`), 7);
    await pause(wait);
    t.equal((await call('POST', `/__admin/reset?sandbox=made-${wait}`)).status, 204);
    t.equal(await users('default'), 7);
    t.equal((await call('POST', '/__admin/reset')).status, 204);
    t.equal((await call('DELETE', `/__admin/sandboxes/made-${wait}`)).status, 204);
  }
});

t.test('one is opened ahead, unless it is large: it would be held twice', async (t) => {
  for (const [bytes, ready] of [
    [10, true],
    [2 * 1024 * 1024, false],
  ] as const) {
    const image = buildImage((db) => {
      db.execute('create table held (value text)');
      db.run('insert into held values (zeroblob(?))', bytes);
    });
    const spare = new WarmCopy(image);
    t.teardown(() => spare.close());
    for (let n = 0; n < 2; n++) {
      const db = spare.open();
      t.match(db.get('select length(value) as bytes from held'), { bytes });
      db.close();
      t.equal(spare.ready, false, 'it is not in the way of the answer');
      await pause(20);
      t.equal(spare.ready, ready);
    }
  }
});
