// A thousand, or `ERASURE_SEQUENCES`, random sequences with random people: erasure check and oracle agree after each.
import t from 'tap';
import { agreesWithOracle } from '../core/deletions/erasure-oracle.ts';
import { fromEnvironment } from '../seeds.ts';

t.test(
  'a check is clean exactly when an oracle that knows whose each row is finds nothing',
  { timeout: 900_000 },
  (t) => agreesWithOracle(t, { sequences: fromEnvironment('ERASURE_SEQUENCES', 1000), steps: 25 }),
);
