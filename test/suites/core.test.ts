// The core of the sandbox, in one process; the longest of them, so that it starts among the first.
import { load } from './load.ts';

await load('core');
