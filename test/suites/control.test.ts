// The control plane, the library, the dashboard and the models, in one process.
import { load } from './load.ts';

await load('control', 'library', 'dashboard', 'model');
