// Explorations, which start many processes and wait for them, in one process.
import { load } from './load.ts';

await load('explore');
