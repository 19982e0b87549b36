// Measures throughput: DELETE with its cascade, GET, list and create, on Understudy and every peer.
import { userId } from '../test/large-fixtures.ts';
import { BUILT_IN, crowd } from './fixtures.ts';
import { load, type Measured, request } from './load.ts';
import { median } from './numbers.ts';
import { EXAMPLE, KEY, LIMIT, type Measure, type Peer, PRISM, run, UNDERSTUDY, WITHOUT_TRIGGERS } from './peers.ts';
import type { Running } from './processes.ts';
import type { Extent, Found, Goal, Say, Table } from './results.ts';

const CONNECTIONS = 32;

const TITLES: Readonly<Record<Measure, string>> = {
  delete: 'DELETE of a user with what it owns',
  get: 'GET of one user',
  list: 'List of users',
  create: 'Create a user',
};
const WHAT: Readonly<Record<Measure, string>> = {
  delete:
    '`DELETE /end-users/{id}`, each id once if the server keeps state; a connection and an auth session are deleted with it.',
  get: '`GET /end-users/{id}`.',
  list: '`GET /end-users`. Understudy, json-server and the limit list the six end-users of the fixtures, the others one.',
  create: '`POST /end-users`, each with a source id of its own.',
};

/** One turn of a server, with its CPU time per response in µs. */
type Turn = Measured & { readonly processor: number | null };
type Samples = Map<Peer, Turn[]>;

/** Measures one operation of Conductor on all peers, in turns. */
export async function measureThroughput(
  measure: Measure,
  peers: readonly Peer[],
  extent: Extent,
  scratch: string,
  say: Say,
): Promise<Found> {
  const fixtures = measure === 'delete' ? crowd(scratch, extent.users) : BUILT_IN;
  const all = measure === 'delete' ? [...peers, WITHOUT_TRIGGERS] : peers;
  const samples = await takeTurns(all, extent, fixtures, scratch, say, (peer, sent) => {
    say(`${measure}: ${peer.name}`);
    const status = measure === 'create' ? peer.created : 200;
    return { request: (n) => requestOf(measure, peer, n + sent, extent.users), status };
  });
  const goals = measure === 'delete' ? goalsOf(samples) : [];
  return { tables: [tableOf(measure, samples, extent.rounds)], goals };
}

interface Work {
  request(n: number): string | null;
  readonly status: number;
}

/**
 * Runs the same work on every peer, round by round. All peers run the whole time, and all but one are paused. A peer
 * that fails is omitted with a message; our own servers must not fail.
 */
export async function takeTurns(
  peers: readonly Peer[],
  { rounds, warmUp, warm, seconds }: Extent,
  fixtures: string,
  scratch: string,
  say: Say,
  work: (peer: Peer, sent: number) => Work,
): Promise<Samples> {
  const servers = new Map<Peer, Running>();
  const samples: Samples = new Map(peers.map((peer) => [peer, []]));
  const sent = new Map<Peer, number>();
  try {
    const leaveOut = async (peer: Peer, error: unknown) => {
      if (peer.from === null) throw error;
      say(`${peer.name} is left out: ${(error as Error).message}`);
      samples.delete(peer);
      await servers.get(peer)?.end();
      servers.delete(peer);
    };
    for (const peer of peers) {
      try {
        const server = await run(peer, fixtures, scratch);
        servers.set(peer, server);
        server.pause();
      } catch (error) {
        await leaveOut(peer, error);
      }
    }
    // Each server gets one unmeasured turn to warm up the JIT compiler.
    for (let round = -1; round < rounds; round++) {
      for (const [peer, server] of servers) {
        server.resume();
        if (peer.reset !== undefined) await peer.reset(server.port);
        const before = peer.reset === undefined ? (sent.get(peer) ?? 0) : 0;
        const { request: next, status } = work(peer, before);
        let count = 0;
        const counted = (n: number) => {
          count = n + 1;
          return next(n);
        };
        const { port } = server;
        try {
          const turn = { port, request: counted, status, connections: CONNECTIONS };
          const from = server.processor();
          const measured = await load({ ...turn, warm, seconds: round === -1 ? warmUp : seconds });
          const taken = from === null ? null : ((server.processor() ?? 0) - from) * 1000;
          const processor = taken === null ? null : taken / measured.answers;
          if (round !== -1) samples.get(peer)?.push({ ...measured, processor });
        } catch (error) {
          await leaveOut(peer, error);
        }
        server.pause();
        sent.set(peer, before + count);
      }
    }
  } finally {
    for (const server of servers.values()) await server.end();
  }
  return samples;
}

let created = 0;

function requestOf(measure: Measure, { base, remembers, holds }: Peer, n: number, size: number): string | null {
  switch (measure) {
    case 'delete': {
      const users = Math.min(size, holds ?? size);
      // A stateless server can be used indefinitely; a stateful one only while it has users.
      if (remembers && n >= users) return null;
      return request('DELETE', `${base}/end-users/${userId.conductor(n % users)}`, KEY);
    }
    case 'get':
      return request('GET', `${base}/end-users/${EXAMPLE}`, KEY);
    case 'list':
      return request('GET', `${base}/end-users`, KEY);
    case 'create': {
      const body = { companyName: 'Bench', sourceId: `bench-${created++}`, email: 'bench@example.com' };
      return request('POST', `${base}/end-users`, KEY, JSON.stringify(body));
    }
  }
}

function tableOf(part: Measure, samples: Samples, rounds: number): Table {
  const ours = samples.get(UNDERSTUDY) ?? [];
  const rate = (all: readonly Measured[]) => median(all.map(({ perSecond }) => perSecond));
  return {
    part,
    title: TITLES[part],
    columns: ['responses per second', "of Understudy's", 'p50, ms', 'p99, ms', 'CPU time per response, µs'],
    rows: [...samples].map(([{ name }, all]) => ({
      name,
      values: [
        rate(all),
        rate(all) / rate(ours),
        median(all.map(({ p50 }) => p50)),
        median(all.map(({ p99 }) => p99)),
        processorOf(all),
      ],
    })),
    notes: [
      `${WHAT[part]} ${CONNECTIONS} connections; medians of ${rounds} rounds, in which the servers take turns.`,
      ...[...samples.keys()].flatMap(({ name, note }) => (note === null ? [] : [`${name}: ${note}.`])),
    ],
  };
}

/** The median CPU time per response in µs; null if unknown. */
export function processorOf(turns: readonly Turn[]): number | null {
  const known = turns.flatMap(({ processor }) => (processor === null ? [] : [processor]));
  return known.length === 0 ? null : median(known);
}

/** The median of the ratios within each round, which is robust against slow phases of the machine. */
export function ratio(ours: readonly Measured[], theirs: readonly Measured[]): number {
  return median(ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Number.NaN)));
}

function goalsOf(samples: Samples): Goal[] {
  const ours = samples.get(UNDERSTUDY) ?? [];
  return [
    { peer: LIMIT, least: 0.7 },
    { peer: WITHOUT_TRIGGERS, least: 0.6 },
    { peer: PRISM, least: 8 },
  ].flatMap(({ peer, least }) => {
    const theirs = samples.get(peer);
    if (theirs === undefined) return [];
    return [{ part: 'delete', what: `DELETE, against ${peer.name}`, value: ratio(ours, theirs), unit: 'times', least }];
  });
}
