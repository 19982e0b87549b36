// Runs servers as processes: starts one on a free port, waits for its first response, measures memory and CPU.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

/** Timeout for the first response of a server, in ms. */
const PATIENCE = 120_000;

/** A path that responds 200 once the server is up. */
export interface Probe {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A running server that has responded once. */
export interface Running {
  readonly port: number;
  /** Milliseconds from the start of the process to its first response. */
  readonly startMs: number;
  /** Its current resident memory in MiB; null if the system has no /proc. */
  resident(): number | null;
  /** Its CPU time so far in ms; null if the system has no /proc. */
  processor(): number | null;
  /** Time its main thread has waited for a processor so far, in ms; 0 if the system has no /proc. */
  waited(): number;
  /** Pauses it (SIGSTOP), because an idle server may work in the background. */
  pause(): void;
  /** Resumes it (SIGCONT). */
  resume(): void;
  end(): Promise<void>;
}

const all = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of all) signal(child, 'SIGKILL');
});
for (const interruption of ['SIGINT', 'SIGTERM'] as const) process.once(interruption, () => process.exit(130));

/** Signals a process and those that it started: a command may be a wrapper of the server. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-(pid as number), name);
  } catch {
    // It never started, or has exited.
  }
}

/** A free port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a server and waits for its first 200.
 *
 * @throws when it exits or does not respond 200 in time, with the end of its output
 */
export async function launch([command = '', ...args]: readonly string[], port: number, probe: Probe): Promise<Running> {
  const from = process.hrtime.bigint();
  // In a process group of its own, which `signal` reaches.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  all.add(child);
  let printed = '';
  let ended: string | null = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      printed = `${printed}${data}`.slice(-2000);
    });
  }
  const over = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = error.message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      ended = `it exited with ${signal ?? code}`;
      all.delete(child);
      resolve();
    });
  });
  const sentence = `${[command, ...args].join(' ')} does not respond to ${probe.path}`;
  for (let seen = 0; seen !== 200; ) {
    if (ended !== null) throw new Error(`${sentence}: ${ended}. ${printed}`);
    if (Number(process.hrtime.bigint() - from) / 1e6 > PATIENCE) {
      signal(child, 'SIGKILL');
      throw new Error(`${sentence}: last ${seen}. ${printed}`);
    }
    seen = await statusOf(port, probe);
    if (seen !== 200) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const startMs = Number(process.hrtime.bigint() - from) / 1e6;
  return {
    port,
    startMs,
    resident: () => residentOf(child.pid as number),
    processor: () => processorOf(child.pid as number),
    waited: () => waitedOf(child.pid as number),
    pause: () => signal(child, 'SIGSTOP'),
    resume: () => signal(child, 'SIGCONT'),
    async end() {
      signal(child, 'SIGKILL');
      await over;
    },
  };
}

/** The status of a GET; 0 when nothing listens yet. */
function statusOf(port: number, { path, headers }: Probe): Promise<number> {
  return new Promise((resolve) => {
    get({ port, host: '127.0.0.1', path, headers, agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    }).once('error', () => resolve(0));
  });
}

function residentOf(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Linux counts the CPU time of all threads in ticks of 10 ms. */
function processorOf(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number) as [number, number];
  return (user + system) * 10;
}

/** Linux counts the time a thread was ready to run and did not, in nanoseconds. */
function waitedOf(pid: number): number {
  if (process.platform !== 'linux') return 0;
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
}
