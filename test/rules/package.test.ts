// The package under npm: when `prepare` builds, how the package is loaded, and that a start prints no warnings.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT, SOURCES } from '../harness.ts';
import { BARE, runProcess, startProcess } from '../process.ts';

const MANIFEST = JSON.parse(readFileSync(join(SOURCES, 'package.json'), 'utf8'));

function node(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync('env', [...BARE, process.execPath, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

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

t.test('the package is loaded by its name with `import` and with `require()`', (t) => {
  // With a package.json of its own the folder is outside this package, whose name would else mean itself.
  const folder = t.testdir({ 'package.json': '{}' });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules', MANIFEST.name), 'junction');
  const exported =
    "['ControlPlaneError','ExploreError','NotErasedError','NotSurvivedError','RequestsTimeoutError','startUnderstudy']";
  const ways = {
    'a.cjs': `const names = Object.keys(require('${MANIFEST.name}'));`,
    'a.mjs': `const names = Object.keys(await import('${MANIFEST.name}'));`,
  };
  for (const [file, load] of Object.entries(ways)) {
    writeFileSync(join(folder, file), `${load} console.log(JSON.stringify(names) === JSON.stringify(${exported}));`);
    t.match(node(folder, file), { status: 0, stdout: 'true\n' }, file);
  }
  t.end();
});

t.test('a start prints nothing on standard error, on every Node', async (t) => {
  const server = await startProcess(t);
  t.equal((await fetch(`${server.url}/__admin/health`)).status, 200);
  t.match(await server.end('SIGTERM'), { code: 0 });
  t.equal(server.errors(), '');
  t.match(await runProcess(['--version']), { code: 0, out: `${MANIFEST.version}\n`, err: '' });
});

t.test('no text tells anybody to fetch another package of the name `understudy`', (t) => {
  // npm finds `npx understudy` in a clone and where the package is installed; with options, or as a name to install, it
  // asks the registry.
  const fetching =
    /npx (?:-y|--yes|-p|--package[ =])\s*understudy(?!-)|npm (?:i|install|add|exec)\b[^\n`]* understudy(?![-\w./])/;
  const folders = ['src', 'docs', 'examples', 'scripts', 'assets', 'bench'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(SOURCES, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const texts = files.filter((file) => /\.(md|ts|tsx|js|mjs|ya?ml)$/.test(file) && !file.includes('node_modules'));
  for (const file of [...texts, 'README.md', 'CONTRIBUTING.md', 'compose.yaml', 'Dockerfile']) {
    const text = readFileSync(join(SOURCES, file), 'utf8');
    t.notMatch(text, fetching, file);
    // The program's own output may appear anywhere.
    if (file.startsWith('src')) t.notMatch(text, /npx understudy/, file);
  }
  t.end();
});
