// Runs npm scripts under another Node, in a copy of this checkout: `node scripts/with-node.mjs 24 test test:image`.
// Installs that Node and the dependencies in the copy, so that node_modules here stays as it is. Exits 0 when all
// scripts passed, 1 when one failed, and 77 (the convention for a skipped test) when that Node is not available.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNode } from './other-node.mjs';

const SKIPPED = 77;

const [major, ...scripts] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), `understudy-node-${major}-`));
try {
  process.exitCode = run();
} finally {
  rmSync(place, { recursive: true, force: true });
}

function run() {
  const [folder, copy] = ['node', 'checkout'].map((name) => join(place, name));
  mkdirSync(folder);
  const node = installNode(major, folder);
  if ('skipped' in node) {
    console.log(`skipped: ${node.skipped}`);
    return SKIPPED;
  }
  copyCheckout(copy);
  for (const command of ['ci', ...scripts.map((script) => `run ${script}`)]) {
    console.log(`-- Node ${node.version}: npm ${command}`);
    const { status } = spawnSync(`npm ${command}`, { cwd: copy, env: node.env, stdio: 'inherit', shell: true });
    if (status !== 0) return 1;
  }
  return 0;
}

/** Copies the files that git would commit, without node_modules and build output. */
function copyCheckout(target) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout, status } = spawnSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error('git ls-files failed: run this in a clone of the repository');
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file), { verbatimSymlinks: true });
  }
  // The tests list the files with git.
  spawnSync('git', ['init', '--quiet'], { cwd: target });
  spawnSync('git', ['add', '--all'], { cwd: target });
}
