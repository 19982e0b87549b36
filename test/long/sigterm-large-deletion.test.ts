// SIGTERM during a DELETE of very many rows: the process ends, and the deletion is done or not done.
import t from 'tap';
import { endDuringDeletion } from '../ended-deletion.ts';

t.test('SIGTERM during a large deletion ends the process with 0, and leaves no half of it', async (t) => {
  for (const ms of [5, 40, 80]) {
    for (const dry of [false, true]) {
      const { code, status, found } = await endDuringDeletion(t, { signal: 'SIGTERM', ms, dry });
      t.equal(code, 0);
      t.not(found, 'a mixture');
      if (status === 200) t.equal(found, 'all done', 'what was answered is kept');
    }
  }
});
