// Puts the data that code finds beside `src` beside the compiled tests too, and room for the bundle that they start.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';

mkdirSync('.build', { recursive: true });
for (const name of ['assets', 'openapi', 'fixtures', 'package.json']) {
  rmSync(`.build/${name}`, { recursive: true, force: true });
  symlinkSync(resolve(name), `.build/${name}`, name.includes('.') ? 'file' : 'junction');
}

// Only what a bundle of this code names: chunks are named by what is in them.
rmSync('.build/dist', { recursive: true, force: true });
mkdirSync('.build/dist');
symlinkSync(resolve('.build/src/dashboard'), '.build/dist/dashboard', 'junction');
