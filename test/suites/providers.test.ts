// The providers' APIs and their clients, in one process.
import { load } from './load.ts';

await load('providers', 'clients');
