// All tests of the providers' APIs and clients, in one process.
import { load } from './load.ts';

await load('providers', 'published', 'clients', 'rules', 'cli', 'fuzz', '../examples');
