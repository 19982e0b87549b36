// Writes sbom.cdx.json: a CycloneDX document of the packages of a production install, from package-lock.json, offline.
// `npm sbom --omit dev` also omits packages that development shares, so npm gets a lock file without development.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { productionLock, productionOf, readLock } from './lockfile.mjs';

const FILE = 'sbom.cdx.json';

const lock = readLock();
const { devDependencies: _, scripts: __, ...manifest } = JSON.parse(readFileSync('package.json', 'utf8'));
const place = mkdtempSync(join(tmpdir(), 'understudy-sbom-'));
try {
  // npm names the root component after its folder.
  const folder = join(place, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(productionLock(lock)));
  const asked = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const { status, stdout, stderr } = spawnSync('npm', asked, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm sbom exited with ${status}: ${stderr}`);
  const listed = new Set(JSON.parse(stdout).components.map(({ name, version }) => `${name}@${version}`));
  const missing = productionOf(lock).filter(({ name, version }) => !listed.has(`${name}@${version}`));
  if (missing.length > 0) throw new Error(`npm sbom left out ${missing.map(({ name }) => name).join(', ')}; check ${FILE} manually.`);
  writeFileSync(FILE, stdout);
  console.log(`${FILE}: ${listed.size} packages of a production install`);
} finally {
  rmSync(place, { recursive: true, force: true });
}
