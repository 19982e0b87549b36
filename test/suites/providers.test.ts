// The providers' APIs, their clients, the control plane, documents and the rules of the sources, in one process.
import { load } from './load.ts';

await load('providers', 'clients', 'control', 'published', 'rules');
