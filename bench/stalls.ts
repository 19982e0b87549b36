// Measures how long calls on a sandbox of many rows keep the requests to another sandbox waiting.
import { readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { writeLargeFixtures } from '../test/large-fixtures.ts';
import { EXAMPLE, KEY, ROOT, UNDERSTUDY } from './peers.ts';
import { freePort, launch, type Running } from './processes.ts';
import type { Extent, Found, Say } from './results.ts';
import { send } from './send.ts';

/** Rows a user has at all providers together; see `writeLargeFixtures`. */
const ROWS_PER_USER = 10;
/** Pause between two requests to the other sandbox, in ms. */
const PAUSE = 1;

interface Step {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** A huge body to parse: no part of the goal. */
  readonly exempt?: true;
  /** Prepares the next step and is not shown. */
  readonly hidden?: true;
}

/** Measures the longest wait of a request to another sandbox during each call, in memory and with `--data`. */
export async function measureStalls({ stallRows, sandboxes }: Extent, scratch: string, say: Say): Promise<Found> {
  const state = stateOf(scratch, stallRows);
  const tables: Found['tables'][number][] = [];
  const goals: Found['goals'][number][] = [];
  for (const kind of ['memory', 'data'] as const) {
    say(`stalls: ${stallRows.toLocaleString('en-US')} rows, ${kind === 'memory' ? 'in memory' : 'with --data'}`);
    const port = await freePort();
    const command = [process.execPath, join(ROOT, 'dist/main.js'), '--port', `${port}`];
    if (kind === 'memory') command.push('--max-sandboxes', `${sandboxes * 2 + 10}`, '--snapshot-memory', '2000');
    else command.push('--data', join(scratch, 'stalls'));
    const server = await launch(command, port, { path: `${UNDERSTUDY.base}/end-users/${EXAMPLE}`, headers: KEY });
    const rows: { name: string; values: number[] }[] = [];
    const counted: number[] = [];
    for (const step of stepsFor(state, kind === 'memory' ? sandboxes * 2 : 0)) {
      const { total, longest } = await beside(server, step);
      if (step.hidden !== true) rows.push({ name: step.name, values: [total, longest] });
      if (step.hidden !== true && step.exempt !== true) counted.push(longest);
      say(
        `stalls: ${step.name}: ${Math.round(total)} ms, longest wait ${Math.round(longest)} ms, ${Math.round(server.resident() ?? 0)} MiB`,
      );
    }
    await server.end();
    const where = kind === 'memory' ? 'in memory' : 'with `--data`';
    tables.push({
      part: 'stalls',
      title: `Calls on a sandbox of ${stallRows.toLocaleString('en-US')} rows, ${where}`,
      columns: ['the call, ms', 'longest wait of another request, ms'],
      rows,
      notes: [
        'The other requests are GETs of an end-user in another sandbox, one after the other. Time in which the server was ready to run and other processes had the processor is not counted.',
        `The body of a PUT has ${Math.round(state.length / 1e6)} MB, which are parsed at once; that does not count for the goal.`,
      ],
    });
    goals.push({
      part: 'stalls',
      what: `longest wait behind a call on ${stallRows.toLocaleString('en-US')} rows, ${where}`,
      value: Math.max(...counted),
      unit: 'ms',
      most: 100,
    });
  }
  return { tables, goals };
}

const IN_LARGE = { 'x-understudy-sandbox': 'large' };
const HALL = `/pagecall/v1/rooms/${'1'.padStart(24, '0')}`;
const AGENT = `/proficient/agents/ag_${'1'.padStart(24, '0')}`;

function stepsFor(state: Buffer, sandboxes: number): Step[] {
  const admin = (name: string, method: string, path: string, status: number, body?: object): Step => ({
    name,
    method,
    path: `/__admin/${path}`,
    status,
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  });
  const restore = { ...admin('restore', 'POST', 'snapshots/whole/restore', 204), hidden: true } as const;
  return [
    { ...admin('PUT state', 'PUT', 'state', 204), body: state, exempt: true },
    admin('POST snapshots', 'POST', 'snapshots', 201, { name: 'whole' }),
    { ...admin('PUT state over as many rows', 'PUT', 'state', 204), body: state, exempt: true },
    admin('POST snapshots/restore', 'POST', 'snapshots/whole/restore', 204),
    admin('GET state, the first after a restore', 'GET', 'state?provider=conductor', 200),
    admin('GET state', 'GET', 'state', 200),
    admin('GET snapshots/diff', 'GET', 'snapshots/whole/diff', 200),
    admin('GET snapshots/export', 'GET', 'snapshots/whole/export', 200),
    admin('GET resources', 'GET', 'resources', 200),
    admin('GET resources/messages', 'GET', 'resources/proficient/messages?limit=100&offset=110000', 200),
    admin('GET resources/messages?text=', 'GET', 'resources/proficient/messages?text=nowhere', 200),
    admin('POST erasure-checks', 'POST', 'erasure-checks', 200, { subjects: ['crowd-77'] }),
    admin('POST erasure-checks, snapshots too', 'POST', 'erasure-checks', 200, {
      subjects: ['crowd-77'],
      include: ['state', 'snapshots'],
    }),
    {
      ...admin('POST sandboxes from it', 'POST', 'sandboxes', 201, { from: { sandbox: 'large' } }),
      headers: { 'x-understudy-sandbox': 'fork' },
    },
    {
      ...admin('GET state of the fork', 'GET', 'state?provider=pagecall', 200),
      headers: { 'x-understudy-sandbox': 'fork' },
    },
    admin('DELETE sandboxes/fork', 'DELETE', 'sandboxes/fork', 204),
    {
      name: 'DELETE an agent of 160,000 rows, dry run',
      method: 'DELETE',
      path: AGENT,
      status: 200,
      headers: { 'x-proficient-api-key': 'sk_test', authorization: 'Bearer sk_test', prefer: 'dry-run' },
    },
    {
      name: 'DELETE a room of 80,000 rows, dry run',
      method: 'DELETE',
      path: HALL,
      status: 200,
      headers: { ...KEY, prefer: 'dry-run' },
    },
    {
      name: 'DELETE a room of 80,000 rows (the provider)',
      method: 'DELETE',
      path: HALL,
      status: 200,
      headers: KEY,
    },
    admin('GET deletions', 'GET', 'deletions', 200),
    admin('GET requests', 'GET', 'requests?limit=1000', 200),
    restore,
    admin('POST reset, clock and ids kept', 'POST', 'reset', 204, { to: { snapshot: 'whole' }, scope: ['state'] }),
    admin('POST reset', 'POST', 'reset', 204),
    admin('DELETE snapshots', 'DELETE', 'snapshots/whole', 204),
    { ...admin('PUT state, refused at its end', 'PUT', 'state', 400), body: broken(state), exempt: true },
    admin('DELETE the sandbox', 'DELETE', 'sandboxes/large', 204),
    ...Array.from(
      { length: sandboxes },
      (_, n): Step => ({
        ...admin(`sandbox ${n}`, 'POST', 'sandboxes', 201, {}),
        headers: { 'x-understudy-sandbox': `one-${n}` },
        hidden: true,
      }),
    ),
    ...(sandboxes === 0
      ? []
      : [
          admin(`GET sandboxes, ${sandboxes} of them`, 'GET', 'sandboxes?limit=1000', 200),
          admin(`POST reset of ${sandboxes} sandboxes`, 'POST', 'reset?sandbox=*', 204),
        ]),
  ];
}

/** The state with a reference to nothing in its last row. */
function broken(state: Buffer): Buffer {
  const text = state.toString();
  const at = text.lastIndexOf('"endUserId":"end_usr_');
  return Buffer.from(`${text.slice(0, at)}"endUserId":"nowhere_${text.slice(at + 21)}`);
}

/** The body of a PUT of so many rows. */
function stateOf(scratch: string, rows: number): Buffer {
  const dir = join(scratch, 'state');
  writeLargeFixtures(dir, rows / ROWS_PER_USER);
  const parts = readdirSync(dir).map((provider) => {
    const files = readdirSync(join(dir, provider));
    const texts = files.map((file) => `"${file.slice(0, -5)}":${readFileSync(join(dir, provider, file), 'utf8')}`);
    return `"${provider}":{${texts.join(',')}}`;
  });
  return Buffer.from(`{${parts.join(',')}}`);
}

/** Sends the call, and requests to another sandbox beside it; both results in ms. */
async function beside({ port, waited }: Running, step: Step): Promise<{ total: number; longest: number }> {
  const agent = new Agent({ keepAlive: true });
  const other = { method: 'GET', path: `${UNDERSTUDY.base}/end-users/${EXAMPLE}`, status: [200], headers: KEY };
  if (step.hidden !== true) await send(port, other, agent);
  const from = performance.now();
  let over = false;
  const call = send(port, { ...step, status: [step.status], headers: { ...IN_LARGE, ...step.headers } }, agent).finally(
    () => {
      over = true;
    },
  );
  let longest = 0;
  while (!over && step.hidden !== true) {
    const [sent, before] = [performance.now(), waited()];
    await send(port, other, agent);
    // On a busy machine the server waits for a processor, which is no fault of the call.
    longest = Math.max(longest, performance.now() - sent - (waited() - before));
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  await call;
  const total = performance.now() - from;
  agent.destroy();
  return { total, longest };
}
