// Everything that a browser shows, in one process.
import { load } from './load.ts';

await load('browser');
