// Measures the latency of mixed requests to several sandboxes with `--data`, resets and snapshots among them.
import { Agent } from 'node:http';
import { join } from 'node:path';
import { percentile } from './numbers.ts';
import { EXAMPLE, KEY, ROOT, UNDERSTUDY } from './peers.ts';
import { freePort, launch, type Running } from './processes.ts';
import type { Extent, Found, Say } from './results.ts';
import { send } from './send.ts';

const SANDBOXES = 8;
/** Clients of each sandbox, each with one request in flight. */
const CLIENTS = 4;

const KINDS = ['read', 'create', 'delete', 'reset', 'snapshot'] as const;
type Kind = (typeof KINDS)[number];
type Times = Record<Kind, number[]>;

/** Measures a mixed load for some seconds. */
export async function measureMixed({ mixedSeconds }: Extent, scratch: string, say: Say): Promise<Found> {
  say(`mixed: ${SANDBOXES} sandboxes with --data, ${mixedSeconds} seconds`);
  const port = await freePort();
  const command = [process.execPath, join(ROOT, 'dist/main.js'), '--port', `${port}`, '--data', join(scratch, 'mixed')];
  const server = await launch(command, port, { path: `${UNDERSTUDY.base}/end-users/${EXAMPLE}`, headers: KEY });
  const times: Times = { read: [], create: [], delete: [], reset: [], snapshot: [] };
  const until = performance.now() + mixedSeconds * 1000;
  const clients = Array.from({ length: SANDBOXES * CLIENTS }, (_, n) => work(server, n, until, times));
  await Promise.all(clients);
  await server.end();
  const all = KINDS.flatMap((kind) => times[kind]);
  const row = (name: string, found: readonly number[]) => ({
    name,
    values: [
      found.length,
      percentile(found, 0.5),
      percentile(found, 0.99),
      percentile(found, 0.999),
      percentile(found, 1),
    ],
  });
  const table = {
    part: 'mixed',
    title: `Mixed requests to ${SANDBOXES} sandboxes with \`--data\``,
    columns: ['requests', 'p50, ms', 'p99, ms', 'p99.9, ms', 'longest, ms'],
    rows: [row('all', all), ...KINDS.map((kind) => row(kind, times[kind]))],
    notes: [
      `${SANDBOXES * CLIENTS} requests at a time for ${mixedSeconds} seconds. Time in which the server was ready to run and other processes had the processor is not counted.`,
    ],
  };
  const goal = {
    part: 'mixed',
    what: 'mixed requests with `--data`, p99.9',
    value: percentile(all, 0.999),
    unit: 'ms',
    most: 500,
  };
  return { tables: [table], goals: [goal] };
}

/** One client: reads, creates and deletes end-users, and from time to time resets its sandbox or takes a snapshot. */
async function work(server: Running, n: number, until: number, times: Times): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const headers = { ...KEY, 'x-understudy-sandbox': `mixed-${n % SANDBOXES}` };
  const ask = async (kind: Kind, method: string, path: string, body?: object) => {
    const [sent, before] = [performance.now(), server.waited()];
    const json = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) };
    // A reset may have taken the end-user or the snapshot of another client.
    const text = await send(server.port, { method, path, headers, ...json, status: [200, 201, 204, 404, 409] }, agent);
    times[kind].push(performance.now() - sent - (server.waited() - before));
    return text;
  };
  const users = `${UNDERSTUDY.base}/end-users`;
  for (let round = n; performance.now() < until; round++) {
    const source = { companyName: 'Mixed', sourceId: `m-${n}-${round}`, email: `m-${n}-${round}@example.com` };
    const { id = EXAMPLE } = JSON.parse(await ask('create', 'POST', users, source)) as { id?: string };
    for (let reads = 0; reads < 5; reads++) await ask('read', 'GET', `${users}/${reads % 2 === 0 ? id : EXAMPLE}`);
    await ask('delete', 'DELETE', `${users}/${id}`);
    if (round % 20 === 0) await ask('reset', 'POST', '/__admin/reset');
    if (round % 20 === 10) {
      const name = `s-${n}-${round}`;
      await ask('snapshot', 'POST', '/__admin/snapshots', { name });
      await ask('snapshot', 'POST', `/__admin/snapshots/${name}/restore`);
      await ask('snapshot', 'DELETE', `/__admin/snapshots/${name}`);
    }
  }
  agent.destroy();
}
