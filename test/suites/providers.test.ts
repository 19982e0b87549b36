// Everything about the providers' APIs and the ways to use them, in one process.
import { load } from './load.ts';

await load('providers', 'published', 'clients', 'rules', 'cli', 'fuzz', '../examples');
