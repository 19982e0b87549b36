// Runs nginx in front of server processes, with the published configuration of deploy/.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import type { Test } from 'tap';
import { SOURCES } from './harness.ts';

const NGINX = process.env.NGINX_PATH ?? '/usr/sbin/nginx';

/** The addresses in deploy/nginx.conf. */
const PUBLISHED = { front: '127.0.0.1:4010', processes: ['127.0.0.1:4011', '127.0.0.1:4012'] } as const;

/** Whether nginx is installed; skips the test with a reason if not. */
export function hasNginx(t: Test): boolean {
  if (existsSync(NGINX)) return true;
  t.plan(0, `nginx is not installed at ${NGINX}; install it (Debian: nginx-light) or set NGINX_PATH`);
  return false;
}

/** Starts nginx in front of two processes at these hosts (`127.0.0.1:<port>`); returns its URL. */
export async function startNginx(t: Test, hosts: readonly [string, string]): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), 'understudy-nginx-'));
  const front = `127.0.0.1:${await freePort()}`;
  const published = (name: string) => readFileSync(join(SOURCES, 'deploy', name), 'utf8');
  let text = exchanged(published('nginx.conf'), PUBLISHED.front, front);
  PUBLISHED.processes.forEach((address, n) => {
    const host = hosts[n] as string;
    text = exchanged(exchanged(text, address, host), escaped(address), escaped(host));
  });
  // Temporary folders owned by the current user.
  mkdirSync(join(place, 'temp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${place}/temp/${kind};`,
  );
  writeFileSync(join(place, 'nginx.conf'), exchanged(text, 'http {', `http {\n  ${temporary.join('\n  ')}`));
  writeFileSync(join(place, 'sandbox.conf'), published('sandbox.conf'));
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  const own = `${user}daemon off; worker_processes 2; pid ${place}/nginx.pid; error_log stderr;`;
  const nginx = spawn(NGINX, ['-p', place, '-c', join(place, 'nginx.conf'), '-g', own], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  nginx.stderr.on('data', (data) => (errors += data));
  // A crashed test runs no teardown.
  const kill = () => nginx.kill('SIGTERM');
  process.once('exit', kill);
  t.teardown(async () => {
    process.off('exit', kill);
    const ended = nginx.exitCode === null ? once(nginx, 'exit') : null;
    kill();
    await ended;
    rmSync(place, { recursive: true, force: true });
  });
  const url = `http://${front}`;
  for (let tries = 0; tries < 200; tries++) {
    if (nginx.exitCode !== null) throw new Error(`nginx exited with ${nginx.exitCode}: ${errors}`);
    if (
      await fetch(`${url}/__admin/health`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return url;
    await passed(25);
  }
  throw new Error(`nginx does not respond at ${url}: ${errors}`);
}

/** The text with all occurrences replaced. Throws when there is none. */
function exchanged(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`deploy/nginx.conf does not contain ${from}.`);
  return text.replaceAll(from, to);
}

/** An address with its dots escaped for a regular expression. */
function escaped(address: string): string {
  return address.replaceAll('.', '\\.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
