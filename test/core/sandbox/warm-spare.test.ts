// The warm copy of the fixtures is complete, and used by one sandbox only.
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { WarmCopy } from '../../../src/core/sandbox/warm-spare.ts';
import { buildImage } from '../../../src/core/storage/database.ts';
import { testServer } from '../../harness.ts';

const KEY = { authorization: 'Bearer k' };

t.test('new and reset sandboxes have all rows, with or without the warm copy', async (t) => {
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

t.test('a warm copy is prepared only for small images, because it doubles the memory', async (t) => {
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
      t.equal(spare.ready, false, 'it is prepared after the response');
      // A busy machine may take its time; an image that is too large must stay unprepared.
      for (let waited = 0; spare.ready !== ready && waited < 2000; waited += 10) await pause(10);
      if (!ready) await pause(50);
      t.equal(spare.ready, ready);
    }
  }
});
