// Removes compiled files whose source is gone: `node scripts/sweep-build.mjs <output folder> <source folder>`.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// Symbolic links are followed, so the output must not contain any.
const [, , output, sources] = process.argv;
const COMPILED = /\.(d\.ts|js|js\.map)$/;

for (const name of existsSync(output) ? readdirSync(output, { recursive: true, encoding: 'utf8' }) : []) {
  const source = join(sources, name.replace(COMPILED, ''));
  if (COMPILED.test(name) && !['.ts', '.tsx', '.mjs'].some((ending) => existsSync(source + ending)))
    rmSync(join(output, name));
}
