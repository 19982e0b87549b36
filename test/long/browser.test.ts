// Everything that a browser shows, in one process.
import { load } from '../suites/load.ts';

await load('browser');
