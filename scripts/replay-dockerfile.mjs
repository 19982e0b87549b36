// Replays the Dockerfile's instructions by hand in clean folders and starts the result, alone and with examples/compose:
// a build without an engine. Each stage is a folder; base images are this machine, with the Node of the image where npm
// has it. Fails as soon as an instruction or the result fails.
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
/** The environment of every command: `node` is the one of the image. */
let outer = process.env;
/** A path inside the image as a path of this machine: the stage's folder is its root. */
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
    // Absolute folders the image makes are made below the stage's root; owners need no engine to be tested.
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
  // Base images are this machine, and nobody reads labels here.
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
  console.log('The image builds, is healthy wherever its control plane is, deletes a user and ends on SIGTERM.');
  compose();
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Puts the Node that the Dockerfile builds with before this machine's own. */
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

/** Replays the compose example with the image that was made. */
function compose() {
  const script = fileURLToPath(new URL('replay-compose.mjs', import.meta.url));
  const { status } = spawnSync('node', [script, inside('.')], { env: outer, stdio: 'inherit' });
  if (status !== 0) throw new Error(`the compose example exited with ${status}`);
}

/** Runs the image as the engine would. Its own port may be taken on this machine; everything else is as the image says. */
async function container(variables, page) {
  const env = { ...outer, ...stage.env, ...variables };
  const [program, ...args] = stage.command;
  const server = spawn(program, args, { cwd: inside('.'), env, stdio: 'inherit' });
  try {
    const [check, ...checkArgs] = stage.healthcheck;
    const health = spawnSync(check, checkArgs, { cwd: inside('.'), env, stdio: 'inherit' });
    if (health.status !== 0) throw new Error('the health check failed');
    const open = await fetch(page);
    if (open.status !== 200) throw new Error(`${page} answered ${open.status}`);
    const answer = await fetch('http://127.0.0.1:4987/conductor/v1/end-users/end_usr_alice000000042', {
      method: 'DELETE',
      headers: { authorization: 'Bearer sk_conductor_test' },
    });
    if (answer.status !== 200) throw new Error(`the sandbox answered ${answer.status}`);
    const from = Date.now();
    server.kill('SIGTERM');
    const code = await new Promise((done) => server.once('exit', done));
    if (code !== 0 || Date.now() - from > 300) throw new Error(`it ended with ${code} after ${Date.now() - from} ms`);
  } finally {
    server.kill('SIGKILL');
  }
}
