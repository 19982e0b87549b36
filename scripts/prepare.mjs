// npm's `prepare`: builds after `npm ci` in a clone, and before npm packs. Where TypeScript is not installed
// (`npm ci --omit=dev`) it does nothing, and package.json only calls it where `src` is: an installed package has none.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/typescript')) {
  const { status } = spawnSync('npm run --silent build', { stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
}
