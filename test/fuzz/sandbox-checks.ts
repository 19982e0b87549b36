// Invariants of a sandbox: a consistent database, a correct ledger, and a state that can be restored.
import Sqlite from 'better-sqlite3';
import { PROVIDERS } from '../../src/providers/index.ts';
import type { TestServer } from '../harness.ts';
import { Breach } from './invariants.ts';
import type { WireAnswer } from './socket-client.ts';

type Rows = Record<string, unknown>[];

/** A name that is used for nothing else. */
const SNAPSHOT = 'sound-or-not';

/**
 * Checks a sandbox. Throws a Breach when the database is damaged, a receipt miscounts, or the state cannot be restored.
 */
export async function checkSandbox(call: TestServer['call'], name: string): Promise<void> {
  const at = (path: string) => `/__admin/${path}${path.includes('?') ? '&' : '?'}sandbox=${name}`;
  await expected(call('POST', at('snapshots'), { json: { name: SNAPSHOT } }), 201, `a snapshot of ${name}`);
  const file = await call('GET', at(`snapshots/${SNAPSHOT}/export`), { binary: true });
  await expected(call('DELETE', at(`snapshots/${SNAPSHOT}`)), 204, `the snapshot of ${name}`);
  checkDatabase(file.body, name);
  const { deletions } = (await call('GET', at('deletions?limit=100'))).body;
  for (const receipt of deletions) checkCounts(receipt);
  const before = (await call('GET', at('state'))).body;
  await expected(call('PUT', at('state'), { json: before }), 204, `the state of ${name}, restored`);
  const after = (await call('GET', at('state'))).body;
  if (JSON.stringify(before) !== JSON.stringify(after))
    throw new Breach(`the state of ${name} differs after it was restored:\n${differing(before, after)}`);
}

async function expected(asked: ReturnType<TestServer['call']>, status: number, what: string): Promise<void> {
  const answer = await asked;
  if (answer.status !== status)
    throw new Breach(`${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 1000)}`);
}

/** Throws a Breach when SQLite reports an inconsistency of the file. */
export function checkDatabase(file: Buffer, name: string): void {
  const db = new Sqlite(file);
  try {
    const lost = db.pragma('foreign_key_check') as object[];
    const [{ integrity_check: verdict } = { integrity_check: '' }] = db.pragma('integrity_check') as {
      integrity_check: string;
    }[];
    if (lost.length > 0) throw new Breach(`${name} has dangling references: ${JSON.stringify(lost.slice(0, 3))}`);
    if (verdict !== 'ok') throw new Breach(`${name} is damaged: ${verdict}`);
  } finally {
    db.close();
  }
}

function checkCounts({ requestId, root, deleted, counts, truncated }: any): void {
  if (truncated === true) return;
  const counted: Record<string, number> = {};
  for (const { resource } of [root, ...deleted]) counted[resource] = (counted[resource] ?? 0) + 1;
  for (const resource of new Set([...Object.keys(counts), ...Object.keys(counted)]))
    if (counts[resource] !== counted[resource])
      throw new Breach(
        `the receipt ${requestId} counts ${counts[resource]} ${resource} and lists ${counted[resource]}`,
      );
}

/** Checks the receipt of a DELETE against the rows. Throws a Breach. */
export async function checkReceipt(call: TestServer['call'], { headers }: WireAnswer): Promise<void> {
  const { 'x-understudy-request': id, 'x-understudy-sandbox': name } = headers;
  const receipt = (await call('GET', `/__admin/deletions/${id}?sandbox=${name}`)).body;
  if (receipt.root === undefined) throw new Breach(`no receipt of the deletion ${id}: ${JSON.stringify(receipt)}`);
  checkCounts(receipt);
  const provider = PROVIDERS.find((one) => one.name === receipt.provider);
  const state = (await call('GET', `/__admin/state?provider=${receipt.provider}&sandbox=${name}`)).body[
    receipt.provider
  ];
  const find = ({ resource, id }: { resource: string; id: string }) => {
    const { key } = provider?.resources.find((one) => one.name === resource) as { key: string };
    return (state[resource] as Rows).find((row) => row[key] === id || row.id === id);
  };
  for (const gone of [receipt.root, ...receipt.deleted])
    if ((find(gone) !== undefined) !== receipt.dryRun)
      throw new Breach(`the receipt ${id} (dryRun ${receipt.dryRun}) is wrong about ${gone.resource} ${gone.id}`);
  const linked = new Set(provider?.links?.map((table) => table.field));
  // A link is gone when nothing in the row names the other end; a column is empty then.
  for (const { field, ...left } of receipt.detached)
    if (
      !receipt.dryRun &&
      (linked.has(field) ? JSON.stringify(find(left)).includes(receipt.root.id) : find(left)?.[field] !== null)
    )
      throw new Breach(`the receipt ${id} says that ${left.resource} ${left.id} has lost its ${field}`);
}

/** The resources that differ, with their first different rows. */
function differing(before: any, after: any): string {
  return Object.keys(before)
    .flatMap((provider) =>
      Object.keys(before[provider]).map((part) => [
        before[provider][part],
        after[provider]?.[part],
        `${provider}.${part}`,
      ]),
    )
    .filter(([one, other]) => JSON.stringify(one) !== JSON.stringify(other))
    .map(([one, other, name]) => {
      const at = Array.isArray(one)
        ? one.findIndex((row, n) => JSON.stringify(row) !== JSON.stringify(other?.[n]))
        : -1;
      return `${name} ${JSON.stringify(at === -1 ? [one, other] : [one[at], other?.[at]])}`.slice(0, 1000);
    })
    .join('\n');
}
