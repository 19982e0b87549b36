// Random people, random partial deletions: an erasure check is clean exactly when nothing of the person is left.
import t from 'tap';
import { agreesWithOracle } from './erasure-oracle.ts';

t.test(
  'a check is clean exactly when an oracle that knows whose each row is finds nothing',
  { timeout: 120_000 },
  (t) => agreesWithOracle(t, { sequences: 10, steps: 14 }),
);
