// Payments of a customer with jobs, what a sales receipt keeps, and credits that are open at the customer's desk.
import { type Books, story } from './books.ts';

async function scene(books: Books) {
  const ids = await books.ids('customers', 'service-items', 'other-charge-items');
  const [harbor, job] = [ids['Harbor Cafe'], ids['Harbor Cafe:Kitchen Refit']];
  const sell = (customerId: unknown, itemId: unknown, transactionDate = '2025-02-20') =>
    books.make('invoices', { customerId, transactionDate, lines: [{ itemId }] });
  const pay = (customerId: unknown, totalAmount: string) =>
    books.make('receive-payments', { customerId, transactionDate: '2025-02-20', totalAmount, isAutoApply: true });
  const lock = (id: string) =>
    books.server.call('POST', `/__admin/conductor/end-users/${books.endUserId}/records/${id}/lock`, { json: {} });
  return { ids, harbor, job, sell, pay, lock };
}

const applied = ({ appliedToTransactions }: Record<string, any>) =>
  appliedToTransactions.map(({ refNumber, amount }: Record<string, unknown>) => [refNumber, amount]);

story('an automatic payment of a customer pays the invoices of its jobs too', async (t, books) => {
  const { ids, harbor, job, sell, pay } = await scene(books);
  await sell(job, ids.Consulting, '2025-01-02');
  await sell(job, ids.Freight, '2025-01-11');
  t.same(applied(await pay(harbor, '15.00')), [['1004', '15.00']], 'the one of that amount');
  t.same(applied(await pay(harbor, '100.00')), [
    ['1003', '90.00'],
    ['1001', '10.00'],
  ]);
  await sell(job, ids.Freight);
  const own = await pay(job, '20.00');
  t.same(applied(own), [['1005', '15.00']], 'a job pays for itself');
  t.equal(own.unusedPayment, '5.00');
  const names = ['Harbor Cafe', 'Harbor Cafe:Kitchen Refit'];
  const shown = await Promise.all(names.map((name) => books.named('customers', name)));
  t.same(
    shown.map(({ balance, totalBalance }) => [balance, totalBalance]),
    [
      ['425.00', '525.00'],
      ['100.00', '100.00'],
    ],
    'the payment is of who paid',
  );
});

story('a sales receipt keeps its account', async (_t, books) => {
  const { ids, harbor } = await scene(books);
  const receipt = await books.make('sales-receipts', {
    customerId: harbor,
    transactionDate: '2025-02-20',
    lines: [{ itemId: ids.Consulting }],
  });
  const change = { revisionNumber: receipt.revisionNumber, depositToAccountId: '' };
  const text = 'Cannot clear the element in the "depositToAccount" field.';
  await books.refused('POST', `sales-receipts/${receipt.id}`, change, '3190', text);
});

story('neither a credit nor an invoice that is open at the desk is changed by the other', async (t, books) => {
  const { ids, harbor, sell, lock } = await scene(books);
  const base = { customerId: harbor, transactionDate: '2025-02-20' };
  const invoice = await sell(harbor, ids.Consulting);
  const locked = await books.make('credit-memos', { ...base, lines: [{ itemId: ids.Freight }] });
  const free = await books.make('credit-memos', { ...base, lines: [{ itemId: ids.Freight }] });
  await lock(locked.id);
  const apply = ({ id }: Record<string, unknown>) => [{ creditTransactionId: id, appliedAmount: '5.00' }];
  const text = (thing: string, related: string) =>
    new RegExp(`${thing} "[0-9A-F]+-\\d+" because the related transaction "${related}" is already in use\\.$`);
  const refused = async (path: string, json: object, expected: RegExp) =>
    t.match(await books.ask('POST', path, json), {
      status: 502,
      body: { error: { integrationCode: '3176', message: expected } },
    });
  const { revisionNumber } = invoice;
  const payment = (credit: Record<string, unknown>) => ({
    ...base,
    totalAmount: '0.00',
    applyToTransactions: [{ transactionId: invoice.id, applyCredits: apply(credit) }],
  });
  await refused(`invoices/${invoice.id}`, { revisionNumber, applyCredits: apply(locked) }, text('Invoice', locked.id));
  await refused('receive-payments', payment(locked), text('Invoice', locked.id));
  await lock(invoice.id);
  await refused('receive-payments', payment(free), text('Receive Payment', invoice.id));
  t.strictSame(await books.get(`credit-memos/${locked.id}`), locked, 'nothing changed');
  t.strictSame(await books.get(`credit-memos/${free.id}`), free);
});
