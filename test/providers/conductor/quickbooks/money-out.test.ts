// Checks, card entries and sales tax checks on the books of Larkspur Supply Co., and what purchases refuse.
import t from 'tap';
import { type Books, type Json, story } from './books.ts';

const LISTS = [
  'accounts',
  'vendors',
  'customers',
  'service-items',
  'inventory-items',
  'other-charge-items',
  'sales-tax-items',
  'employees',
];
const balance = async (books: Books, name: string) => (await books.named('accounts', name)).balance;
const DATED = { transactionDate: '2025-02-20' };

/** What an object posts, as account, amount in cents, and pieces. */
async function posted(books: Books, resource: string, id: string): Promise<unknown[]> {
  const accounts = new Map((await books.list('accounts')).map((one) => [one.id, one.name]));
  const rows = (await books.state())[resource] as Json[];
  const { postings } = rows.find((row) => row.id === id)?.body ?? {};
  return (postings ?? []).map(({ account, amount, quantity }: Json) =>
    quantity === undefined ? [accounts.get(account), amount] : [accounts.get(account), amount, quantity],
  );
}

story('a check pays expenses and goods, groups of them too, and its payee has an address', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const group = await books.make('item-groups', {
    name: 'Starter kit',
    shouldPrintItemsInGroup: true,
    lines: [
      { itemId: ids.Widget, quantity: 2 },
      { itemId: ids.Freight, quantity: 1 },
    ],
  });
  const [{ id: vendorId, revisionNumber }] = [await books.named('vendors', 'Paper Mill Co')];
  await books.ok('POST', `vendors/${vendorId}`, { revisionNumber, billingAddress: { line1: '4 Mill Lane' } });
  const check = await books.make('checks', {
    ...DATED,
    bankAccountId: ids.Checking,
    payeeId: vendorId,
    refNumber: '102',
    expenseLines: [
      { accountId: ids.Rent, amount: '10.00' },
      { accountId: ids.Rent, amount: '2.50', payeeId: ids['Harbor Cafe'] },
      { accountId: ids.Rent },
    ],
    itemLines: [
      { itemId: ids.Widget, quantity: 4, cost: '26' },
      { itemId: ids.Consulting, overrideItemAccountId: ids.Rent, amount: '5.00' },
      { description: 'Thank you', amount: '1.00' },
    ],
    itemGroupLines: [{ itemGroupId: group.id, quantity: 3 }],
  });
  // 12.50 expenses, 104.00 + 5.00 + 1.00, and 6 x 25.00 + 3 x 15.00 in the group.
  t.match(check, {
    amount: '317.50',
    address: { line1: '4 Mill Lane' },
    expenseLines: [{ billingStatus: null }, { billingStatus: 'billable' }, { amount: '0.00' }],
    itemLines: [{ amount: '104.00', billingStatus: null }, { cost: '5.00' }, { item: null }],
    itemGroupLines: [{ totalAmount: '195.00', itemLines: [{ quantity: 6 }, { quantity: 3, amount: '45.00' }] }],
  });
  t.strictSame(await posted(books, 'checks', check.id), [
    ['Checking', -31_750],
    ['Rent', 1000],
    ['Rent', 250],
    ['Inventory Asset', 10_400, 4],
    ['Rent', 500],
    ['Uncategorized Expenses', 100],
    ['Inventory Asset', 15_000, 6],
    ['Sales Income', 4500],
  ]);
  t.equal((await books.named('inventory-items', 'Widget')).quantityOnHand, 30);
  t.strictSame((await books.list(`checks?payeeIds=${vendorId}&refNumbers=102`)).length, 1);

  const cleared = await books.change('checks', check.id, { clearItemLines: true });
  t.match(cleared, { amount: '12.50', itemLines: [], itemGroupLines: [] });
  t.equal((await books.named('inventory-items', 'Widget')).quantityOnHand, 20);
  const swapped = await books.change('checks', check.id, {
    clearExpenseLines: true,
    itemLines: [{ id: '-1', itemId: ids.Consulting, quantity: 1 }],
  });
  t.match(swapped, { amount: '90.00', expenseLines: [] });
  t.match(
    await books.change('checks', check.id, { clearItemLines: true, itemLines: [{ id: swapped.itemLines[0].id }] }),
    {
      amount: '90.00',
    },
  );
  await books.ok('POST', `checks/${check.id}/void`);
  t.equal(await balance(books, 'Checking'), '11190.00');
});

