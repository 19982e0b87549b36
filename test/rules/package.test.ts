// The package under npm: how it is loaded, and that a start prints no warnings.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT, SOURCES } from '../harness.ts';
import { BARE, runProcess, startProcess } from '../process.ts';

const MANIFEST = JSON.parse(readFileSync(join(SOURCES, 'package.json'), 'utf8'));

function node(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync('env', [...BARE, process.execPath, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

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
