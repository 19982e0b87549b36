// Published documents, and what holds the documents and the sources to the code, in one process.
import { load } from './load.ts';

await load('published', 'rules');
