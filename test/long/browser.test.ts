// All browser tests, in one process.
import { load } from '../suites/load.ts';

await load('browser');
