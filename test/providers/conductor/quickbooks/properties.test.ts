// What holds for every document and list: own lines sent back, ids, pages, cursors, and copies kept by an integration.
import t from 'tap';
import { type Books, type Json, NOW, openBooks, story } from './books.ts';

const LISTS = ['accounts', 'customers', 'service-items', 'inventory-items', 'other-charge-items', 'sales-tax-codes'];

/** Documents with lines of every kind: priced, discounted, a subtotal, a text, an amount that no rate divides. */
async function documents(books: Books): Promise<Record<string, Json>> {
  const ids = await books.ids(...LISTS);
  const account = { accountId: ids['Sales Income'], salesTaxCodeId: ids.Tax };
  const off = await books.make('discount-items', { name: '10% off', discountRatePercent: '10', ...account });
  const flat = await books.make('discount-items', { name: '2 off', discountRate: '2.00', ...account });
  const subtotal = await books.make('subtotal-items', { name: 'Subtotal' });
  const set = await books.make('item-groups', {
    name: 'Set',
    shouldPrintItemsInGroup: false,
    lines: [{ itemId: ids.Widget, quantity: 2 }, { itemId: ids.Freight }],
  });
  const body = {
    customerId: ids['Harbor Cafe'],
    transactionDate: '2025-02-20',
    memo: 'As agreed',
    lines: [
      { itemId: ids.Widget, quantity: 3, amount: '100.00', description: 'Widgets, third grade' },
      { itemId: ids.Consulting },
      { description: 'A text' },
      { itemId: subtotal.id },
      { itemId: off.id },
      { itemId: ids.Freight, quantity: 2.5, rate: '1.23456' },
      { itemId: flat.id },
    ],
    lineGroups: [{ itemGroupId: set.id, quantity: 2 }],
  };
  const made: Record<string, Json> = {};
  for (const path of ['estimates', 'sales-orders', 'invoices', 'sales-receipts', 'credit-memos']) {
    made[path] = await books.make(path, body);
  }
  return made;
}

/** A line as an update sends it back: the fields that responses and requests share, references as ids. */
function sentBack(line: Json): Json {
  const own = ['id', 'description', 'quantity', 'rate', 'ratePercent', 'amount', 'markupRate', 'markupRatePercent'];
  const fields = Object.entries(line).filter(([key, value]) => own.includes(key) && value !== null);
  const references = ['item', 'class', 'salesTaxCode'].filter((name) => line[name]?.id);
  return Object.fromEntries([...fields, ...references.map((name) => [`${name}Id`, line[name].id])]);
}

/** What does not change: everything but the revision and its time. */
const kept = ({ revisionNumber: _, updatedAt: __, ...rest }: Json) => rest;

story(
  'an update that sends the lines back, by id or as a whole, changes nothing but the revision',
  async (t, books) => {
    const made = await documents(books);
    const { postings: _, ...more } = { postings: null };
    for (const [path, { id }] of Object.entries(made)) {
      const before = await books.get(`${path}/${id}`);
      const row = async () =>
        ((await books.state())[path.replace(/-./, ([, letter]) => String(letter).toUpperCase())] ?? []).find(
          (one) => one.id === id,
        )?.body;
      const stored = await row();
      const groups = before.lineGroups.map((group: Json) => ({
        id: group.id,
        lines: group.lines.map(({ id }: Json) => ({ id })),
      }));
      const shapes: Record<string, Json> = {
        'ids alone': { lines: before.lines.map(({ id }: Json) => ({ id })), lineGroups: groups },
        'all fields': {
          lines: before.lines.map(sentBack),
          lineGroups: before.lineGroups.map((group: Json) => ({
            id: group.id,
            quantity: group.quantity,
            lines: group.lines.map(sentBack),
          })),
        },
        'no lines': { memo: before.memo, ...more },
      };
      for (const [shape, json] of Object.entries(shapes)) {
        const { revisionNumber } = await books.get(`${path}/${id}`);
        const answer = await books.change(path, id, json);
        t.ok(Number(answer.revisionNumber) > Number(revisionNumber), `${path}, ${shape}: a new revision`);
        t.strictSame(kept(await books.get(`${path}/${id}`)), kept(before), `${path}, ${shape}: the document`);
        t.strictSame(await row(), stored, `${path}, ${shape}: what is stored, postings included`);
      }
    }
  },
);

