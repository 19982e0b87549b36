// The core of the sandbox, the command line, the library, the dashboard, models, fuzz and an example, in one process.
import { load } from './load.ts';

await load('core', 'cli', 'library', 'dashboard', 'model', 'fuzz');
await import('../../examples/account-deletion/account-deletion.test.ts');
