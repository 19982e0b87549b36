// All tests of the sandbox itself, in one process.
import { load } from './load.ts';

await load('core', 'control', 'library', 'dashboard', 'model');
