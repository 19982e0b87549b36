// Sales and money in a QuickBooks company file through Conductor's official Node SDK, as a customer's integration.
import Conductor from 'conductor-node';
import t from 'tap';
import { listening } from '../harness.ts';

const end = { conductorEndUserId: 'end_usr_larkspur000001' };
const headers = { 'Conductor-End-User-Id': end.conductorEndUserId };
const PATH = '/quickbooks-desktop';

/** The integration code of a refusal. */
function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.catch(
    (error: { error?: { error?: { integrationCode?: string } } }) => error.error?.error?.integrationCode,
  );
}

t.test('from an estimate to money in the bank, and a copy of the file that is kept up to date', async (t) => {
  const { url, call } = await listening(t);
  const client = new Conductor({ apiKey: 'sk_conductor_test', baseURL: `${url}/conductor/v1`, maxRetries: 0 });
  const { qbd } = client;
  const at = (instant: string) => call('PUT', '/__admin/clock', { json: { action: 'freeze', instant } });
  await at('2025-02-20T12:00:00.000Z');
  const [widget] = (await qbd.inventoryItems.list({ ...end, fullNames: ['Widget'] })).data;
  const [bank] = (await qbd.accounts.list({ ...end, fullNames: ['Checking'] })).data;
  const itemId = widget?.id as string;

  const customer = await qbd.customers.create({ ...end, name: 'Lighthouse Diner', email: 'diner@example.com' });
  const sale = { ...end, customerId: customer.id, transactionDate: '2025-02-20' };
  const four = [{ itemId, quantity: 4 }];

  const estimate = await qbd.estimates.create({ ...sale, refNumber: 'E-9', lines: four });
  t.match(estimate, {
    objectType: 'qbd_estimate',
    totalAmount: '200.00',
    lines: [{ amount: '200.00', rate: '50.00' }],
  });
  const { revisionNumber } = estimate;
  t.equal((await qbd.estimates.update(estimate.id, { ...end, revisionNumber, memo: 'Accepted' })).memo, 'Accepted');

  const order = await qbd.salesOrders.create({ ...sale, refNumber: 'S-9', lines: four });
  const invoice = await qbd.invoices.create({ ...sale, refNumber: '9001', linkToTransactionIds: [order.id] });
  t.match(invoice, { objectType: 'qbd_invoice', balanceRemaining: '200.00', isPaid: false, linkedTransactions: [] });
  t.match(await qbd.salesOrders.retrieve(order.id, end), {
    isFullyInvoiced: true,
    linkedTransactions: [{ id: invoice.id, transactionType: 'invoice', linkType: 'quantity' }],
  });
  t.equal(await refusal(qbd.invoices.create({ ...sale, linkToTransactionIds: [order.id] })), '570');

  const memo = await qbd.creditMemos.create({ ...sale, lines: [{ itemId, quantity: 1 }] });
  t.match(memo, { totalAmount: '50.00', creditRemaining: '50.00' });
  const payment = await qbd.receivePayments.create({
    ...sale,
    totalAmount: '120.00',
    applyToTransactions: [
      {
        transactionId: invoice.id,
        paymentAmount: '120.00',
        applyCredits: [{ creditTransactionId: memo.id, appliedAmount: '30.00' }],
      },
    ],
  });
  t.match(payment, {
    unusedPayment: '0.00',
    unusedCredits: '20.00',
    appliedToTransactions: [{ balanceRemaining: '50.00' }],
  });
  t.match(await qbd.invoices.retrieve(invoice.id, end), {
    appliedAmount: '150.00',
    balanceRemaining: '50.00',
    isPaid: false,
  });
  t.equal((await qbd.customers.retrieve(customer.id, end)).balance, '30.00');
  const over = {
    ...sale,
    totalAmount: '60.00',
    applyToTransactions: [{ transactionId: invoice.id, paymentAmount: '60.00' }],
  };
  t.equal(await refusal(qbd.receivePayments.create(over)), '3210');

  const refund = await qbd.creditCardRefunds.create({
    ...sale,
    refundAppliedToTransactions: [{ transactionId: memo.id, refundAmount: '20.00' }],
  });
  t.match(refund, { totalAmount: '20.00', refundAppliedToTransactions: [{ creditRemaining: '0.00' }] });
  const receipt = await qbd.salesReceipts.create({ ...sale, lines: [{ itemId, quantity: 1 }] });
  t.equal(receipt.totalAmount, '50.00');

  // The SDK has no methods for deposits and for voiding.
  const deposit = await client.post<unknown, { id: string; totalAmount: string }>(`${PATH}/deposits`, {
    headers,
    body: {
      transactionDate: '2025-02-21',
      depositToAccountId: bank?.id,
      lines: [{ paymentTransactionId: payment.id }, { paymentTransactionId: receipt.id }],
    },
  });
  t.equal(deposit.totalAmount, '170.00');
  t.equal((await qbd.accounts.retrieve(bank?.id as string, end)).balance, '12530.00');
  t.equal(await refusal(qbd.receivePayments.delete(payment.id, end)), '3160');

  const synced = new Map<string, unknown>();
  for await (const one of qbd.invoices.list({ ...end, limit: 1, includeLinkedTransactions: true }))
    synced.set(one.id, one);
  t.equal(synced.size, 3, 'three pages');
  await at('2025-02-20T13:00:00.000Z');
  await client.delete(`${PATH}/deposits/${deposit.id}`, { headers });
  t.match(await qbd.receivePayments.delete(payment.id, end), { id: payment.id, deleted: true });
  const voided = await client.post(`${PATH}/sales-receipts/${receipt.id}/void`, { headers });
  t.match(voided, { id: receipt.id, voided: true });
  t.match(await qbd.salesReceipts.retrieve(receipt.id, end), { totalAmount: '0.00', memo: 'VOID:' });
  t.match(await qbd.invoices.retrieve(invoice.id, end), { balanceRemaining: '170.00', appliedAmount: '30.00' });
  t.match(await qbd.invoices.delete(invoice.id, end), {
    id: invoice.id,
    objectType: 'qbd_invoice',
    refNumber: '9001',
    deleted: true,
  });
  t.match(await qbd.salesOrders.retrieve(order.id, end), { isFullyInvoiced: false, linkedTransactions: [] });
  t.equal(await refusal(qbd.invoices.retrieve(invoice.id, end)), '500');
  const again = await qbd.invoices.create({ ...sale, lines: four });

  // What changed since, and what was deleted: the copy equals the file.
  const updatedAfter = '2025-02-20T13:00:00+00:00';
  for await (const one of qbd.invoices.list({ ...end, updatedAfter, includeLinkedTransactions: true }))
    synced.set(one.id, one);
  const feed = await qbd.deletedTransactions.list({
    ...end,
    transactionTypes: ['invoice', 'receive_payment'],
    deletedAfter: updatedAfter,
  });
  t.strictSame(
    feed.data.map(({ id, transactionType }) => [id, transactionType]),
    [
      [invoice.id, 'invoice'],
      [payment.id, 'receive_payment'],
    ],
  );
  for (const { id } of feed.data) synced.delete(id);
  const whole = await qbd.invoices.list({ ...end, includeLinkedTransactions: true });
  t.strictSame([...synced.values()], whole.data);
  t.equal(whole.data.at(-1)?.id, again.id);

  for (const remove of [
    () => qbd.estimates.delete(estimate.id, end),
    () => qbd.salesOrders.delete(order.id, end),
    () => qbd.creditCardRefunds.delete(refund.id, end),
    () => qbd.creditMemos.delete(memo.id, end),
    () => qbd.salesReceipts.delete(receipt.id, end),
    () => qbd.invoices.delete(again.id, end),
  ]) {
    t.match(await remove(), { deleted: true });
    t.equal(await refusal(remove()), '3120', 'a second time it is gone');
  }
  t.equal((await qbd.customers.retrieve(customer.id, end)).balance, '0.00');
  t.match(await qbd.inventoryItems.retrieve(itemId, end), { quantityOnHand: 20 });
});
