// The deletion ledger: tables and generated triggers that record, in the same transaction, the rows a delete removes.
import type { LinkTable } from '../provider/provider.ts';
import { type Resource, tableOf } from '../provider/resource.ts';
import type { Database } from '../storage/database.ts';

/** Retention: the number of receipts that a sandbox shows. */
export const MAX_RECEIPTS = 1000;
/** Retention: the number of ledger rows that a sandbox keeps; a larger newest receipt is kept whole. */
export const MAX_LEDGER_ROWS = 100_000;
/** A deletion of more rows than this is followed by pruning at once. */
const MANY_ROWS = 1000;
/** Old receipts are pruned in groups: pruning one per deletion would add a tenth to its time. */
const PRUNED_AT_ONCE = 50;
/** Ledger rows that are pruned at a time, so that other requests do not wait; the others go with the next ones. */
const PRUNED_ROWS = 20_000;
/** The rows that a bounded deletion may record in a large database. */
const MOST_ROWS = 5000;

/**
 * The ledger rows of a deletion are consecutive and start after `ledger_after`, the last row before them. Reading and
 * pruning them therefore needs no index, which every row would have to be added to. Receipts are few enough to be
 * scanned for a request id.
 */
export const LEDGER_SCHEMA = `
create table deletions (
  seq integer primary key,
  request_id text not null,
  at text not null,
  provider text not null,
  operation text not null,
  provider_request_id text,
  dry_run integer not null default 0,
  answered integer not null default 1,
  ledger_after integer not null
) strict;
create table ledger (
  seq integer primary key,
  deletion integer not null,
  provider text not null,
  resource text not null,
  id text not null,
  via text,
  detached text
) strict;
create view receipts as
  select *, coalesce(
    (select next.ledger_after from deletions as next where next.seq > deletions.seq order by next.seq limit 1),
    (select max(seq) from ledger)
  ) as ledger_until from deletions where seq > (select max(seq) from deletions) - ${MAX_RECEIPTS};
create table current_request (one integer primary key check (one = 1), deletion integer) strict;
insert into current_request (one) values (1);
`;

interface ForeignKey {
  table: string;
  from: string;
  to: string;
  on_delete: string;
}

/**
 * Adds the triggers that write the ledger, derived from the schema: a deleted row is listed with the foreign key that
 * cascaded to it, a row that stays without its owner is listed as detached. Nothing is written while
 * `current_request` is empty, so resets and state writes leave no receipt.
 */
export function addLedgerTriggers(db: Database, provider: string, resources: readonly Resource[]): void {
  const triggered = new Set<string>();
  for (const resource of resources) {
    const table = tableOf(provider, resource);
    if (triggered.has(table)) continue;
    triggered.add(table);
    const name = resource.within === undefined ? `'${resource.name}'` : `old."${resource.within.column}"`;
    const keys = db.pragma<ForeignKey>(`foreign_key_list("${table}")`);
    // When a child's trigger runs, its parent is already deleted: that reveals which key cascaded.
    const cascades = keys
      .filter((key) => key.on_delete === 'CASCADE')
      .map((key) => `when ${orphaned(key)} then ${name} || '.${key.from}'`);
    const columns = `insert into ledger (deletion, provider, resource, id, via, detached) select deletion, '${provider}', ${name}, old."${resource.key}"`;
    const recording = 'from current_request where deletion is not null';
    db.execute(`create trigger "ledger_${table}" after delete on "${table}" begin
      ${columns}, ${cascades.length > 0 ? `case ${cascades.join(' ')} end` : 'null'}, null ${recording};
    end`);
    for (const key of keys.filter((key) => key.on_delete === 'SET NULL')) {
      db.execute(`create trigger "ledger_${table}_${key.from}" after update of "${key.from}" on "${table}"
        when old."${key.from}" is not null and new."${key.from}" is null and ${orphaned(key)} begin
        ${columns}, null, '${key.from}' ${recording};
      end`);
    }
  }
}

/**
 * Adds the trigger that lists the surviving end of a link as detached when the other end is deleted. An end whose own
 * owner is being deleted does not survive.
 */
export function addLinkTrigger(db: Database, provider: string, { table, between, ends, field }: LinkTable): void {
  const objects = `${provider}_${between.table}`;
  const both = ends.map((end) => `old."${end}"`).join(', ');
  const owners = db
    .pragma<ForeignKey>(`foreign_key_list("${objects}")`)
    .map((key) => `and exists (select 1 from "${key.table}" where "${key.to}" = rest."${key.from}")`);
  db.execute(`create trigger "ledger_${provider}_${table}" after delete on "${provider}_${table}" begin
    insert into ledger (deletion, provider, resource, id, via, detached)
    select deletion, '${provider}', rest."${between.column}", rest.id, null, '${field}'
      from current_request join "${objects}" as rest on rest.seq in (${both})
      where deletion is not null and (select count(*) from "${objects}" where seq in (${both})) = 1 ${owners.join(' ')};
  end`);
}

function orphaned(key: ForeignKey): string {
  return `not exists (select 1 from "${key.table}" where "${key.to}" = old."${key.from}")`;
}

/** The request that a deletion is recorded for. */
export interface DeletionHead {
  readonly requestId: string;
  readonly at: string;
  readonly provider: string;
  readonly operation: string;
  readonly providerRequestId: string | null;
}

