// Ids that cannot be ids: refused as such wherever they stand, and told apart from ids of nothing.
import { story } from './books.ts';

const NOWHERE = '80000FFF-1234567890';
const malformed = (id: string) => `The given object ID "${id}" in the field "list ID" is invalid.`;
const missed = (id: string) =>
  `The query request has not been fully completed. There was a required element ("${id}") that could not be found in QuickBooks.`;
const gone = (id: string) => `Object "${id}" specified in the request cannot be found.`;

story('an id that cannot be one is refused as malformed in paths, look-ups and filters', async (_t, books) => {
  const places = (id: string): [string, string, unknown?][] => [
    ['GET', `customers/${id}`],
    ['GET', `invoices/${id}`],
    ['GET', `transactions/${id}`],
    ['GET', `item-sites/${id}`],
    ['GET', `customers?ids=${id}`],
    ['GET', `invoices?ids=${id}`],
    ['GET', `invoices?customerIds=${id}`],
    ['GET', `invoices?accountIds=${id}`],
    ['GET', `deposits?entityIds=${id}`],
  ];
  for (const id of ['foo', '80000001', '80000001-', 'G0000001-1735722000', '80000001-12345678901']) {
    for (const [method, path] of places(id)) await books.refused(method, path, undefined, '3000', malformed(id));
  }
  for (const [method, path] of places(NOWHERE)) await books.refused(method, path, undefined, '500', missed(NOWHERE));
});

story('an id that cannot be one is refused as malformed by writes, before the revision number', async (_t, books) => {
  const { id: customerId } = await books.named('customers', 'Harbor Cafe');
  const on = { customerId, transactionDate: '2025-02-20' };
  const writes = (id: string): [string, string, unknown?][] => [
    ['POST', `customers/${id}`, { revisionNumber: '1', name: 'No one' }],
    ['POST', `invoices/${id}`, { revisionNumber: '1' }],
    ['DELETE', `invoices/${id}`],
    ['POST', `invoices/${id}/void`],
    [
      'POST',
      'receive-payments',
      { ...on, totalAmount: '1.00', applyToTransactions: [{ transactionId: id, paymentAmount: '1.00' }] },
    ],
    ['POST', 'invoices', { ...on, linkToTransactionIds: [id] }],
    [
      'POST',
      'invoices',
      {
        ...on,
        lines: [{ description: 'Repair', amount: '1.00' }],
        applyCredits: [{ creditTransactionId: id, appliedAmount: '1.00' }],
      },
    ],
    [
      'POST',
      'credit-card-refunds',
      { ...on, refundAppliedToTransactions: [{ transactionId: id, refundAmount: '1.00' }] },
    ],
  ];
  for (const [method, path, json] of writes('foo')) await books.refused(method, path, json, '3000', malformed('foo'));
  for (const [method, path, json] of writes(NOWHERE)) await books.refused(method, path, json, '3120', gone(NOWHERE));
});

story('an entry of an array that is not there is not found, whatever its id looks like', async (_t, books) => {
  const [invoice] = await books.list('invoices');
  const customer = await books.named('customers', 'Harbor Cafe');
  const { revisionNumber } = customer;
  await books.refused(
    'POST',
    `invoices/${invoice?.id}`,
    { revisionNumber: invoice?.revisionNumber, lines: [{ id: 'first' }] },
    '3120',
    gone('first'),
  );
  const notes = { revisionNumber, additionalNotes: [{ id: 9, note: 'called' }] };
  await books.refused('POST', `customers/${customer.id}`, notes, '3120', gone('9'));
});
