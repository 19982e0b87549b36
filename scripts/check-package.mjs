// Packs the package once and checks the tarball: the files in it, publint, and @arethetypeswrong/cli.
// The package is ESM only; `require()` of it works on every supported Node, which examples/commonjs tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packedIn } from './pack.mjs';

/** Files that the package needs, or that its licence requires. */
const REQUIRED = [
  'LICENSE',
  'README.md',
  'package.json',
  'assets/dashboard/style.css',
  'dist/LICENCES.txt',
  'dist/dashboard/shell/start.js',
  'dist/index.d.ts',
  'dist/index.js',
  'dist/main.js',
  'fixtures/conductor/endUsers.json',
  'openapi/conductor.json',
  'openapi/pagecall.json',
  'openapi/proficient.json',
];
const ALLOWED = /^(LICENSE|README\.md|package\.json|(assets|fixtures|openapi)\/.+|dist\/LICENCES\.txt|dist\/.+\.(js|d\.ts))$/;

const place = mkdtempSync(join(tmpdir(), 'understudy-package-'));
try {
  const { file, paths, size } = packedIn(place);
  const faults = [
    ...REQUIRED.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
    ...paths.filter((path) => !ALLOWED.test(path)).map((path) => `${path} does not belong there`),
  ];
  for (const fault of faults) console.error(`${file}: ${fault}; see "files" in package.json.`);
  console.log(`${paths.length} files, ${Math.round(size / 1000)} kB packed`);
  const checks = [`publint ${file} --strict`, `attw ${file} --profile esm-only --no-color --format table-flipped`];
  const failed = checks.filter((check) => spawnSync(`npx --no-install ${check}`, { stdio: 'inherit', shell: true }).status !== 0);
  if (faults.length + failed.length > 0) process.exitCode = 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}