story('an id that was deleted is never given out again', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const seen = new Set<string>();
  for (let n = 0; n < 5; n++) {
    const invoice = await books.make('invoices', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Widget }],
    });
    for (const id of [invoice.id, invoice.lines[0].id]) {
      t.notOk(seen.has(id), `${id} is new`);
      seen.add(id);
    }
    await books.ok('DELETE', `invoices/${invoice.id}`);
  }
});

/** All pages of a list. */
async function paged(books: Books, path: string, limit: number): Promise<{ rows: Json[]; pages: Json[] }> {
  const pages: Json[] = [];
  let cursor: string | null = null;
  do {
    const page: Json = await books.get(`${path}?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { rows: pages.flatMap(({ data }) => data), pages };
}

story('the pages of a list joined are the list, whatever their size', async (t, books) => {
  const ids = await books.ids(...LISTS);
  for (let n = 0; n < 9; n++) {
    await books.make('invoices', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Consulting }],
    });
    await books.make('customers', { name: `Customer ${9 - n}` });
  }
  for (const [path, total] of [
    ['invoices', 11],
    ['customers', 12],
  ] as const) {
    const whole = await books.list(path);
    t.equal(whole.length, total);
    for (const limit of [1, 2, 5, 11, 12, 150]) {
      const { rows, pages } = await paged(books, path, limit);
      t.strictSame(rows, whole, `${path} by ${limit}`);
      const counts = pages.map((_, n) => Math.max(0, total - (n + 1) * limit));
      t.strictSame(
        pages.map(({ remainingCount }) => remainingCount),
        counts,
      );
      t.strictSame(
        pages.map(({ hasMore }) => hasMore),
        counts.map((count) => count > 0),
      );
      t.equal(
        new Set(pages.slice(0, -1).map(({ nextCursor }) => nextCursor)).size,
        pages.length > 1 ? 1 : 0,
        'one cursor',
      );
    }
  }
});

const later = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1000).toISOString();

story('a cursor lives for ten seconds after the last page, in the time of the sandbox', async (t, books) => {
  const first = await books.get('customers?limit=1');
  await books.at(later(10));
  const second = await books.get(`customers?limit=1&cursor=${first.nextCursor}`);
  t.equal(second.nextCursor, first.nextCursor);
  await books.at(later(20));
  t.equal(
    (await books.get(`customers?limit=1&cursor=${first.nextCursor}`)).nextCursor,
    null,
    'ten seconds after the second page',
  );
  const next = await books.get('customers?limit=1');
  await books.at(later(30.001));
  t.match(await books.ask('GET', `customers?limit=1&cursor=${next.nextCursor}`), {
    status: 400,
    body: { error: { code: 'PARAMETER_INVALID', message: /at "cursor"$/ } },
  });
});

story(
  'a listing shows what it was when it began: rows deleted since are skipped, new ones are not in it',
  async (t, books) => {
    const ids = await books.ids(...LISTS);
    const sell = () =>
      books.make('invoices', {
        customerId: ids['Harbor Cafe'],
        transactionDate: '2025-02-20',
        lines: [{ itemId: ids.Consulting }],
      });
    const third = await sell();
    const fourth = await sell();
    const begun = await books.get('invoices?limit=1');
    t.equal(begun.remainingCount, 3);
    await books.ok('DELETE', `invoices/${fourth.id}`);
    // Both are stored in the place of the one that was deleted.
    const { id } = await books.make('credit-memos', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Consulting }],
    });
    const rest = await books.get(`invoices?limit=150&cursor=${begun.nextCursor}`);
    t.strictSame(
      rest.data.map(({ refNumber }: Json) => refNumber),
      ['1002', third.refNumber],
    );
    const again = await books.get('invoices?limit=1');
    await books.ok('DELETE', `credit-memos/${id}`);
    await books.ok('DELETE', `invoices/${third.id}`);
    await sell();
    t.strictSame(
      (await books.get(`invoices?cursor=${again.nextCursor}`)).data.map(({ refNumber }: Json) => refNumber),
      ['1002'],
    );
  },
);

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
  const ids = await books.ids(...LISTS);
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

t.end();
