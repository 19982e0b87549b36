// kill -9 while deletes run: afterwards every user is whole, or gone with everything it owned.
import t from 'tap';
import { crash } from '../crash.ts';

t.test('after a kill in the middle of deletes nothing is half there', async (t) => {
  const seen = await crash(t, 60);
  t.same(seen.contradictions, []);
  t.ok(seen.gone > 0, 'some deletes had happened');
  t.ok(seen.gone < 180, 'and some had not');
  t.ok(seen.unanswered > 0, 'requests were under way when it was killed');
});
