// Reads package-lock.json: the packages of a production install.
import { readFileSync } from 'node:fs';

const FOLDER = 'node_modules/';

/** The lock file of this repository. */
export function readLock() {
  return JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
}

/** The packages without development dependencies, sorted by name and version: [{name, version, licence, direct}]. */
export function productionOf(lock) {
  const direct = new Set(Object.keys(lock.packages[''].dependencies));
  const found = new Map();
  for (const [path, { version, license }] of Object.entries(productionLock(lock).packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
    found.set(`${name}@${version}`, { name, version, licence: license, direct: path === FOLDER + name && direct.has(name) });
  }
  const byName = (one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.version < other.version ? -1 : 1);
  return [...found.values()].sort(byName);
}

/** The lock file without development dependencies. */
export function productionLock(lock) {
  const kept = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  const { devDependencies: _, ...root } = lock.packages[''];
  return { ...lock, packages: { ...Object.fromEntries(kept), '': root } };
}
