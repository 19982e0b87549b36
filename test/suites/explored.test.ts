// The other tests of explorations: functions, reports and verdicts; two processes share the work evenly.
import { load } from './load.ts';

await load('explore/results');
