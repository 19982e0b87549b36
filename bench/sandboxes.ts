// Measures sandboxes: creation, reset, and the memory and latency of one, a thousand and ten thousand of them.
import { userId } from '../test/large-fixtures.ts';
import { BUILT_IN, crowd } from './fixtures.ts';
import { load, type Measured, request } from './load.ts';
import { median } from './numbers.ts';
import { EXAMPLE, KEY, run, UNDERSTUDY } from './peers.ts';
import type { Extent, Found, Goal, Say } from './results.ts';

/** Two end-users of the built-in fixtures. */
const USERS = [EXAMPLE, 'end_usr_alice000000042'] as const;
/** Number of open sandboxes that the requests use in turn. */
const AWAKE = 500;

const requestIn = (method: string, user: string, sandbox: string) =>
  request(method, `/conductor/v1/end-users/${user}`, { ...KEY, 'x-understudy-sandbox': sandbox });

/** Sends the requests, with one connection per request in flight. */
function each(port: number, requests: number, one: (n: number) => string, connections = 1, status = 200) {
  const next = (n: number) => (n < requests ? one(n) : null);
  return load({ port, request: next, status, warm: 0.3, seconds: 300, connections });
}

/** Measures a new sandbox and a reset in milliseconds, one request at a time. */
export async function measureSandboxes({ samples }: Extent, scratch: string, say: Say): Promise<Found> {
  say('sandboxes: new ones and resets');
  const server = await run(UNDERSTUDY, BUILT_IN, scratch);
  const { port } = server;
  const body = (n: number) => JSON.stringify({ name: `made-${n}` });
  const rows: { name: string; measured: Measured }[] = [
    {
      name: 'new sandbox: `POST /__admin/sandboxes`',
      measured: await each(port, samples / 2, (n) => request('POST', '/__admin/sandboxes', {}, body(n)), 1, 201),
    },
    {
      name: 'new sandbox by its first use, including the response to a GET',
      measured: await each(port, samples / 2, (n) => requestIn('GET', EXAMPLE, `used-${n}`)),
    },
    {
      name: 'reset: `POST /__admin/reset`',
      measured: await each(port, samples / 2, () => request('POST', '/__admin/reset', {}), 1, 204),
    },
  ];
  const known = await each(port, samples / 2, () => requestIn('GET', EXAMPLE, 'default'));
  await server.end();
  const goals = rows.flatMap(({ name, measured: { p50, p99 } }): Goal[] => [
    { part: 'sandboxes', what: `${name}, p50`, value: p50, unit: 'ms', most: 1 },
    { part: 'sandboxes', what: `${name}, p99`, value: p99, unit: 'ms', most: 3 },
  ]);
  const table = {
    part: 'sandboxes',
    title: 'A new sandbox, and a reset',
    columns: ['p50, ms', 'p99, ms'],
    rows: [...rows, { name: 'for comparison: a GET in a sandbox that is there', measured: known }].map(
      ({ name, measured: { p50, p99 } }) => ({ name, values: [p50, p99] }),
    ),
    notes: [
      `${samples / 2} of each, one after the other, over one connection; with the built-in fixtures. The last row is what the machine makes of a request that has next to nothing to do.`,
    ],
  };
  return { tables: [table], goals };
}

/** Measures the memory of many sandboxes, and a DELETE in one of them. */
export async function measureCrowds(extent: Extent, scratch: string, say: Say): Promise<Found> {
  const { samples, sandboxes, rounds } = extent;
  const rows: { name: string; values: (number | null)[] }[] = [];
  say('crowds: one sandbox');
  const single = await run(UNDERSTUDY, crowd(scratch, samples), scratch);
  const alone = await each(single.port, samples, (n) => requestIn('DELETE', userId.conductor(n), 'alone'));
  rows.push({ name: 'one', values: [alone.p50, alone.p99, single.resident()] });
  await single.end();
  const goals: Goal[] = [];
  for (const size of [sandboxes / 10, sandboxes]) {
    say(`crowds: ${size} sandboxes`);
    const server = await run(UNDERSTUDY, BUILT_IN, scratch);
    const { port } = server;
    const named = (n: number) => `crowd-${n}`;
    await each(port, size, (n) => requestIn('DELETE', USERS[0], named(n)), 32);
    const resident = server.resident();
    // In an order independent of their last use.
    const one = (n: number) => requestIn('DELETE', USERS[1], named((n * 7919) % size));
    const measured = await each(port, Math.min(samples, size), one);
    rows.push({ name: size.toLocaleString('en-US'), values: [measured.p50, measured.p99, resident] });
    if (size === sandboxes) {
      if (resident !== null) goals.push(weight(size, resident));
      const ratios: number[] = [];
      const get = (name: (n: number) => string) =>
        each(port, Math.max(samples * 2, AWAKE), (n) => requestIn('GET', 'end_usr_5tq6oke9rmlxvf', name(n)), 32);
      // Wakes those that sleep.
      await get((n) => named(n % AWAKE));
      for (let round = 0; round < rounds; round++) {
        const many = await get((n) => named(n % AWAKE));
        const one = await get(() => named(0));
        ratios.push(one.perSecond / many.perSecond);
      }
      const what = `time of a request to ${AWAKE} awake sandboxes of ${size.toLocaleString('en-US')}, against one`;
      goals.push({ part: 'crowds', what, value: median(ratios), unit: 'times', most: 1.3 });
    }
    await server.end();
  }
  const table = {
    part: 'crowds',
    title: 'DELETE in one of many sandboxes',
    columns: ['p50, ms', 'p99, ms', 'resident, MiB'],
    rows,
    notes: [
      `${samples} DELETEs one after the other, in sandboxes that were each used once before. Beyond 2,000 (\`--open-sandboxes\`) the longest unused sleep, and a request wakes them: that is in the time.`,
    ],
  };
  return { tables: [table], goals };
}

function weight(size: number, value: number): Goal {
  const what = `memory of ${size.toLocaleString('en-US')} sandboxes, each with one DELETE done`;
  return { part: 'crowds', what, value, unit: 'MiB', most: 2048 };
}
