// SIGTERM during a burst of writes: acknowledged writes are kept, requests in progress get their response.
import t from 'tap';
import { shutDownUnderLoad } from '../sigterm-under-load.ts';

t.test('SIGTERM under load loses no acknowledged write, and cuts off no response', async (t) => {
  const seen = await shutDownUnderLoad(t, t.testdir({}), 150, 0);
  t.match(seen, { code: 0, lost: [], unacknowledged: [], broken: 0 });
  t.ok(seen.answered >= 150);
  t.ok(seen.unanswered > 0, 'clients were still sending');
});
