// Packs and installs the package as npm would publish it, with each example's test runner, and runs the examples'
// tests. The package is installed once, with the native module that is already built here. Prints one line per example.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packedIn } from './pack.mjs';

const repository = fileURLToPath(new URL('..', import.meta.url));
const EXAMPLES = ['node-test', 'commonjs', 'tap', 'vitest', 'jest', 'typescript'];
/** The examples in other languages: what must be there, how to prepare it, and the command that runs the tests. */
const OTHER_LANGUAGES = [
  {
    name: 'pytest',
    needs: ['python3', '-m', 'venv', '--help'],
    prepare: [
      ['python3', '-m', 'venv', 'environment'],
      ['environment/bin/pip', 'install', '--quiet', '--disable-pip-version-check', 'pytest>=8,<9', 'pytest-xdist>=3,<4'],
    ],
    test: ['environment/bin/python', '-m', 'pytest', '-q', '-n', '2', '-p', 'no:cacheprovider', '--ignore=environment'],
  },
  { name: 'go', needs: ['go', 'version'], prepare: [], test: ['go', 'test', './...'] },
];
/** Timeout for installing, building and running, in ms. */
const LONGEST = 300_000;

const place = mkdtempSync(join(tmpdir(), 'understudy-examples-'));

const npm = (cwd, ...args) => run(cwd, 'npm', ...args);

function run(cwd, command, ...args) {
  const from = Date.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: LONGEST });
  const output = `${stdout}${stderr}${error === undefined ? '' : `${error.message}\n`}`;
  return { ok: status === 0, stdout, output, seconds: ((Date.now() - from) / 1000).toFixed(1) };
}

const install = (...packages) =>
  npm(place, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', ...packages);

/**
 * Copies the native module of this repository if it is compatible, because building it takes minutes on a busy machine.
 */
function buildNative() {
  const [here, there] = [repository, place].map((root) => join(root, 'node_modules', 'better-sqlite3'));
  const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  if (!existsSync(join(here, 'build', 'Release')) || versionOf(here) !== versionOf(there)) {
    return npm(place, 'rebuild', 'better-sqlite3');
  }
  cpSync(join(here, 'build', 'Release'), join(there, 'build', 'Release'), { recursive: true });
  return { ok: true };
}

/** The reason in npm's error output. */
const reasonOf = (output) => /^npm error (?!code)(.+)$/m.exec(output)?.[1] ?? 'npm gave no reason';

try {
  const { file } = packedIn(place);
  // Newer npm versions build native modules of listed packages only.
  const project = { private: true, type: 'module', allowScripts: { 'better-sqlite3': true } };
  writeFileSync(join(place, 'package.json'), JSON.stringify(project));
  const installed = install(file);
  if (!installed.ok) throw new Error(`${basename(file)} cannot be installed:\n${installed.output}`);
  const built = buildNative();
  if (!built.ok) throw new Error(`better-sqlite3 cannot be built:\n${built.output}`);
  console.log(`ok ${basename(file)} is packed and installed (${installed.seconds} s)`);

  const counts = { ok: 0, 'not ok': 0, skipped: 0 };
  const say = (result, name, words) => {
    counts[result]++;
    console.log(`${result} ${name}: ${words}`);
  };
  const copied = (name) => {
    const folder = join(place, name);
    cpSync(join(repository, 'examples', name), folder, {
      recursive: true,
      filter: (path) => !/\/(node_modules|out|\.tap|environment|__pycache__)$/.test(path),
    });
    return folder;
  };
  cpSync(join(repository, 'examples', 'delete-account.js'), join(place, 'delete-account.js'));
  for (const name of EXAMPLES) {
    const folder = copied(name);
    const { 'understudy-sandbox': _, ...runners } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).devDependencies;
    const names = Object.entries(runners).map(([runner, range]) => `${runner}@${range}`);
    if (names.length > 0) {
      const { ok, output } = install(...names);
      if (!ok) {
        say('skipped', name, `${names.join(', ')} cannot be installed here: ${reasonOf(output)}`);
        continue;
      }
    }
    const { ok, output, seconds } = npm(folder, 'test');
    say(ok ? 'ok' : 'not ok', name, `${['understudy-sandbox', ...names].join(' and ')} (${seconds} s)`);
    if (!ok) console.log(output);
  }
  for (const { name, needs, prepare, test } of OTHER_LANGUAGES) {
    const folder = copied(name);
    const missing = [needs, ...prepare].find((command) => !run(folder, ...command).ok);
    if (missing !== undefined) {
      say('skipped', name, `${missing.join(' ')} does not work here`);
      continue;
    }
    const { ok, output, seconds } = run(folder, ...test);
    say(ok ? 'ok' : 'not ok', name, `${test.join(' ')} (${seconds} s)`);
    if (!ok) console.log(output);
  }
  console.log(`examples: ${counts.ok} ran, ${counts['not ok']} failed, ${counts.skipped} skipped`);
  if (counts['not ok'] > 0) process.exitCode = 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}
