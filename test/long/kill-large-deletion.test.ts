// Kills of a server during a DELETE of very many rows: it is done, or nothing of it is.
import t from 'tap';
import { endDuringDeletion } from '../ended-deletion.ts';

const KILLS = 30;

t.test(`after each of ${KILLS} kills a large deletion is done or not done`, { timeout: 300_000 }, async (t) => {
  const seen = new Map<string, number>();
  for (let kill = 0; kill < KILLS; kill++) {
    const { status, found } = await endDuringDeletion(t, { signal: 'SIGKILL', ms: kill * 15, dry: kill % 2 === 0 });
    t.not(found, 'a mixture', `kill ${kill}, after ${kill * 15} ms`);
    if (status === 200) t.equal(found, 'all done', 'what was answered is kept');
    seen.set(found, (seen.get(found) ?? 0) + 1);
  }
  t.comment(`${JSON.stringify([...seen])}`);
  t.equal(seen.size, 2, 'some kills came before the end, some after it');
});
