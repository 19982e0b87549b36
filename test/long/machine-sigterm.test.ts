// Thirty ends at random moments of a burst, on one data folder that grows.
import t from 'tap';
import { shutDownUnderLoad } from '../sigterm-under-load.ts';

const ENDS = 30;

t.test(`${ENDS} ends under load lose no write that was answered`, { timeout: 300_000 }, async (t) => {
  const data = t.testdir({});
  let answered = 0;
  for (let round = 1; round <= ENDS; round++) {
    const seen = await shutDownUnderLoad(t, data, 20 + Math.floor(Math.random() * 300), round);
    t.match(seen, { code: 0, lost: [], unacknowledged: [], broken: 0 }, `end ${round}`);
    answered += seen.answered;
  }
  t.comment(`${answered} writes were answered before ${ENDS} ends`);
});