story('purchases refuse what cannot be posted, and change nothing', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const common = { ...DATED, bankAccountId: ids.Checking };
  const check = (lines: Json) => ({ ...common, ...lines });
  const saving = (why: string) => `There was an error when saving a Check. QuickBooks error message: ${why}`;
  const party = saving('A line of a payable needs a vendor as payee, one of a receivable a customer.');
  const bad = (id: string | undefined) => `There is an invalid reference to QuickBooks Payee "${id}" in the Check.`;
  for (const [lines, code, text] of [
    [{}, '3180', saving('It needs a line.')],
    [{ expenseLines: [{ accountId: ids.Rent, amount: '-1.00' }] }, '3180', saving('The total is negative.')],
    [{ expenseLines: [{ amount: '1.00' }] }, '3150', 'There is a missing element: "AccountRef".'],
    [{ expenseLines: [{ accountId: ids['Accounts Payable'], amount: '1.00' }] }, '3180', party],
    [{ expenseLines: [{ accountId: ids['Accounts Receivable'], amount: '1.00' }] }, '3180', party],
    [
      { expenseLines: [{ accountId: ids['Accounts Payable'], amount: '1.00', payeeId: ids['Harbor Cafe'] }] },
      '3140',
      bad(ids['Harbor Cafe']),
    ],
    [
      { expenseLines: [{ accountId: ids.Rent, amount: '1.00', payeeId: ids['State Tax Board'] }] },
      '3140',
      bad(ids['State Tax Board']),
    ],
  ] as [Json, string, string][]) {
    await books.refused('POST', 'checks', check(lines), code, text);
  }
  const made = await books.make('checks', check({ expenseLines: [{ accountId: ids.Rent, amount: '1.00' }] }));
  await books.refused(
    'POST',
    `checks/${made.id}`,
    { revisionNumber: made.revisionNumber, clearExpenseLines: true, clearItemLines: true },
    '3180',
    saving('Expense lines and item lines cannot both be cleared.'),
  );
  for (const path of ['credit-card-charges', 'credit-card-credits']) {
    const title = path === 'credit-card-charges' ? 'Credit Card Charge' : 'Credit Card Credit';
    await books.refused(
      'POST',
      path,
      { ...DATED, accountId: ids.Rent, expenseLines: [{ accountId: ids.Rent, amount: '1.00' }] },
      '3140',
      `There is an invalid reference to QuickBooks Account "${ids.Rent}" in the ${title}.`,
    );
  }
  t.equal(await balance(books, 'Checking'), '11189.00');
});

story('what is charged to a card is owed to it, and what is credited is not', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const common = { ...DATED, accountId: ids.Visa, payeeId: ids['Paper Mill Co'] };
  const charge = await books.make('credit-card-charges', {
    ...common,
    refNumber: 'CC-1',
    itemLines: [{ itemId: ids.Widget, quantity: 5, cost: '20.00' }],
  });
  t.match(charge, { amount: '100.00', account: { fullName: 'Visa' }, payee: { fullName: 'Paper Mill Co' } });
  t.equal(await balance(books, 'Visa'), '100.00');
  // 20 pieces for 500.00 and 5 for 100.00.
  t.match(await books.named('inventory-items', 'Widget'), { quantityOnHand: 25, averageCost: '24.00' });
  const credit = await books.make('credit-card-credits', {
    ...common,
    itemLines: [{ itemId: ids.Widget, quantity: 2, cost: '20.00' }],
  });
  t.strictSame(await posted(books, 'creditCardCredits', credit.id), [
    ['Visa', 4000],
    ['Inventory Asset', -4000, -2],
  ]);
  t.equal(await balance(books, 'Visa'), '60.00');
  const subtotal = await books.make('subtotal-items', { name: 'Subtotal' });
  const odd = await books.make('credit-card-charges', {
    ...common,
    itemLines: [{ itemId: subtotal.id, amount: '1.00' }],
  });
  t.strictSame(
    await posted(books, 'creditCardCharges', odd.id),
    [
      ['Visa', -100],
      ['Uncategorized Expenses', 100],
    ],
    'an item without an account',
  );
  await books.ok('DELETE', `credit-card-charges/${odd.id}`);
  t.equal((await books.list(`credit-card-charges?accountIds=${ids.Visa}`)).length, 1);
  t.equal((await books.list(`credit-card-charges?accountIds=${ids.Checking}`)).length, 0);
  await books.ok('DELETE', `credit-card-charges/${charge.id}`);
  t.equal(await balance(books, 'Visa'), '-40.00');
  const debit = await books.make('credit-card-charges', {
    ...DATED,
    accountId: ids.Checking,
    expenseLines: [{ accountId: ids.Rent, amount: '1.00' }],
  });
  t.match(debit, { payee: null, account: { fullName: 'Checking' } }, 'a card of a bank account');
});

