// Links the data files beside `src` into the build of the tests, and prepares the folder of the bundle they start.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';

mkdirSync('.build', { recursive: true });
for (const name of ['assets', 'openapi', 'fixtures', 'package.json']) {
  rmSync(`.build/${name}`, { recursive: true, force: true });
  symlinkSync(resolve(name), `.build/${name}`, name.includes('.') ? 'file' : 'junction');
}

// Removes old chunks, whose names contain a content hash.
rmSync('.build/dist', { recursive: true, force: true });
mkdirSync('.build/dist');
symlinkSync(resolve('.build/src/dashboard'), '.build/dist/dashboard', 'junction');
