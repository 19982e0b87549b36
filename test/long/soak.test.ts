// Soak test: an hour of a busy team's traffic against one process leaks neither memory nor handles.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { MAX_RECEIPTS } from '../../src/core/deletions/ledger.ts';
import { ROOT } from '../harness.ts';
import { MAIN } from '../process.ts';
import { Team } from '../soak-team.ts';

/** 10 requests a second for an hour: the traffic of a team's continuously running test suites. */
const REQUESTS = 10 * 3600;
const SAMPLES = 24;
const CLIENTS = 8;
const JOURNAL = 200;
/**
 * Maximum heap growth in the second half, in bytes per 10,000 requests. A leak of one small object (100 bytes) per
 * request would be a million. Code that V8 compiles late accounts for up to 310,000 in the first hour and 130,000 in
 * the third, and less afterwards.
 */
const MOST_GROWTH = 500_000;

interface Sample {
  requests: number;
  held: number;
  rss: number;
  resources: Record<string, number>;
}

/** Starts the server with `--expose-gc` and the probe that reports its memory. */
async function start(
  t: Test,
  data: string,
): Promise<{ url: string; child: ChildProcess; sample(requests: number): Promise<Sample> }> {
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  const child = fork(MAIN, ['--port', '0', '--data', data, '--journal-size', String(JOURNAL)], {
    execArgv: ['--expose-gc', '--import', join(ROOT, 'test/soak-probe.js')],
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let banner = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exited with ${code}`)));
    child.stdout?.on('data', (text) => {
      banner += text;
      if (/Dashboard .*\n/.test(banner)) resolve();
    });
  });
  return {
    url: /http:\/\/[^/]+/.exec(banner)?.[0] as string,
    child,
    sample: (requests) =>
      new Promise((resolve) => {
        child.once('message', (message) => resolve({ requests, ...(message as Omit<Sample, 'requests'>) }));
        child.send('sample');
      }),
  };
}

/** Growth in bytes per 10,000 requests, by least squares. */
function slope(samples: readonly Sample[], of: 'held' | 'rss'): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map(({ requests }) => requests));
  const y = mean(samples.map((one) => one[of]));
  const over = samples.reduce((sum, one) => sum + (one.requests - x) * (one[of] - y), 0);
  return (over / samples.reduce((sum, { requests }) => sum + (requests - x) ** 2, 0)) * 10_000;
}

t.test(`${REQUESTS.toLocaleString('en')} requests leak no memory and no handles`, { timeout: 400_000 }, async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'understudy-soak-'));
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  let delivered = 0;
  const receiver = createServer((request, response) => {
    delivered++;
    request.resume().on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  t.teardown(() => receiver.close());
  await new Promise((resolve) => receiver.once('listening', resolve));
  const hook = `http://127.0.0.1:${(receiver.address() as { port: number }).port}/`;
  const { url, child, sample } = await start(t, data);
  const fds = () => readdirSync(`/proc/${child.pid}/fd`).length;
  // All lazily loaded modules are loaded by now.
  const warm = new Team(url, hook, CLIENTS);
  await warm.work(2000);
  await warm.leave();
  const atStart = await settled(sample, fds, receiver);
  const team = new Team(url, hook, CLIENTS);
  const samples: Sample[] = [await sample(0)];
  for (let n = 1; n <= SAMPLES; n++) {
    await team.work((REQUESTS / SAMPLES) * n);
    samples.push(await sample(team.requests));
  }
  t.same(team.surprises, [], 'every response was expected');
  const headers = { connection: 'close' };
  const state = async (path: string) => (await (await fetch(`${url}/__admin/${path}`, { headers })).json()) as any;
  t.equal((await state('requests?limit=1000')).meta.total, JOURNAL, 'the journal is at its limit');
  t.ok((await state('deletions?limit=1')).meta.total <= MAX_RECEIPTS, 'the receipts are within their limit');
  t.ok((await state('webhooks?limit=1')).meta.total <= 1000, 'the deliveries are within their limit');
  t.same((await state('sandboxes')).sandboxes.length, CLIENTS, 'the created sandboxes are deleted');
  t.same(
    readdirSync(data).filter(
      (name) => !/^((default|client-\d)\.(sqlite(-wal)?|snapshots)|understudy\.lock)$/.test(name),
    ),
    [],
    'with their files',
  );
  await team.leave();
  const atEnd = await settled(sample, fds, receiver);
  const second = samples.slice(samples.length / 2);
  const [held, rss] = [slope(second, 'held'), slope(second, 'rss')];
  const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  for (const one of samples.filter((_, n) => n % 4 === 0))
    t.comment(`${one.requests} requests: ${mib(one.held)} MiB held after collection, ${mib(one.rss)} MiB resident`);
  t.comment(
    `growth over the second half, for each 10,000 requests: ${Math.round(held / 1000)} kB held, ${Math.round(rss / 1000)} kB resident`,
  );
  t.comment(`statuses ${JSON.stringify(team.statuses)}; ${delivered} webhooks, ${team.events} events were received`);
  t.comment(`files and connections: ${atStart.fds} before, ${atEnd.fds} after; ${JSON.stringify(atEnd.resources)}`);
  t.ok(delivered > 0 && team.events > 0, 'webhooks and events were received');
  t.ok(held < MOST_GROWTH, `the heap grows by ${Math.round(held)} bytes for each 10,000 requests`);
  t.same(atEnd, atStart, 'every file, connection and timer was released');
});

/**
 * The open handles once the server is idle: connections take a moment to close. The webhook receiver closes its
 * connection, which would otherwise be kept alive for some seconds.
 */
async function settled(
  sample: (requests: number) => Promise<Sample>,
  fds: () => number,
  receiver: Server,
): Promise<{ fds: number; resources: Record<string, number> }> {
  let last = '';
  for (let same = 0; ; ) {
    receiver.closeIdleConnections();
    const now = { fds: fds(), resources: (await sample(0)).resources };
    const text = JSON.stringify(now);
    same = text === last ? same + 1 : 0;
    if (same === 20) return now;
    last = text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
