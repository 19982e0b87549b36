// What is open of what customers owe and vendors are owed, at the end of a day.
import type { CompanyFile, Json } from '../company-file.ts';
import { lineOf } from '../lines.ts';
import { linksOf } from '../links.ts';
import { bodiesOf, type Entry, type Ledger } from './ledger.ts';
import type { Period } from './period.ts';

/** What is open of a transaction with somebody, in cents: positive for what customers owe and what vendors are owed. */
export interface OpenItem extends Entry {
  readonly dueDate: string;
  readonly open: number;
}

/**
 * What is open of postings: what each transaction posts to a receivable or payable, less what is linked with it by amount
 * until a day. The open items of all postings until that day add up to the account.
 */
export function openItems(
  { file, ledger, period }: { file: CompanyFile; ledger: Ledger; period: Period },
  accountType: 'accounts_receivable' | 'accounts_payable',
  asOf: string,
): OpenItem[] {
  const items = postedItems(ledger, accountsOfType(file, accountType), accountType === 'accounts_payable' ? -1 : 1);
  const links = linksOf(file, [...new Set(items.map(({ seq }) => seq))]);
  const dates = datesOf(file, 'transactionDate', [...new Set([...links.values()].flat().map(({ other }) => other))]);
  const byLine = items.filter(({ seq }) => links.get(seq)?.some(({ ownLine }) => ownLine !== null));
  const bodies = bodiesOf(file, byLine);
  const open = items.flatMap((item) => {
    const own = links.get(item.seq) ?? [];
    // What a bill bills of a receipt is open with the bill, once both are there.
    const billing = own.filter(({ linkType }) => linkType === 'billing');
    const posted = billing
      .filter(({ other }) => (dates.get(other) as string) <= period.to)
      .reduce((sum, { amount, outward }) => sum + (outward ? amount : -amount), item.open);
    // A bill posts what it does not bill of receipts, which may be nothing; it is owed all the same.
    const side = billing.some(({ outward }) => outward) ? 1 : Math.sign(posted);
    const applied = own
      .filter(({ linkType, other }) => linkType === 'amount' && (dates.get(other) as string) <= asOf)
      .filter(({ ownLine }) => ownLine === null || entityOfLine(bodies.get(item.seq) as Json, ownLine) === item.entity)
      .reduce((sum, { amount }) => sum + amount, 0);
    const left = posted - side * applied;
    return left === 0 ? [] : [{ ...item, open: left }];
  });
  const due = datesOf(
    file,
    'dueDate',
    open.map(({ seq }) => seq),
  );
  return open.map((item) => ({ ...item, dueDate: due.get(item.seq) ?? item.date }));
}

/** What is open, by whose it is. */
export function byParty(items: readonly OpenItem[]): Map<string | null, OpenItem[]> {
  const found = new Map<string | null, OpenItem[]>();
  for (const item of items) {
    const theirs = found.get(item.entity);
    if (theirs === undefined) found.set(item.entity, [item]);
    else theirs.push(item);
  }
  return found;
}

/** The ids of the accounts of a type. */
export function accountsOfType(file: CompanyFile, accountType: string): string[] {
  return file.all('accounts').flatMap(({ id, body }) => (body.accountType === accountType ? [id] : []));
}

/** What each transaction posts to accounts for somebody, as the item of that posting. */
function postedItems(ledger: Ledger, accounts: readonly string[], sign: 1 | -1): (Entry & { open: number })[] {
  const sums = new Map<string, Entry & { open: number }>();
  for (const entry of ledger.entries({ accounts })) {
    const key = `${entry.seq} ${entry.entity}`;
    sums.set(key, { ...entry, open: (sums.get(key)?.open ?? 0) + sign * entry.amount });
  }
  return [...sums.values()];
}

/** A date of transactions, by their numbers; those that have none are null. */
function datesOf(
  file: CompanyFile,
  field: 'transactionDate' | 'dueDate',
  seqs: readonly number[],
): Map<number, string | null> {
  const rows = file.db.all<{ seq: number; date: string | null }>(
    'select seq, body ->> ? as date from conductor_quickbooksObjects where seq in (select value from json_each(?))',
    field,
    JSON.stringify(seqs),
  );
  return new Map(rows.map(({ seq, date }) => [seq, date]));
}

/** Whose the line of a journal entry is. */
function entityOfLine(body: Json, id: string): string | undefined {
  return (lineOf(body, id)?.entity as { id: string } | undefined)?.id;
}
