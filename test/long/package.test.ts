// The package under npm: when `prepare` builds.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SOURCES } from '../harness.ts';
import { BARE } from '../process.ts';

const MANIFEST = JSON.parse(readFileSync(join(SOURCES, 'package.json'), 'utf8'));

/** Runs npm's `prepare` in a folder with the package's manifest and a build that only prints a line. */
function prepare(folder: string) {
  const scripts = { prepare: MANIFEST.scripts.prepare, build: `node -e "fs.writeFileSync('built','')"` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts }));
  const { status, stderr } = spawnSync('env', [...BARE, 'npm', 'run', '--silent', 'prepare'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stderr, built: existsSync(join(folder, 'built')) };
}

t.test('npm builds a clone, and leaves alone an install without sources or without TypeScript', (t) => {
  const script = readFileSync(join(SOURCES, 'scripts/prepare.mjs'), 'utf8');
  const clone = { src: {}, scripts: { 'prepare.mjs': script } };
  const none = { status: 0, stderr: '', built: false };
  t.strictSame(prepare(t.testdir({ node_modules: { typescript: {} } })), none, 'an installed package, or a layer');
  t.strictSame(prepare(t.testdir(clone)), none, 'npm ci --omit=dev');
  t.strictSame(prepare(t.testdir({ ...clone, node_modules: { typescript: {} } })), { ...none, built: true });
  t.end();
});

t.test('a build that fails makes npm ci fail', (t) => {
  const folder = t.testdir({ src: {}, scripts: {}, node_modules: { typescript: {} } });
  writeFileSync(join(folder, 'scripts/prepare.mjs'), readFileSync(join(SOURCES, 'scripts/prepare.mjs')));
  const scripts = { prepare: MANIFEST.scripts.prepare, build: 'node -e "process.exit(3)"' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts }));
  t.equal(spawnSync('npm', ['run', '--silent', 'prepare'], { cwd: folder }).status, 3);
  t.end();
});
