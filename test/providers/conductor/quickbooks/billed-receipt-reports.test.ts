// What is owed for goods that were received first and billed later, as reports show it.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

/** What is unpaid at the end of a day: type, number and open amount, then the total. */
async function unpaid(books: Books, day: string): Promise<unknown[]> {
  const query = `reportType=unpaid_bills_detail&openBalanceAsOf=report_end_date&reportDateTo=${day}`;
  const columns = ['transaction_type', 'ref_number', 'open_balance'].map((one) => `&includeColumns=${one}`).join('');
  const { rows } = await books.get(`reports/general-detail?${query}${columns}`);
  return rows
    .filter(({ kind }: Json) => kind === 'data' || kind === 'total')
    .map(({ cells }: Json) => cells.map(({ value }: Json) => value));
}
const aged = async (books: Books, day: string) =>
  (await books.get(`reports/aging?reportType=ap_aging_summary&reportDateTo=${day}`)).rows.at(-1).cells.at(-1).value;

const EARLIER = ['bill', 'PM-77', '300.00'];

/** An order of goods for 96.00 that was received, billed and paid on the days that are given. */
async function bought(books: Books, days: { received: string; billed: string; paid: string }): Promise<void> {
  const ids = await books.ids('accounts', 'vendors', 'inventory-items');
  const vendor = { vendorId: ids['Paper Mill Co'] };
  const order = await books.make('purchase-orders', {
    ...vendor,
    transactionDate: '2025-02-01',
    lines: [{ itemId: ids.Widget, quantity: 4, rate: '24.00' }],
  });
  const link = { ...vendor, linkToTransactionIds: [order.id] };
  await books.make('item-receipts', { ...link, transactionDate: days.received, refNumber: 'R' });
  const bill = await books.make('bills', { ...link, transactionDate: days.billed, refNumber: 'B' });
  await books.make('bill-check-payments', {
    ...vendor,
    transactionDate: days.paid,
    bankAccountId: ids.Checking,
    applyToTransactions: [{ transactionId: bill.id, paymentAmount: '96.00' }],
  });
}

story('goods are owed with their receipt, then with the bill, and then no more', async (t, books) => {
  await bought(books, { received: '2025-02-10', billed: '2025-02-12', paid: '2025-02-14' });
  const owed = async (day: string) => [await unpaid(books, day), await aged(books, day)];
  t.strictSame(await owed('2025-02-09'), [[EARLIER, ['300.00']], '300.00']);
  t.strictSame(await owed('2025-02-11'), [[EARLIER, ['item_receipt', 'R', '96.00'], ['396.00']], '396.00']);
  t.strictSame(await owed('2025-02-13'), [[EARLIER, ['bill', 'B', '96.00'], ['396.00']], '396.00']);
  t.strictSame(await owed('2025-02-15'), [[EARLIER, ['300.00']], '300.00']);
  t.strictSame(
    (await books.get('reports/general-detail?reportType=unpaid_bills_detail&transactionTypes=bill')).rows.at(-1).cells,
    [{ columnId: '7', value: '300.00', dataType: 'amount' }],
    'of bills alone it is the same',
  );
});

story('a bill that is paid before its goods are received is paid in advance', async (t, books) => {
  await bought(books, { received: '2025-02-14', billed: '2025-02-10', paid: '2025-02-12' });
  t.strictSame(await unpaid(books, '2025-02-13'), [EARLIER, ['bill', 'B', '-96.00'], ['204.00']]);
  t.equal(await aged(books, '2025-02-13'), '204.00');
  t.strictSame(await unpaid(books, '2025-02-15'), [EARLIER, ['300.00']]);
});

t.end();
