// Measures the time to the first response, and the memory then and after a thousand responses.
import { BUILT_IN } from './fixtures.ts';
import { load, request } from './load.ts';
import { median } from './numbers.ts';
import { EXAMPLE, KEY, type Peer, PRISM, run, UNDERSTUDY } from './peers.ts';
import type { Extent, Found, Say } from './results.ts';

const ANSWERS = 1000;
/** An end-user of the built-in fixtures, for the single DELETE. */
const ANOTHER = 'end_usr_alice000000042';

interface Weighed {
  readonly ms: number[];
  readonly first: (number | null)[];
  readonly later: (number | null)[];
}

/** Measures the start of each peer, in turn in each round. */
export async function measureStart(
  peers: readonly Peer[],
  { startRounds }: Extent,
  scratch: string,
  say: Say,
): Promise<Found> {
  const weighed = new Map<Peer, Weighed>(peers.map((peer) => [peer, { ms: [], first: [], later: [] }]));
  for (let round = 1; round <= startRounds; round++) {
    say(`start, round ${round} of ${startRounds}`);
    for (const [peer, { ms, first, later }] of weighed) {
      const server = await run(peer, BUILT_IN, scratch).catch((error: Error) => {
        if (peer.from === null) throw error;
        say(`${peer.name} is left out: ${error.message}`);
        weighed.delete(peer);
        return null;
      });
      if (server === null) continue;
      ms.push(server.startMs);
      first.push(server.resident());
      await answers(peer, server.port);
      later.push(server.resident());
      await server.end();
    }
  }
  const rows = [...weighed].map(([peer, { ms, first, later }]) => ({
    name: peer.name,
    values: [median(ms), weight(first), weight(later)],
  }));
  return { tables: [tableOf(rows, startRounds)], goals: goalsOf(rows) };
}

/** Sends a DELETE and then GETs, which must all get 200. */
async function answers({ base }: Peer, port: number): Promise<void> {
  const get = request('GET', `${base}/end-users/${EXAMPLE}`, KEY);
  const remove = request('DELETE', `${base}/end-users/${ANOTHER}`, KEY);
  const one = (n: number) => (n === 0 ? remove : n < ANSWERS ? get : null);
  await load({ port, request: one, status: 200, warm: 0, seconds: 60, connections: 4 });
}

function weight(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}

type Rows = { name: string; values: (number | null)[] }[];

function tableOf(rows: Rows, rounds: number): Found['tables'][number] {
  return {
    part: 'start',
    title: 'Start and memory',
    columns: ['first response, ms', 'resident memory then, MiB', `resident memory after ${ANSWERS} responses, MiB`],
    rows,
    notes: [
      `Medians of ${rounds} rounds. From the start of the process to the first 200 for GET /end-users/{id}; then one DELETE and ${ANSWERS - 1} GETs. Resident memory is VmRSS.`,
    ],
  };
}

function goalsOf(rows: Rows): Found['goals'] {
  const ours = rows.find(({ name }) => name === UNDERSTUDY.name)?.values;
  const theirs = rows.find(({ name }) => name === PRISM.name)?.values;
  if (ours === undefined || theirs === undefined) return [];
  return [
    { what: "start to first response, of Prism's", most: 0.35 },
    { what: "resident memory at the first response, of Prism's", most: 0.5 },
    { what: `resident memory after ${ANSWERS} responses, of Prism's`, most: 0.5 },
  ].flatMap(({ what, most }, index) => {
    const [own, other] = [ours[index] ?? null, theirs[index] ?? null];
    return own === null || other === null ? [] : [{ part: 'start', what, value: own / other, unit: 'times', most }];
  });
}
