// Thirty shutdowns at random moments of a burst of writes, on one data folder.
import t from 'tap';
import { shutDownUnderLoad } from '../sigterm-under-load.ts';

const ENDS = 30;

t.test(`${ENDS} shutdowns under load lose no acknowledged write`, { timeout: 300_000 }, async (t) => {
  const data = t.testdir({});
  let answered = 0;
  for (let round = 1; round <= ENDS; round++) {
    const seen = await shutDownUnderLoad(t, data, 20 + Math.floor(Math.random() * 300), round);
    t.match(seen, { code: 0, lost: [], unacknowledged: [], broken: 0 }, `end ${round}`);
    answered += seen.answered;
  }
  t.comment(`${answered} writes were acknowledged before ${ENDS} shutdowns`);
});
