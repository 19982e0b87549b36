// SIGTERM in the middle of a burst of writes: what was answered is kept, what was begun is answered.
import t from 'tap';
import { shutDownUnderLoad } from '../sigterm-under-load.ts';

t.test('an end under load loses no write that was answered, and breaks off no answer', async (t) => {
  const seen = await shutDownUnderLoad(t, t.testdir({}), 150, 0);
  t.match(seen, { code: 0, lost: [], unacknowledged: [], broken: 0 });
  t.ok(seen.answered >= 150);
  t.ok(seen.unanswered > 0, 'clients were still asking');
});