story('a check pays back what is left of a credit, as far as its receivable lines go', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const customerId = ids['Harbor Cafe'];
  const memo = await books.make('credit-memos', { ...DATED, customerId, lines: [{ itemId: ids.Widget, quantity: 2 }] });
  const payment = await books.make('receive-payments', { ...DATED, customerId, totalAmount: '30.00' });
  t.equal((await books.named('customers', 'Harbor Cafe')).balance, '402.00', '540.00 less 108.00 and 30.00');
  const line = (amount: string) => ({ accountId: ids['Accounts Receivable'], amount, payeeId: customerId });
  const check = (amount: string, applyToTransactions: Json[]) => ({
    ...DATED,
    bankAccountId: ids.Checking,
    payeeId: customerId,
    expenseLines: [line(amount)],
    applyToTransactions,
  });
  const none = (id: string) => `Object "${id}" specified in the request cannot be found.`;
  await books.refused(
    'POST',
    'checks',
    check('10.00', [{ transactionId: customerId as string }]),
    '3120',
    none(customerId as string),
  );
  const rent = {
    ...check('1.00', [{ transactionId: memo.id }]),
    expenseLines: [{ accountId: ids.Rent, amount: '1.00' }],
  };
  await books.refused('POST', 'checks', rent, '3120', none(memo.id));
  await books.refused(
    'POST',
    'checks',
    check('200.00', [{ transactionId: memo.id, amount: '108.01' }]),
    '3210',
    `The amount "108.01" is more than is left of "${memo.id}".`,
  );
  const covered = (id: string) => `The lines of the receivable do not cover what is paid back of "${id}".`;
  const both = [{ transactionId: memo.id }, { transactionId: payment.id, amount: '30.00' }];
  await books.refused('POST', 'checks', check('137.99', both), '3210', covered(payment.id));

  const made = await books.make('checks', { ...check('138.00', both), expenseLines: [line('100.00'), line('38.00')] });
  t.strictSame(made.linkedTransactions, []);
  t.match((await books.get(`checks/${made.id}`)).linkedTransactions, [
    { id: memo.id, transactionType: 'credit_memo', linkType: 'amount', amount: '108.00' },
    { id: payment.id, transactionType: 'receive_payment', amount: '30.00' },
  ]);
  t.match(await books.get(`credit-memos/${memo.id}`), {
    creditRemaining: '0.00',
    linkedTransactions: [{ id: made.id, transactionType: 'check', amount: '108.00' }],
  });
  t.equal((await books.get(`receive-payments/${payment.id}`)).unusedPayment, '0.00');
  t.equal((await books.named('customers', 'Harbor Cafe')).balance, '540.00');
  await books.refused(
    'POST',
    `checks/${made.id}`,
    { revisionNumber: made.revisionNumber, expenseLines: [{ id: made.expenseLines[0].id }] },
    '3210',
    covered(memo.id),
  );
  await books.refused(
    'POST',
    `checks/${made.id}`,
    { revisionNumber: made.revisionNumber, expenseLines: [{ id: '-1', accountId: ids.Rent, amount: '1.00' }] },
    '3210',
    covered(memo.id),
  );
  await books.change('checks', made.id, {
    expenseLines: [{ id: made.expenseLines[0].id, amount: '100.00' }],
    applyToTransactions: [{ transactionId: memo.id, amount: '100.00' }],
  });
  t.equal((await books.get(`credit-memos/${memo.id}`)).creditRemaining, '8.00');
  await books.ok('DELETE', `checks/${made.id}`);
  t.equal((await books.get(`credit-memos/${memo.id}`)).creditRemaining, '108.00');
  t.equal((await books.named('customers', 'Harbor Cafe')).balance, '402.00');
});

story('a sales tax check pays the agency of its tax items what is owed', async (t, books) => {
  const ids = await books.ids(...LISTS);
  const common = { ...DATED, bankAccountId: ids.Checking, vendorId: ids['State Tax Board'] };
  const lines = [{ salesTaxItemId: ids['State Tax'], amount: '38.00' }, { amount: '2.00' }];
  await books.refused(
    'POST',
    'sales-tax-payment-checks',
    { ...common, vendorId: ids['Paper Mill Co'], lines },
    '3140',
    `There is an invalid reference to QuickBooks SalesTaxItem "${ids['State Tax']}" in the Sales Tax Payment Check.`,
  );
  const check = await books.make('sales-tax-payment-checks', {
    ...common,
    refNumber: '103',
    address: { line1: 'Box 1' },
    lines,
  });
  t.match(check, {
    amount: '40.00',
    address: { line1: 'Box 1' },
    lines: [{ salesTaxItem: { fullName: 'State Tax' }, amount: '38.00', taxAmount: null }, { salesTaxItem: null }],
  });
  t.equal(await balance(books, 'Sales Tax Payable'), '0.00');
  t.equal(await balance(books, 'Checking'), '11150.00');
  t.equal((await books.list(`sales-tax-payment-checks?itemIds=${ids['State Tax']}`)).length, 1);
  await books.change('sales-tax-payment-checks', check.id, { memo: 'January' });
  t.match(await books.list('sales-tax-payment-checks?includeLineItems=false'), [{ memo: 'January', lines: [] }]);
  await books.ok('POST', `sales-tax-payment-checks/${check.id}/void`);
  t.equal(await balance(books, 'Sales Tax Payable'), '40.00');
  t.match(await books.get(`sales-tax-payment-checks/${check.id}`), { amount: '0.00', memo: 'VOID: January' });
});

t.end();
