// Measures DELETEs at all three providers against the limit: the same SQL in a bare server.
import { userId } from '../test/large-fixtures.ts';
import { crowd } from './fixtures.ts';
import { request } from './load.ts';
import { median } from './numbers.ts';
import { KEY, LIMIT, UNDERSTUDY, WITHOUT_TRIGGERS } from './peers.ts';
import type { Extent, Found, Say } from './results.ts';
import { processorOf, ratio, takeTurns } from './throughput.ts';

const PATHS = {
  proficient: '/proficient/users',
  pagecall: '/pagecall/v1/users',
  conductor: '/conductor/v1/end-users',
} as const;

/** Measures a DELETE at each provider with Understudy, the limit, and the limit without triggers. */
export async function measureLimit(extent: Extent, scratch: string, say: Say): Promise<Found> {
  const fixtures = crowd(scratch, extent.users);
  const rows: { name: string; values: (number | null)[] }[] = [];
  const goals: Found['goals'][number][] = [];
  for (const [provider, path] of Object.entries(PATHS) as [keyof typeof PATHS, string][]) {
    const remove = (n: number) => (n < extent.users ? request('DELETE', `${path}/${userId[provider](n)}`, KEY) : null);
    const samples = await takeTurns([UNDERSTUDY, LIMIT, WITHOUT_TRIGGERS], extent, fixtures, scratch, say, (peer) => {
      say(`limit: ${provider}, ${peer.name}`);
      return { request: remove, status: 200 };
    });
    const [ours = [], limit = [], without = []] = samples.values();
    const shares = [ratio(ours, limit), ratio(ours, without)] as const;
    const rates = [ours, limit, without].map((all) => median(all.map(({ perSecond }) => perSecond)));
    rows.push({ name: provider, values: [...rates, ...shares, ...[ours, limit, without].map(processorOf)] });
    goals.push(
      {
        part: 'limit',
        what: `DELETE at ${provider}, against the same SQL`,
        value: shares[0],
        unit: 'times',
        least: 0.7,
      },
      {
        part: 'limit',
        what: `DELETE at ${provider}, against the same SQL without triggers`,
        value: shares[1],
        unit: 'times',
        least: 0.6,
      },
    );
  }
  const columns = [
    'Understudy, per second',
    'same SQL',
    'without triggers',
    'share of the same SQL',
    'of it without triggers',
    'CPU time per DELETE, µs',
    'same SQL, µs',
    'without triggers, µs',
  ];
  const notes = [
    `Each of ${extent.users.toLocaleString('en-US')} users once, with the rows it owns. Medians of ${extent.rounds} rounds. Understudy's journal, receipts and fault matching are on.`,
  ];
  return { tables: [{ part: 'limit', title: 'DELETE at each provider, and its limit', columns, rows, notes }], goals };
}
