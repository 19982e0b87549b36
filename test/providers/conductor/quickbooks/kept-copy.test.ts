// A copy that an integration keeps by updatedAfter and the deletions feed equals the company file.
import t from 'tap';
import { type Books, type Json, openBooks, story } from './books.ts';
import { SALES_LISTS } from './larkspur.ts';

/** What an integration keeps: the transactions and lists it has seen, by id. */
class Copy {
  readonly #rows = new Map<string, Map<string, Json>>();
  #since: string | null = null;

  static readonly lists = ['customers', 'inventory-items', 'service-items'];
  static readonly feeds: Readonly<Record<string, string>> = {
    'sales-orders': 'sales_order',
    invoices: 'invoice',
    'sales-receipts': 'sales_receipt',
    'credit-memos': 'credit_memo',
    'receive-payments': 'receive_payment',
    'credit-card-refunds': 'ar_refund_credit_card',
    deposits: 'deposit',
  };

  /** Takes over what changed since the last time. */
  async sync(books: Books, now: string): Promise<void> {
    for (const path of [...Copy.lists, ...Object.keys(Copy.feeds)]) {
      const rows = this.#rows.get(path) ?? new Map<string, Json>();
      this.#rows.set(path, rows);
      const since = this.#since === null ? '' : `updatedAfter=${encodeURIComponent(this.#since)}&`;
      for (const row of await books.list(`${path}?${since}${path in Copy.feeds ? '' : 'status=all'}`))
        rows.set(row.id, row);
    }
    const types = Object.values(Copy.feeds).map((type) => `transactionTypes=${type}`);
    const since = this.#since === null ? '' : `&deletedAfter=${encodeURIComponent(this.#since)}`;
    for (const { id } of await books.list(`deleted-transactions?${types.join('&')}${since}`)) {
      for (const rows of this.#rows.values()) rows.delete(id);
    }
    this.#since = now || null;
  }

  /** The copy in a form that is compared with the file: balances and stock follow from other rows, not from a change. */
  get rows(): Json {
    return Object.fromEntries([...this.#rows].map(([path, rows]) => [path, [...rows.values()].map(own).sort(byId)]));
  }
}

const byId = (one: Json, other: Json) => (one.id < other.id ? -1 : 1);

/** What follows from other rows: balances, stock, and in rows about another transaction what is left of that one. */
const COMPUTED = ['balance', 'totalBalance', 'quantityOnHand', 'quantityOnSalesOrder', 'averageCost', 'unusedCredits'];
const COMPUTED_IN_ROWS = ['balanceRemaining', 'creditRemaining'];

/** A row without what follows from other rows; names of references are those of the copy's own lists. */
function own(row: Json): Json {
  const shown = Object.entries(row).filter(([key]) => !COMPUTED.includes(key));
  return Object.fromEntries(shown.map(([key, value]) => [key, withoutNames(value)]));
}

function withoutNames(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNames);
  if (typeof node !== 'object' || node === null) return node;
  if (Object.keys(node).join() === 'id,fullName') return (node as Json).id;
  const kept = Object.entries(node).filter(([key]) => !COMPUTED_IN_ROWS.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutNames(value)]));
}

story('a copy that is kept by updatedAfter and the deletions feed equals the file', async (t, books) => {
  const ids = await books.ids(...SALES_LISTS);
  const copy = new Copy();
  const check = async (what: string) => {
    const whole = new Copy();
    await whole.sync(books, '');
    t.strictSame(copy.rows, whole.rows, what);
  };
  await copy.sync(books, '2025-02-20T12:00:00+00:00');
  await check('the first time');

  await books.at('2025-02-20T12:00:05.500Z');
  const customer = await books.make('customers', { name: 'Newcomer', email: 'new@example.com' });
  const common = { customerId: customer.id, transactionDate: '2025-02-20' };
  const order = await books.make('sales-orders', { ...common, lines: [{ itemId: ids.Widget, quantity: 4 }] });
  const memo = await books.make('credit-memos', { ...common, lines: [{ itemId: ids.Widget, quantity: 1 }] });
  await copy.sync(books, '2025-02-20T12:00:05+00:00');
  await check('after the first sales');

  await books.at('2025-02-20T12:10:00.000Z');
  const invoice = await books.make('invoices', { ...common, linkToTransactionIds: [order.id] });
  const payment = await books.make('receive-payments', { ...common, totalAmount: '80.00', isAutoApply: true });
  const receipt = await books.make('sales-receipts', { ...common, lines: [{ itemId: ids.Consulting }] });
  await copy.sync(books, '2025-02-20T12:10:00+00:00');
  await check('after an invoice of the order and a payment');

  await books.at('2025-02-20T12:20:00.000Z');
  await books.change('invoices', invoice.id, {
    applyCredits: [{ creditTransactionId: memo.id, appliedAmount: '20.00' }],
  });
  await books.make('credit-card-refunds', {
    ...common,
    refundAppliedToTransactions: [{ transactionId: memo.id, refundAmount: '5.00' }],
  });
  await copy.sync(books, '2025-02-20T12:20:00+00:00');
  await check('after a credit and a refund');

  await books.at('2025-02-20T12:30:00.000Z');
  const deposit = await books.make('deposits', {
    transactionDate: '2025-02-20',
    depositToAccountId: ids.Checking,
    lines: [{ paymentTransactionId: payment.id }, { paymentTransactionId: receipt.id }],
  });
  await books.change('customers', customer.id, { name: 'Regular', isActive: false });
  await copy.sync(books, '2025-02-20T12:30:00+00:00');
  await check('after a deposit and a new name');

  await books.at('2025-02-20T12:40:00.000Z');
  await books.ok('DELETE', `deposits/${deposit.id}`);
  await books.ok('DELETE', `receive-payments/${payment.id}`);
  await books.ok('POST', `sales-receipts/${receipt.id}/void`);
  await copy.sync(books, '2025-02-20T12:40:00+00:00');
  await check('after deletions and a void');

  await books.at('2025-02-20T12:50:00.000Z');
  await books.ok('DELETE', `invoices/${invoice.id}`);
  await copy.sync(books, '2025-02-20T12:50:00+00:00');
  await check('after the invoice is deleted');
});

t.test('the feed of deletions forgets after 90 days', async (t) => {
  const books = await openBooks(t);
  const [payment] = await books.list('deposits');
  await books.ok('DELETE', `deposits/${payment?.id}`);
  const feed = () => books.list('deleted-transactions?transactionTypes=invoice&transactionTypes=deposit');
  await books.at('2025-05-21T12:00:00.000Z');
  t.match(await feed(), [{ id: payment?.id, transactionType: 'deposit', deletedAt: '2025-02-20T12:00:00+00:00' }]);
  await books.at('2025-05-21T12:00:00.001Z');
  t.strictSame(await feed(), []);
});
