// The core of the sandbox, the command line, the library, the dashboard, models, fuzz and examples, in one process.
import { load } from './load.ts';

await load('core', 'cli', 'library', 'dashboard', 'model', 'fuzz', '../examples');
