// Puts the data that code finds beside `src` beside the compiled tests too.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';

mkdirSync('.build', { recursive: true });
for (const name of ['assets', 'openapi', 'fixtures', 'package.json', 'README.md']) {
  rmSync(`.build/${name}`, { recursive: true, force: true });
  symlinkSync(resolve(name), `.build/${name}`, name.includes('.') ? 'file' : 'junction');
}
