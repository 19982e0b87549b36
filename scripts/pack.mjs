// Packs the package as npm would publish it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Packs this repository into a folder; npm builds it first (`prepare`).
 *
 * @returns {{file: string, paths: string[], size: number}} the tarball, the paths in it, and its size in bytes
 * @throws when npm cannot pack it, with npm's output
 */
export function packedIn(folder) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { status, stdout, stderr } = spawnSync(`npm pack --json --pack-destination "${folder}"`, {
    cwd: root,
    encoding: 'utf8',
    shell: true,
  });
  if (status !== 0) throw new Error(`npm pack failed:\n${stdout}${stderr}`);
  // The build's output comes before it.
  const [{ filename, files, size }] = JSON.parse(stdout.slice(stdout.search(/^\[/m)));
  return { file: join(folder, filename), paths: files.map(({ path }) => path), size };
}
