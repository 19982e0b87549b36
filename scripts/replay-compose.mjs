// Replays examples/compose without Docker: starts the sandbox service, then the test job, which must exit with 0.
// On Linux in its own namespaces, with the aliases in /etc/hosts and the original ports; elsewhere on free ports,
// with the aliases patched in (alias-hosts.mjs).
// `node scripts/replay-compose.mjs <folder>`: the folder of the image's files, created by replay-dockerfile.mjs.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { imageOf } from './dockerfile.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'examples/compose');
const [imageFolder] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), 'understudy-compose-'));
// Compose's own variables: ${NAME:-default}, and $$ for a dollar.
const text = readFileSync(join(folder, 'compose.yaml'), 'utf8')
  .replace(/\$\{(\w+):-([^}]*)\}/g, (_, name, fallback) => process.env[name] || fallback)
  .replaceAll('$$', '$');
const { understudy, tests } = load(text).services;
const image = imageOf(join(root, 'Dockerfile'));
/** Runs in network and mount namespaces, as root of a user namespace if needed. */
const UNSHARE = [...(process.getuid?.() === 0 ? [] : ['--map-root-user']), '--net', '--mount'];
const hosts = ['understudy', ...understudy.networks.default.aliases];

try {
  const inside = process.env.REPLAY_INSIDE === 'true';
  if (!inside && namespaces()) {
    console.log('In separate namespaces: aliases in /etc/hosts, original ports.');
    const script = 'ip link set lo up && mount --bind "$1" /etc/hosts && exec "$2" "$3" "$4"';
    const table = join(place, 'hosts');
    writeFileSync(table, hosts.concat('localhost').map((host) => `127.0.0.1 ${host}\n`).join(''));
    const args = ['sh', '-c', script, 'sh', table, process.execPath, fileURLToPath(import.meta.url), imageFolder];
    const { status } = spawnSync('unshare', [...UNSHARE, ...args], { stdio: 'inherit', env: { ...process.env, REPLAY_INSIDE: 'true' } });
    process.exitCode = status ?? 1;
  } else await replay(inside);
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Starts the sandbox, waits until it is healthy, runs the job, stops the sandbox. */
async function replay(portsAsWritten) {
  const env = { ...process.env, ...image.env, ...understudy.environment };
  const job = { ...process.env, ...tests.environment };
  if (!portsAsWritten) {
    const [http, https] = await freePorts();
    const aliases = hosts.flatMap((host) => [[`${host}:${env.UNDERSTUDY_PORT}`, http], [`${host}:${env.UNDERSTUDY_TLS}`, https]]);
    Object.assign(env, { UNDERSTUDY_PORT: String(http), UNDERSTUDY_TLS: String(https) });
    job.ALIAS_HOSTS = JSON.stringify(Object.fromEntries(aliases));
    job.NODE_OPTIONS = `--import=${new URL('alias-hosts.mjs', import.meta.url)}`;
  }
  const [program, ...args] = understudy.command ?? image.command;
  const server = spawn(program, args, { cwd: imageFolder, env, stdio: 'inherit' });
  try {
    const [check, ...checkArgs] = image.healthcheck;
    if (spawnSync(check, checkArgs, { cwd: imageFolder, env, stdio: 'inherit' }).status !== 0) throw new Error('the health check failed');
    const [shell, ...words] = tests.command.map((word) => word.replaceAll('/tmp/', `${place}/`));
    const mount = tests.volumes.map((volume) => volume.split(':')).find(([, target]) => target === tests.working_dir);
    const { status } = spawnSync(shell, words, { cwd: resolve(folder, mount[0]), env: job, stdio: 'inherit' });
    if (status !== 0) throw new Error(`the tests exited with ${status}`);
    server.kill('SIGTERM');
    const code = await new Promise((done) => server.once('exit', done));
    if (code !== 0) throw new Error(`the sandbox ended with ${code}`);
    console.log('The sandbox is healthy, the job reaches it under the real host names, and its tests pass.');
  } finally {
    server.kill('SIGKILL');
  }
}

/** Whether this machine allows creating namespaces. */
function namespaces() {
  return spawnSync('unshare', [...UNSHARE, 'ip', 'link', 'set', 'lo', 'up']).status === 0;
}

/** Two free ports. */
async function freePorts() {
  const servers = [createServer(), createServer()];
  const ports = servers.map((server) => new Promise((done) => server.listen(0, () => done(server.address().port))));
  const found = await Promise.all(ports);
  for (const server of servers) server.close();
  return found;
}
