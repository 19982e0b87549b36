// The command line, the fuzz and the examples, in one process.
import { load } from './load.ts';

await load('cli', 'fuzz', '../examples');
