// Everything about the providers' APIs, in one process.
import { load } from './load.ts';

await load('providers', 'clients', 'model');
