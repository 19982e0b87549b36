// Receipts: what a deletion did, read from the ledger that its transaction wrote.
import type { Provider } from '../provider/provider.ts';
import type { Cell } from '../row.ts';
import type { Database } from '../storage/database.ts';
import { Slices } from '../storage/slices.ts';
import type { Receipt } from './receipt-schema.ts';

/** Maximum number of rows that a receipt lists; its counts include all. */
const LISTED = 10_000;

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
    const receipt = receiptOf(db, providers, head);
    // The oldest ones may have been dropped meanwhile.
    if (receipt !== undefined) receipts.push(receipt);
    await slices.afterStep();
  }
  return { receipts, total };
}

/** The receipt of a request, if it deleted anything and the receipt is retained. */
export function readReceipt(db: Database, providers: readonly Provider[], requestId: string): Receipt | undefined {
  const head = db.get<Head>('select * from receipts where request_id = ?', requestId);
  return head && receiptOf(db, providers, head);
}

/** Whether there is a retained receipt of a request, dry runs included. */
export function hasReceipt(db: Database, requestId: string): boolean {
  return db.get('select 1 from receipts where request_id = ?', requestId) !== undefined;
}

/** The ids of all requests with a receipt; one query for many look-ups. */
export function withReceipts(db: Database): ReadonlySet<string> {
  return new Set(db.all<{ request_id: string }>('select request_id from receipts').map((row) => row.request_id));
}

function receiptOf(db: Database, providers: readonly Provider[], head: Head): Receipt | undefined {
  // SQLite deletes owned rows before their owner; receipts list owners first.
  const owners = (providers.find(({ name }) => name === head.provider) as Provider).resources;
  const ranked = `case resource ${owners.map(({ name }, rank) => `when '${name}' then ${rank}`).join(' ')} end, seq`;
  const own = 'seq > ? and seq <= ?';
  const range = [head.ledger_after, head.ledger_until];
  const root = db.get<Entry>(
    `select * from ledger where ${own} and via is null and detached is null order by ${ranked} limit 1`,
    ...range,
  );
  if (root === undefined) return undefined;
  const rows = db.all<Entry>(
    `select * from ledger where ${own} and seq <> ? order by ${ranked} limit ?`,
    ...range,
    root.seq,
    LISTED + 1,
  );
  const counts = db.all<{ resource: string; rows: number }>(
    `select resource, count(*) as rows from ledger where ${own} and detached is null group by resource order by ${ranked}`,
    ...range,
  );
  const listed = rows.slice(0, LISTED);
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
    counts: Object.fromEntries(counts.map(({ resource, rows }) => [resource, rows])),
    dryRun: head.dry_run === 1,
    answered: head.answered === 1,
    ...(rows.length > LISTED ? { truncated: true as const } : {}),
  };
}
