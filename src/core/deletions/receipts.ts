// Receipts: what a deletion did, read from the ledger that its transaction wrote.
import type { Provider } from '../provider/provider.ts';
import type { Cell } from '../row.ts';
import type { Database } from '../storage/database.ts';
import { Slices } from '../storage/slices.ts';
import type { Receipt } from './receipt-schema.ts';

/** Maximum number of rows that a receipt lists; its counts include all. */
const LISTED = 10_000;
/** Ledger rows that are read at a time. */
const READ_AT_ONCE = 20_000;

/** The filter of a list of receipts. */
export interface ReceiptFilter {
  /** Only receipts after the one of this request. */
  readonly afterRequest?: string | undefined;
  /** Only receipts from this time (ISO 8601, UTC, milliseconds) on. */
  readonly from?: string | undefined;
  readonly provider?: string | undefined;
  readonly operation?: string | undefined;
  /** Only dry runs, or only real deletions. */
  readonly dryRun?: boolean | undefined;
  readonly limit: number;
}

interface Head {
  seq: number;
  request_id: string;
  at: string;
  provider: string;
  operation: string;
  provider_request_id: string | null;
  dry_run: 0 | 1;
  answered: 0 | 1;
  ledger_after: number;
  ledger_until: number;
}

interface Entry {
  seq: number;
  resource: string;
  id: string;
  via: string | null;
  detached: string | null;
}

/**
 * The matching receipts, newest first, and their number without the limit. Other requests are served in between, so the
 * caller must hold the sandbox.
 */
export async function readReceipts(
  db: Database,
  providers: readonly Provider[],
  { afterRequest, from, provider, operation, dryRun, limit }: ReceiptFilter,
): Promise<{ receipts: Receipt[]; total: number }> {
  const fitting = `from receipts where (? is null or seq > (select seq from deletions where request_id = ?))
    and (? is null or at >= ?) and (? is null or provider = ?) and (? is null or operation = ?)
    and (? is null or dry_run = ?)`;
  const dry = dryRun === undefined ? null : Number(dryRun);
  const values = [afterRequest, from, provider, operation, dry].flatMap((one): Cell[] => [one ?? null, one ?? null]);
  const heads = db.all<Head>(`select * ${fitting} order by seq desc limit ?`, ...values, limit);
  const { total } = db.get(`select count(*) as total ${fitting}`, ...values) as { total: number };
  const slices = new Slices(1);
  const receipts: Receipt[] = [];
  for (const head of heads) {
    const receipt = await receiptOf(db, providers, head, slices);
    // The oldest ones may have been dropped meanwhile.
    if (receipt !== undefined) receipts.push(receipt);
    await slices.afterStep();
  }
  return { receipts, total };
}

/**
 * The receipt of a request, if it deleted anything and the receipt is retained. The caller must hold the sandbox, as for
 * `readReceipts`.
 */
export async function readReceipt(
  db: Database,
  providers: readonly Provider[],
  requestId: string,
): Promise<Receipt | undefined> {
  const head = db.get<Head>('select * from receipts where request_id = ?', requestId);
  return head && (await receiptOf(db, providers, head, new Slices(1)));
}

async function receiptOf(
  db: Database,
  providers: readonly Provider[],
  head: Head,
  slices: Slices,
): Promise<Receipt | undefined> {
  const steps = receiptSteps(db, providers, head);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await slices.afterStep();
  return step.value;
}

/** Whether there is a retained receipt of a request, dry runs included. */
export function hasReceipt(db: Database, requestId: string): boolean {
  return db.get('select 1 from receipts where request_id = ?', requestId) !== undefined;
}

/** The ids of all requests with a receipt; one query for many look-ups. */
export function withReceipts(db: Database): ReadonlySet<string> {
  return new Set(db.all<{ request_id: string }>('select request_id from receipts').map((row) => row.request_id));
}

/** Reads a receipt; each step takes about 10 ms. */
function* receiptSteps(db: Database, providers: readonly Provider[], head: Head): Generator<void, Receipt | undefined> {
  // SQLite deletes owned rows before their owner; receipts list owners first.
  const { resources } = providers.find(({ name }) => name === head.provider) as Provider;
  const rank = new Map(resources.map(({ name }, rank) => [name, rank]));
  const rankOf = ({ resource }: { resource: string }) => rank.get(resource) as number;
  const inOrder = (a: Entry, b: Entry) => rankOf(a) - rankOf(b) || a.seq - b.seq;
  const ranks = `case resource ${resources.map(({ name }, rank) => `when '${name}' then ${rank}`).join(' ')} end`;
  const ranked = `${ranks}, seq`;
  const own = 'from ledger where seq > ? and seq <= ?';
  let roots: Entry[] = [];
  let rows: Entry[] = [];
  const counts = new Map<string, number>();
  for (let after = head.ledger_after; after < head.ledger_until; after += READ_AT_ONCE) {
    const range = [after, Math.min(after + READ_AT_ONCE, head.ledger_until)];
    const isRoot = 'via is null and detached is null';
    roots = [...roots, ...db.all<Entry>(`select * ${own} and ${isRoot} order by ${ranked} limit 1`, ...range)];
    // The first ones of all are among the first ones of each range. The root, one of them, is not listed again.
    const last = rows[LISTED + 1];
    const below = last === undefined ? resources.length : rankOf(last);
    const sql = `select * ${own} and ${ranks} < ? order by ${ranked} limit ?`;
    rows = [...rows, ...db.all<Entry>(sql, ...range, below, LISTED + 2)].sort(inOrder).slice(0, LISTED + 2);
    const found = db.all<{ resource: string; rows: number }>(
      `select resource, count(*) as rows ${own} and detached is null group by resource`,
      ...range,
    );
    for (const { resource, rows } of found) counts.set(resource, (counts.get(resource) ?? 0) + rows);
    yield;
  }
  const [root] = roots.sort(inOrder);
  if (root === undefined) return undefined;
  const others = rows.filter(({ seq }) => seq !== root.seq);
  const listed = others.slice(0, LISTED);
  const sorted = [...counts].sort(([a], [b]) => rankOf({ resource: a }) - rankOf({ resource: b }));
  return {
    requestId: head.request_id,
    ...(head.provider_request_id === null ? {} : { providerRequestId: head.provider_request_id }),
    at: head.at,
    provider: head.provider,
    operation: head.operation,
    root: { resource: root.resource, id: root.id },
    deleted: listed.filter(({ detached }) => detached === null).map(({ resource, id, via }) => ({ resource, id, via })),
    detached: listed.flatMap(({ resource, id, detached }) =>
      detached === null ? [] : [{ resource, id, field: detached }],
    ),
    counts: Object.fromEntries(sorted),
    dryRun: head.dry_run === 1,
    answered: head.answered === 1,
    ...(others.length > LISTED ? { truncated: true as const } : {}),
  };
}
