// Pending sales post nothing yet, so nothing is paid, credited, refunded or deposited of them.
import { type Books, type Json, story } from './books.ts';

const on = '2025-02-20';
const gone = (id: string) => `Object "${id}" specified in the request cannot be found.`;
const changing = (thing: string, text: string) =>
  `There was an error when modifying a ${thing}. QuickBooks error message: ${text}`;

async function scene(books: Books) {
  const ids = await books.ids('customers', 'service-items', 'accounts');
  const customerId = ids['Millstone Bakery'];
  const sale = (more: Json = {}): Json => ({
    customerId,
    transactionDate: on,
    lines: [{ itemId: ids.Consulting }],
    ...more,
  });
  const pay = (id: unknown) => ({
    customerId,
    transactionDate: on,
    totalAmount: '90.00',
    applyToTransactions: [{ transactionId: id, paymentAmount: '90.00' }],
  });
  const edit = async (path: string, { id }: Json, change: Json) =>
    [`${path}/${id}`, { revisionNumber: (await books.get(`${path}/${id}`)).revisionNumber, ...change }] as const;
  return { ids, customerId, sale, pay, edit };
}

story('a pending invoice is neither paid nor credited until it is posted', async (t, books) => {
  const { customerId, sale, pay, edit } = await scene(books);
  const invoice = await books.make('invoices', sale({ isPending: true }));
  t.match(invoice, { isPending: true, balanceRemaining: '90.00', isPaid: false });
  await books.refused('POST', 'receive-payments', pay(invoice.id), '3120', gone(invoice.id));
  const automatic = { customerId, transactionDate: on, totalAmount: '90.00', isAutoApply: true };
  t.match(await books.make('receive-payments', automatic), { appliedToTransactions: [], unusedPayment: '90.00' });
  const credit = await books.make('credit-memos', sale());
  const applyCredits = [{ creditTransactionId: credit.id, appliedAmount: '10.00' }];
  await books.refused(
    'POST',
    'invoices',
    sale({ isPending: true, applyCredits }),
    '3180',
    'There was an error when saving a Invoice. QuickBooks error message: Credits cannot be applied to a pending invoice.',
  );
  const [path, posted] = await edit('invoices', invoice, { isPending: false, applyCredits });
  t.match(await books.ok('POST', path, posted), { isPending: false, balanceRemaining: '80.00' });
  await books.refused(
    'POST',
    ...(await edit('invoices', invoice, { isPending: true })),
    '3170',
    changing('Invoice', 'Something is applied to it: it cannot be pending.'),
  );
});

story('a pending credit memo is neither applied nor refunded', async (t, books) => {
  const { customerId, sale, edit } = await scene(books);
  const credit = await books.make('credit-memos', sale({ isPending: true }));
  const applyCredits = [{ creditTransactionId: credit.id, appliedAmount: '10.00' }];
  await books.refused('POST', 'invoices', sale({ applyCredits }), '3120', gone(credit.id));
  const refund = {
    customerId,
    transactionDate: on,
    refundAppliedToTransactions: [{ transactionId: credit.id, refundAmount: '10.00' }],
  };
  await books.refused('POST', 'credit-card-refunds', refund, '3120', gone(credit.id));
  await books.change('credit-memos', credit.id, { isPending: false });
  t.equal((await books.make('credit-card-refunds', refund)).totalAmount, '10.00');
  await books.refused(
    'POST',
    ...(await edit('credit-memos', credit, { isPending: true })),
    '3170',
    changing('Credit Memo', 'Something is applied to it: it cannot be pending.'),
  );
});

story('a pending sales receipt waits for no deposit', async (t, books) => {
  const { ids, sale, edit } = await scene(books);
  const receipt = await books.make('sales-receipts', sale({ isPending: true }));
  t.strictSame(await books.list('payments-to-deposit'), []);
  const deposit = {
    transactionDate: on,
    depositToAccountId: ids.Checking,
    lines: [{ paymentTransactionId: receipt.id }],
  };
  await books.refused('POST', 'deposits', deposit, '3120', gone(receipt.id));
  await books.change('sales-receipts', receipt.id, { isPending: false });
  t.match(await books.list('payments-to-deposit'), [{ paymentTransactionId: receipt.id, amount: '90.00' }]);
  await books.make('deposits', deposit);
  await books.refused(
    'POST',
    ...(await edit('sales-receipts', receipt, { isPending: true })),
    '3170',
    changing('Sales Receipt', 'It has been deposited.'),
  );
});

story('what is used of a credit is positive in its links, also a refund', async (t, books) => {
  const { customerId, sale } = await scene(books);
  const credit = await books.make('credit-memos', sale());
  const invoice = await books.make(
    'invoices',
    sale({ applyCredits: [{ creditTransactionId: credit.id, appliedAmount: '20.00' }] }),
  );
  const refund = await books.make('credit-card-refunds', {
    customerId,
    transactionDate: on,
    refNumber: 'F-1',
    refundAppliedToTransactions: [{ transactionId: credit.id, refundAmount: '30.00' }],
  });
  const link = (id: unknown, transactionType: string, refNumber: string, amount: string) => ({
    id,
    objectType: 'qbd_linked_transaction',
    transactionType,
    transactionDate: on,
    refNumber,
    linkType: 'amount',
    amount,
  });
  t.strictSame((await books.get(`credit-memos/${credit.id}`)).linkedTransactions, [
    link(invoice.id, 'invoice', '1003', '20.00'),
    link(refund.id, 'ar_refund_credit_card', 'F-1', '30.00'),
  ]);
  t.match((await books.get(`invoices/${invoice.id}`)).linkedTransactions, [{ id: credit.id, amount: '-20.00' }]);
});

story('a payment that was refunded in part stays with its customer', async (_t, books) => {
  const { ids, customerId, sale, pay, edit } = await scene(books);
  const invoice = await books.make('invoices', sale());
  const payment = await books.make('receive-payments', { ...pay(invoice.id), totalAmount: '100.00' });
  await books.make('credit-card-refunds', {
    customerId,
    transactionDate: on,
    refundAppliedToTransactions: [{ transactionId: payment.id, refundAmount: '10.00' }],
  });
  const other = await books.make('invoices', { ...sale(), customerId: ids['Harbor Cafe'] });
  const [path, change] = await edit('receive-payments', payment, {
    customerId: ids['Harbor Cafe'],
    applyToTransactions: [{ transactionId: other.id, paymentAmount: '90.00' }],
  });
  const stays = 'Something is applied to it: its customer and account stay.';
  await books.refused('POST', path, change, '3170', changing('Receive Payment', stays));
});
