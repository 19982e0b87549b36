// Replays the Dockerfile without Docker: runs its instructions in clean folders and starts the result, alone and with
// examples/compose. Each stage is a folder; this machine is the base image, with the image's Node version if npm has
// it. Fails when an instruction or the result fails.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instructionsOf, pairsOf, wordsOf } from './dockerfile.mjs';
import { installNode } from './other-node.mjs';

const context = fileURLToPath(new URL('..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'understudy-image-'));

const stages = new Map();
let stage;
/** The environment of every command, with the image's Node version in the PATH. */
let outer = process.env;
/** Maps a path in the image to this machine: the stage's folder is the root. */
const inside = (path) => join(stage.root, resolve(stage.workdir, path));

const instructions = {
  FROM(rest) {
    const [, name = 'final'] = / AS (\w+)$/i.exec(rest) ?? [];
    stage = { root: join(place, name), workdir: '/', env: {}, command: null, healthcheck: null };
    stages.set(name, stage);
    mkdirSync(stage.root, { recursive: true });
  },
  WORKDIR(rest) {
    stage.workdir = resolve(stage.workdir, rest);
    mkdirSync(inside('.'), { recursive: true });
  },
  ENV(rest) {
    Object.assign(stage.env, pairsOf(rest));
  },
  COPY(rest) {
    const words = rest.split(' ');
    const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice(7)).root : context;
    const target = inside(words.pop());
    for (const source of words) {
      const path = join(from, source);
      const into = statSync(path).isFile() ? join(target, basename(source)) : target;
      cpSync(path, into, { recursive: true, verbatimSymlinks: true });
    }
  },
  RUN(rest) {
    // Absolute folders are created below the stage's root; ownership is ignored.
    const command = rest.replace(/ (\/\w+)/g, (_, path) => ` ${stage.root}${path}`).replace(/ && chown .*/, '');
    const { status } = spawnSync('sh', ['-c', command], { cwd: inside('.'), env: { ...outer, ...stage.env }, stdio: 'inherit' });
    if (status !== 0) throw new Error(`RUN ${rest} exited with ${status}`);
  },
  CMD(rest) {
    stage.command = wordsOf(rest);
  },
  HEALTHCHECK(rest) {
    stage.healthcheck = wordsOf(rest);
  },
  // This machine is the base image, and labels are ignored.
  ARG() {},
  LABEL() {},
  USER() {},
  EXPOSE() {},
};

try {
  useNodeOfImage();
  for (const [name, rest] of instructionsOf(join(context, 'Dockerfile'))) {
    console.log(name, rest);
    if (instructions[name] === undefined) throw new Error(`${name} cannot be replayed`);
    instructions[name](rest);
  }
  await container({ UNDERSTUDY_PORT: '4987' }, 'http://127.0.0.1:4987/__admin/health');
  const apart = { UNDERSTUDY_PORT: '4987', UNDERSTUDY_ADMIN_PORT: '4988', UNDERSTUDY_TLS: '4989' };
  await container(apart, 'http://127.0.0.1:4988/__admin/ca.pem');
  console.log('The image builds, is healthy with every control plane setting, deletes a user and exits on SIGTERM.');
  compose();
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Installs the Node version of the Dockerfile's build image and puts it first in the PATH. */
function useNodeOfImage() {
  const [major] = instructionsOf(join(context, 'Dockerfile')).flatMap(([, rest]) => /^BUILD_IMAGE=.*node:(\d+)/.exec(rest)?.[1] ?? []);
  const folder = join(place, 'node');
  mkdirSync(folder);
  const node = installNode(major, folder);
  if ('skipped' in node) console.log(`skipped: ${node.skipped}; the image is replayed with Node ${process.version}`);
  else {
    console.log(`The image is replayed with Node ${node.version}.`);
    outer = node.env;
  }
}

/** Replays the compose example with the built image. */
function compose() {
  const script = fileURLToPath(new URL('replay-compose.mjs', import.meta.url));
  const { status } = spawnSync('node', [script, inside('.')], { env: outer, stdio: 'inherit' });
  if (status !== 0) throw new Error(`the compose example exited with ${status}`);
}

/** Runs the image like an engine, except for its port, which may be in use on this machine. */
async function container(variables, page) {
  const env = { ...outer, ...stage.env, ...variables };
  const [program, ...args] = stage.command;
  const server = spawn(program, args, { cwd: inside('.'), env, stdio: 'inherit' });
  try {
    const [check, ...checkArgs] = stage.healthcheck;
    const health = spawnSync(check, checkArgs, { cwd: inside('.'), env, stdio: 'inherit' });
    if (health.status !== 0) throw new Error('the health check failed');
    const open = await fetch(page);
    if (open.status !== 200) throw new Error(`${page} returned ${open.status}`);
    const response = await fetch('http://127.0.0.1:4987/conductor/v1/end-users/end_usr_alice000000042', {
      method: 'DELETE',
      headers: { authorization: 'Bearer sk_conductor_test' },
    });
    if (response.status !== 200) throw new Error(`the sandbox returned ${response.status}`);
    const from = Date.now();
    server.kill('SIGTERM');
    const code = await new Promise((done) => server.once('exit', done));
    if (code !== 0 || Date.now() - from > 300) throw new Error(`it ended with ${code} after ${Date.now() - from} ms`);
  } finally {
    server.kill('SIGKILL');
  }
}
