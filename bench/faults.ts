// Measures the cost of planned faults for requests that match none of them.
import { userId } from '../test/large-fixtures.ts';
import { crowd } from './fixtures.ts';
import { load, type Measured, request } from './load.ts';
import { median } from './numbers.ts';
import { KEY, run, UNDERSTUDY } from './peers.ts';
import type { Extent, Found, Say } from './results.ts';
import { ratio } from './throughput.ts';

const RULES = 1000;

/** Measures DELETEs alternately without rules and with a thousand rules for other users. */
export async function measureFaults(extent: Extent, scratch: string, say: Say): Promise<Found> {
  const { users, rounds, warmUp, warm, seconds } = extent;
  const server = await run(UNDERSTUDY, crowd(scratch, users), scratch);
  const { port } = server;
  const admin = (path: string, method: string, body?: object) =>
    fetch(`http://127.0.0.1:${port}/__admin/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const one = (n: number) =>
    n < users ? request('DELETE', `/conductor/v1/end-users/${userId.conductor(n)}`, KEY) : null;
  const turn = async (duration: number) => {
    await admin('reset', 'POST', { scope: ['state'] });
    return load({ port, request: one, status: 200, warm, seconds: duration, connections: 32 });
  };
  const free: Measured[] = [];
  const ruled: Measured[] = [];
  await turn(warmUp);
  // Noise is as large as the measured difference, so there are more rounds than elsewhere.
  const turns = 3 * rounds;
  for (let round = 1; round <= turns; round++) {
    say(`faults, round ${round} of ${turns}`);
    free.push(await turn(seconds));
    for (let n = 0; n < RULES; n++) {
      const match = { operation: 'endUsers.delete', id: `unknown-${n}` };
      await admin('faults', 'POST', { match, effect: { status: 503 } });
    }
    ruled.push(await turn(seconds));
    await admin('faults', 'DELETE');
  }
  await server.end();
  const row = (name: string, all: readonly Measured[]) => ({
    name,
    values: [median(all.map(({ perSecond }) => perSecond)), median(all.map(({ p99 }) => p99))],
  });
  const table = {
    part: 'faults',
    title: 'DELETE with planned faults that do not fit it',
    columns: ['responses per second', 'p99, ms'],
    rows: [row('no rules', free), row(`${RULES.toLocaleString('en-US')} rules`, ruled)],
    notes: ['Each rule is for a DELETE of another user.'],
  };
  const what = `time of a DELETE with ${RULES.toLocaleString('en-US')} rules planned, against none`;
  return { tables: [table], goals: [{ part: 'faults', what, value: ratio(free, ruled), unit: 'times', most: 1.1 }] };
}
