// `npm run bench`: DELETEs with their cascade, Understudy against a bare server, as ratios in one run.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userId, writeCrowd } from '../test/crowd.ts';
import { load } from './load.ts';
import { crowd, latencies, rules } from './sandboxes.ts';

const SIZE = 20_000;
const ROUNDS = 3;
/** What a ratio must at least be; the script exits 1 below it. */
const GOAL = 0.6;

const MOUNTS = {
  proficient: { path: '/proficient/users/', key: 'sk_test' },
  pagecall: { path: '/pagecall/v1/users/', key: 'k' },
  conductor: { path: '/conductor/v1/end-users/', key: 'sk_test' },
} as const;

const root = fileURLToPath(new URL('..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
const running: ChildProcess[] = [];
try {
  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}; ${SIZE} users at each provider, ${ROUNDS} rounds\n\n`,
  );
  writeCrowd(dir, SIZE);
  const understudy = await start([join(root, 'src/main.js'), '--port', '0', '--fixtures', dir], /127\.0\.0\.1:(\d+)/);
  const bare = await start([join(root, 'bench/bare.js'), dir], /listening on (\d+)/);
  let worst = Number.POSITIVE_INFINITY;
  for (const [name, { path, key }] of Object.entries(MOUNTS)) {
    const requests = Array.from(
      { length: SIZE },
      (_, n) =>
        `DELETE ${path}${userId[name as keyof typeof userId](n)} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n\r\n`,
    );
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await fetch(`http://127.0.0.1:${understudy}/__admin/reset`, { method: 'POST' });
      ours.push(await load(understudy, requests));
      await fetch(`http://127.0.0.1:${bare}/reset`);
      theirs.push(await load(bare, requests));
    }
    const ratio = median(ours) / median(theirs);
    worst = Math.min(worst, ratio);
    process.stdout.write(
      `DELETE ${name.padEnd(11)} Understudy ${thousands(ours)} req/s   bare node:http ${thousands(theirs)} req/s   ratio ${ratio.toFixed(2)}\n`,
    );
  }
  process.stdout.write(`\nlowest ratio ${worst.toFixed(2)}, goal at least ${GOAL}\n\n`);
  const figures = [...(await rules(understudy)), ...(await latencies())];
  for (const child of running.splice(0)) child.kill('SIGKILL');
  const fresh = await start([join(root, 'src/main.js'), '--port', '0'], /127\.0\.0\.1:(\d+)/);
  figures.push(...(await crowd(fresh, running[0]?.pid as number)));
  for (const { what, value, unit, most } of figures) {
    process.stdout.write(`${what.padEnd(56)} ${value.toFixed(2)} ${unit}, goal at most ${most}\n`);
  }
  if (worst < GOAL || figures.some(({ value, most }) => value > most)) process.exitCode = 1;
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

async function start(args: string[], says: RegExp): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let out = '';
  return await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} exited with ${code}`)));
    child.stdout?.on('data', (data) => {
      out += data;
      const port = says.exec(out)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function thousands(values: readonly number[]): string {
  return median(values).toFixed(0).padStart(6);
}