/** How a deletion is run. */
export interface DeletionOptions {
  /** Roll everything back, generated ids included, and store only the receipt of what would have been deleted. */
  readonly dryRun?: boolean;
  /** Refuse to delete very many rows in a large database, which would keep other requests waiting. */
  readonly bounded?: boolean;
}

/** A bounded deletion would delete too many rows at once; nothing has changed. */
export class LargeDeletion extends Error {}

/**
 * Runs `work` in one transaction and writes a receipt of every row it deletes or detaches, cascades included.
 * When it throws, rows and receipts stay unchanged; when it deletes nothing, there is no receipt.
 *
 * @throws LargeDeletion with `bounded`
 */
export function recordDeletion<T>(
  db: Database,
  head: DeletionHead,
  work: () => T,
  { dryRun = false, bounded = false }: DeletionOptions = {},
): T {
  if (db.large) setBound(db, bounded);
  try {
    return dryRun ? dryRunDeletion(db, head, work) : realDeletion(db, head, work);
  } catch (error) {
    throw error instanceof Error && error.message === TOO_MANY ? new LargeDeletion() : error;
  }
}

const TOO_MANY = 'understudy: too many rows at once';

/** Sets or removes the trigger that interrupts a deletion; it belongs to the connection and is not stored. */
function setBound(db: Database, bounded: boolean): void {
  db.execute(
    bounded
      ? `create temp trigger if not exists ledger_bound after insert on main.ledger
          when new.seq > ${MOST_ROWS} + (select ledger_after from deletions where seq = new.deletion) begin
          select raise(abort, '${TOO_MANY}'); end`
      : 'drop trigger if exists temp.ledger_bound',
  );
}

function realDeletion<T>(db: Database, head: DeletionHead, work: () => T): T {
  return db.transaction(() => {
    const { seq, entries, result } = recorded(db, head, work);
    if (entries > 0) pruneOldest(db, seq, entries);
    else db.run('delete from deletions where seq = ?', seq);
    return result;
  });
}

/** Marks a request's receipt, if any: the provider's response did not reach the client. */
export function markUnanswered(db: Database, requestId: string): void {
  db.run('update deletions set answered = 0 where request_id = ?', requestId);
}

function recorded<T>(db: Database, head: DeletionHead, work: () => T): { seq: number; entries: number; result: T } {
  const before = lastEntry(db);
  const seq = openReceipt(db, head, before, 0);
  db.run('update current_request set deletion = ?', seq);
  const result = work();
  db.run('update current_request set deletion = null');
  return { seq, entries: lastEntry(db) - before, result };
}

/** Runs `work`, rolls it back, and writes the ledger rows again, since the rollback removes them too. */
function dryRunDeletion<T>(db: Database, head: DeletionHead, work: () => T): T {
  const { result, rows } = db.rollBackAfter(() => {
    const { seq, result } = recorded(db, head, work);
    const rows = db.all<Entry>(
      `select ${ENTRY} from ledger where seq > (select ledger_after from deletions where seq = ?) order by seq`,
      seq,
    );
    return { result, rows };
  });
  if (rows.length > 0) {
    db.transaction(() => {
      const seq = openReceipt(db, head, lastEntry(db), 1);
      for (const row of rows) addEntry(db, seq, row);
      pruneOldest(db, seq, rows.length);
    });
  }
  return result;
}

/** The columns of a ledger row that do not depend on its place. */
export const ENTRY = 'provider, resource, id, via, detached';

/** A row of the ledger, apart from its place. */
export interface Entry {
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  readonly via: string | null;
  readonly detached: string | null;
}

/** Adds a row to a receipt, the newest one. */
export function addEntry(db: Database, deletion: number, { provider, resource, id, via, detached }: Entry): void {
  db.run(
    `insert into ledger (deletion, ${ENTRY}) values (?, ?, ?, ?, ?, ?)`,
    deletion,
    provider,
    resource,
    id,
    via,
    detached,
  );
}

/** The `seq` of the ledger's last row; 0 when it is empty. */
export function lastEntry(db: Database): number {
  return db.get<{ last: number | null }>('select max(seq) as last from ledger')?.last ?? 0;
}

/** Adds a receipt without rows, which are added after it; returns its `seq`. */
export function openReceipt(db: Database, head: DeletionHead, after: number, dryRun: 0 | 1): number {
  // The rowid of an insert: `returning` would add a sixth to the time of a deletion.
  return db.insert(
    'insert into deletions (request_id, at, provider, operation, provider_request_id, dry_run, ledger_after) values (?, ?, ?, ?, ?, ?, ?)',
    head.requestId,
    head.at,
    head.provider,
    head.operation,
    head.providerRequestId,
    dryRun,
    after,
  );
}

function pruneOldest(db: Database, newest: number, entries: number): void {
  if (newest % PRUNED_AT_ONCE !== 0 && entries <= MANY_ROWS) return;
  pruneReceipts(db, newest);
  pruneEntries(db);
}

/** Deletes the oldest receipts that are not retained beside the newest one. */
export function pruneReceipts(db: Database, newest: number): void {
  db.run(
    'delete from deletions where seq < ? and (seq <= ? or ledger_after < ?)',
    newest,
    newest - MAX_RECEIPTS,
    lastEntry(db) - MAX_LEDGER_ROWS,
  );
}

/** Deletes the oldest rows that no receipt shows any more; returns how many. */
export function pruneEntries(db: Database): number {
  return db.run(
    `delete from ledger where seq <= (select min(min(ledger_after), (select min(seq) from ledger) + ${PRUNED_ROWS - 1}) from deletions)`,
  );
}
