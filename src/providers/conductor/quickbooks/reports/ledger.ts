// The ledger that reports are made of: postings up to a day, and sums of them.
import type { Cell } from '../../../../core/row.ts';
import type { CompanyFile, Json } from '../company-file.ts';
import { conditionsOf } from './parameters.ts';

/** Account types whose balances begin again each fiscal year. */
export const INCOME_STATEMENT = ['income', 'cost_of_goods_sold', 'expense', 'other_income', 'other_expense'];

/** Where reports show what was earned in earlier years: the account of that name, or a row of its own without an id. */
export function retainedEarnings(file: CompanyFile): { readonly id: string; readonly name: string } {
  const name = 'Retained Earnings';
  const own = file.all('accounts').find(({ body }) => body.accountType === 'equity' && body.name === name);
  return { id: own?.id ?? '', name };
}

/** One posting of a report, in cents, debits positive. */
export interface Entry {
  /** The number of the object that posts. */
  readonly seq: number;
  readonly id: string;
  readonly resource: string;
  readonly date: string;
  readonly account: string;
  readonly amount: number;
  readonly entity: string | null;
  readonly item: string | null;
  readonly class: string | null;
  readonly quantity: number | null;
}

/** Which of a ledger's postings are meant: from a day on, before a day, to some accounts. */
interface Part {
  readonly from?: string;
  readonly before?: string;
  readonly accounts?: readonly string[];
}

/**
 * The postings up to a day that a report asks for. Income and expenses posted before the day `closed` are retained
 * earnings, as QuickBooks closes its years.
 */
export class Ledger {
  readonly #file: CompanyFile;
  readonly #from: string;
  readonly #values: readonly Cell[];

  /** @throws Failure 500 for a name or id of nothing, 1030 for a kind of accounts that is not emulated */
  constructor(file: CompanyFile, query: Json, to: string, closed = '') {
    const { sql, values } = conditionsOf(file, query);
    const yearly = file.all('accounts').filter(({ body }) => INCOME_STATEMENT.includes(body.accountType as string));
    this.#file = file;
    this.#from = `from (
        select object.seq, object.id, object.resource, posting.date, posting.amount, posting.entity, posting.item,
          posting.class, posting.quantity, object.createdAt, posting.seq as posting,
          iif(posting.date < ? and posting.account in (select value from json_each(?)), ?, posting.account) as account
        from conductor_quickbooksPostings as posting
        join conductor_quickbooksObjects as object on object.seq = posting.object
        where object.endUserId = ? and posting.date <= ?
      ) where ${['true', ...sql].join(' and ')}`;
    const incomes = JSON.stringify(yearly.map(({ id }) => id));
    this.#values = [closed, incomes, retainedEarnings(file).id, file.endUserId, to, ...values];
  }

  /** The postings, by date and age. */
  entries(part: Part = {}): Entry[] {
    return this.#read<Entry>('select *', part, 'order by date, createdAt, seq, posting');
  }

  /** The sums of postings by account or by party, in cents. */
  sums(by: 'account' | 'entity', part: Part = {}): Map<string | null, number> {
    const rows = this.#read<{ key: string | null; sum: number }>(
      `select ${by} as key, sum(amount) as sum`,
      part,
      `group by ${by}`,
    );
    return new Map(rows.map(({ key, sum }) => [key, sum]));
  }

  #read<Row>(select: string, { from, before, accounts }: Part, more: string): Row[] {
    const parts: [condition: string, value: string][] = [];
    if (from !== undefined) parts.push(['date >= ?', from]);
    if (before !== undefined) parts.push(['date < ?', before]);
    if (accounts !== undefined) parts.push(['account in (select value from json_each(?))', JSON.stringify(accounts)]);
    return this.#file.db.all<Row>(
      `${select} ${this.#from} ${parts.map(([condition]) => `and ${condition}`).join(' ')} ${more}`,
      ...this.#values,
      ...parts.map(([, value]) => value),
    );
  }
}

/** The bodies of the objects that post, by their numbers. */
export function bodiesOf(file: CompanyFile, entries: readonly { readonly seq: number }[]): Map<number, Json> {
  return new Map(file.read([...new Set(entries.map(({ seq }) => seq))]).map(({ seq, body }) => [seq, body]));
}

/** The names of list objects by id. */
export function namesOf(file: CompanyFile, resources: readonly string[]): Map<string, string> {
  return new Map(
    resources.flatMap((path) =>
      file.all(path).map(({ id, body }) => [id, String(body.fullName ?? body.name)] as const),
    ),
  );
}
