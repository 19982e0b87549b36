// The tests of the command `explore`, which start hundreds of processes, in one process of their own.
import { load } from './load.ts';

await load('explore/command');
