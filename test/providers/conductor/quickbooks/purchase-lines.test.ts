// Lines of purchases: whom they are for, and what is billable.
import t from 'tap';
import { type Json, story } from './books.ts';

const DATED = { transactionDate: '2025-02-20' };

story('the payee of an order line is a customer, and what is bought for one is billable', async (t, books) => {
  const ids = await books.ids('accounts', 'vendors', 'customers', 'inventory-items', 'service-items');
  const bought = { ...DATED, vendorId: ids['Paper Mill Co'] };
  const lines = (payeeId: string | undefined) => [{ itemId: ids.Consulting, quantity: 4, rate: '10.00', payeeId }];
  const text = `There is an invalid reference to QuickBooks Payee "${ids['Paper Mill Co']}" in the Purchase Order.`;
  await books.refused('POST', 'purchase-orders', { ...bought, lines: lines(ids['Paper Mill Co']) }, '3140', text);
  const order = await books.make('purchase-orders', { ...bought, lines: lines(ids['Harbor Cafe']) });
  const bill = await books.make('bills', {
    ...bought,
    linkToTransactionIds: [order.id],
    expenseLines: [
      { accountId: ids.Rent, amount: '1.00', payeeId: ids['Millstone Bakery'] },
      { accountId: ids['Accounts Payable'], amount: '2.00', payeeId: ids['State Tax Board'] },
      { accountId: ids.Rent, amount: '3.00', payeeId: ids['Harbor Cafe'], billingStatus: 'not_billable' },
    ],
  });
  t.strictSame(
    bill.itemLines.map(({ customer, billingStatus }: Json) => [customer.fullName, billingStatus]),
    [['Harbor Cafe', 'billable']],
    'what is copied from the order is billable too',
  );
  const statuses = (one: Json) => one.expenseLines.map(({ billingStatus }: Json) => billingStatus);
  t.strictSame(statuses(bill), ['billable', null, 'not_billable']);
  const changed = await books.change('bills', bill.id, {
    expenseLines: [
      { id: bill.expenseLines[0].id },
      { id: '-1', accountId: ids.Rent, amount: '4.00' },
      { id: '-1', accountId: ids.Rent, amount: '5.00', payeeId: ids['Harbor Cafe'] },
    ],
  });
  t.strictSame(statuses(changed), ['billable', null, 'billable']);
});

story('a new line of a journal entry for a customer is billable', async (t, books) => {
  const ids = await books.ids('accounts', 'customers', 'vendors');
  const entry = await books.make('journal-entries', {
    ...DATED,
    debitLines: [{ accountId: ids.Rent, amount: '6.00' }],
    creditLines: [{ accountId: ids.Checking, amount: '6.00' }],
  });
  const more = { id: '-1', journalLineType: 'debit', accountId: ids.Rent, amount: '1.00' };
  const changed = await books.change('journal-entries', entry.id, {
    lines: [
      { id: entry.debitLines[0].id, amount: '4.00' },
      { ...more, entityId: ids['Harbor Cafe'] },
      { ...more, entityId: ids['Paper Mill Co'] },
      { id: entry.creditLines[0].id },
    ],
  });
  t.strictSame(
    changed.debitLines.map(({ billingStatus }: Json) => billingStatus),
    [null, 'billable', null],
  );
});

t.end();
