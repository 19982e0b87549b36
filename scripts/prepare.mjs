// npm's `prepare`: builds after `npm ci` in a clone and before npm packs. Without TypeScript (`npm ci --omit=dev`) it
// does nothing, and package.json calls it only if `src` exists, which an installed package does not have.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/typescript')) {
  const { status } = spawnSync('npm run --silent build', { stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
}
