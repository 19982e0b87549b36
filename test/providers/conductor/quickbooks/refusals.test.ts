// What QuickBooks and Conductor refuse: the whole envelope, and nothing is changed.
import t from 'tap';
import { expectError } from '../fixtures.ts';
import type { State } from './audit.ts';
import { type Books, type Json, openBooks, story } from './books.ts';

const LISTS = [
  'accounts',
  'classes',
  'customers',
  'vendors',
  'employees',
  'service-items',
  'inventory-items',
  'other-charge-items',
  'sales-tax-codes',
  'sales-tax-items',
  'standard-terms',
  'payment-methods',
];

/** The objects that the refused requests name. */
interface Scene {
  readonly books: Books;
  readonly ids: Record<string, string>;
  /** Open, and paid and deposited. */
  readonly open: Json;
  readonly paid: Json;
  readonly payment: Json;
  readonly memo: Json;
  /** Invoiced as a whole. */
  readonly order: Json;
  readonly estimate: Json;
  readonly twoLines: Json;
  readonly harbor: Json;
  readonly gift: Json;
}

async function scene(books: Books): Promise<Scene> {
  const ids = await books.ids(...LISTS);
  const [open, paid] = (await books.list('invoices')) as [Json, Json];
  const [payment] = (await books.list('receive-payments')) as [Json];
  const common = { customerId: ids['Harbor Cafe'], transactionDate: '2025-02-20' };
  const lines = [{ itemId: ids.Widget, quantity: 2 }];
  const order = await books.make('sales-orders', { ...common, lines });
  await books.make('invoices', { ...common, linkToTransactionIds: [order.id] });
  return {
    books,
    ids,
    open,
    paid,
    payment,
    order,
    memo: await books.make('credit-memos', { ...common, lines }),
    estimate: await books.make('estimates', { ...common, lines }),
    twoLines: await books.make('invoices', { ...common, lines: [...lines, { itemId: ids.Consulting, quantity: 1 }] }),
    harbor: await books.named('customers', 'Harbor Cafe'),
    gift: await books.make('receive-payments', { ...common, totalAmount: '30.00' }),
  };
}

/** The expected refusal: an integration code and QuickBooks' text, or Conductor's own message alone. */
type Refusal = readonly [method: string, path: string, json: unknown, ...expected: [string] | [string, string]];

const NOWHERE = '80000FFF-1735722000';
const sale = (s: Scene, json: Json = {}) => ({
  customerId: s.ids['Harbor Cafe'],
  transactionDate: '2025-02-20',
  lines: [line(s)],
  ...json,
});
const line = (s: Scene, json: Json = {}) => ({ itemId: s.ids.Widget, quantity: 1, ...json });
const pay = (s: Scene, json: Json = {}) => ({
  customerId: s.ids['Harbor Cafe'],
  transactionDate: '2025-02-20',
  totalAmount: '50.00',
  ...json,
});
const edit = ({ revisionNumber }: Json, json: Json) => ({ revisionNumber, ...json });
const gone = (id: string) => `Object "${id}" specified in the request cannot be found.`;
const converting = (kind: string, text: string, field: string) =>
  `There was an error when converting the ${kind} "${text}" in the field "${field}".`;
const badReference = (field: string, id: string, thing: string) =>
  `There is an invalid reference to QuickBooks ${field} "${id}" in the ${thing}.`;
const saving = (thing: string, why: string) =>
  `There was an error when saving a ${thing}. QuickBooks error message: ${why}`;
const inUse = (name: string) => `The name "${name}" of the list element is already in use.`;

const REFUSALS: Readonly<Record<string, (s: Scene) => Refusal>> = {
  'an unknown key': (s) => ['POST', 'invoices', sale(s, { colour: 'red' }), 'Unrecognized key: "colour"'],
  'an unknown key in a line': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { id: '1' })] }),
    'Unrecognized key: "id" at "lines[0]"',
  ],
  'a missing key': (s) => [
    'POST',
    'invoices',
    { customerId: s.ids['Harbor Cafe'] },
    'Invalid input: expected string, received undefined at "transactionDate"',
  ],
  'a name that is too long': () => [
    'POST',
    'customers',
    { name: 'x'.repeat(42) },
    'Too big: expected string to have <=41 characters at "name"',
  ],
  'a number of an invoice that is too long': (s) => [
    'POST',
    'invoices',
    sale(s, { refNumber: '123456789012' }),
    'Too big: expected string to have <=11 characters at "refNumber"',
  ],
  null: (s) => ['POST', 'invoices', sale(s, { memo: null }), 'Invalid input: expected string, received null at "memo"'],
  'a number as text': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { quantity: '1' })] }),
    'Invalid input: expected number, received string at "lines[0].quantity"',
  ],
  'text as a number': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { rate: 5 })] }),
    'Invalid input: expected string, received number at "lines[0].rate"',
  ],
  'a value that an enumeration does not have': () => [
    'POST',
    'customers',
    { name: 'New', jobStatus: 'dreaming' },
    'Invalid option: expected one of "awarded"|"closed"|"in_progress"|"none"|"not_awarded"|"pending" at "jobStatus"',
  ],
  'a date that is none': (s) => [
    'POST',
    'invoices',
    sale(s, { transactionDate: '2025-02-30' }),
    'Invalid ISO date at "transactionDate"',
  ],
  'an external id that is no UUID': (s) => [
    'POST',
    'invoices',
    sale(s, { externalId: 'mine' }),
    'Invalid UUID at "externalId"',
  ],
  'an array without entries': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [] }),
    'Too small: expected array to have >=1 items at "lines"',
  ],
  'no lines at all': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: undefined }),
    'Invalid input: at least one of lines and lineGroups is needed at "lines"',
  ],
  'both details of an item': (s) => [
    'POST',
    'service-items',
    {
      name: 'Both',
      salesOrPurchaseDetails: { postingAccountId: s.ids['Sales Income'] },
      salesAndPurchaseDetails: { incomeAccountId: s.ids['Sales Income'], expenseAccountId: s.ids.Rent },
    },
    'Invalid input: exactly one of salesOrPurchaseDetails and salesAndPurchaseDetails is needed at "salesOrPurchaseDetails"',
  ],
  'an automatic payment with applications': (s) => [
    'POST',
    'receive-payments',
    pay(s, { isAutoApply: true, applyToTransactions: [{ transactionId: s.open.id, paymentAmount: '1.00' }] }),
    'Invalid input: isAutoApply and applyToTransactions exclude each other at "isAutoApply"',
  ],
  'two text filters': () => [
    'GET',
    'customers?nameContains=a&nameStartsWith=b',
    undefined,
    'Invalid input: only one of nameContains, nameStartsWith may be given at "nameStartsWith"',
  ],
  'two balance filters': () => [
    'GET',
    'customers?totalBalance=1&totalBalanceLessThan=2',
    undefined,
    'Invalid input: only one of totalBalance, totalBalanceLessThan may be given at "totalBalanceLessThan"',
  ],
  'a limit over 150': () => ['GET', 'invoices?limit=151', undefined, 'Too big: expected number to be <=150 at "limit"'],
  'a cursor that is unknown': () => [
    'GET',
    'invoices?cursor=12345678-abcd-abcd-abcd-1234567890ab',
    undefined,
    'Invalid input: the cursor is unknown, or more than 10 seconds passed since its last page at "cursor"',
  ],

  'a malformed id of a reference': (s) => [
    'POST',
    'invoices',
    sale(s, { customerId: 'harbor' }),
    '3000',
    'The given object ID "harbor" in the field "list ID" is invalid.',
  ],
  'a time filter that is no time': () => [
    'GET',
    'invoices?updatedAfter=yesterday',
    undefined,
    '3020',
    'There was an error when converting the date value "yesterday" in the field "Date".',
  ],
  'a time range that is upside down': () => [
    'GET',
    'invoices?updatedAfter=2025-02-02&updatedBefore=2025-02-01',
    undefined,
    '3030',
    'The time range is invalid: "2025-02-02T00:00:00.000Z" is after "2025-02-01T23:59:59.999Z".',
  ],
  'a date range that is upside down': () => [
    'GET',
    'invoices?transactionDateFrom=2025-02-02&transactionDateTo=2025-02-01',
    undefined,
    '3030',
    'The date range is invalid: "2025-02-02" is after "2025-02-01".',
  ],
  'an amount with three decimals': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { amount: '1.234' })] }),
    '3040',
    converting('amount', '1.234', 'Amount'),
  ],
  'an amount with one decimal': (s) => [
    'POST',
    'receive-payments',
    pay(s, { totalAmount: '5.5' }),
    '3040',
    converting('amount', '5.5', 'TotalAmount'),
  ],
  'an amount with grouping': (s) => [
    'POST',
    'receive-payments',
    pay(s, { totalAmount: '1,000.00' }),
    '3040',
    converting('amount', '1,000.00', 'TotalAmount'),
  ],
  'an amount that is too large': (s) => [
    'POST',
    'receive-payments',
    pay(s, { totalAmount: '12345678901234' }),
    '3040',
    converting('amount', '12345678901234', 'TotalAmount'),
  ],
  'an amount to be applied that is none': (s) => [
    'POST',
    'receive-payments',
    pay(s, { applyToTransactions: [{ transactionId: s.open.id, paymentAmount: 'all' }] }),
    '3040',
    converting('amount', 'all', 'PaymentAmount'),
  ],
  'a credit to be applied that is no amount': (s) => [
    'POST',
    'invoices',
    sale(s, { applyCredits: [{ creditTransactionId: s.memo.id, appliedAmount: '1e3' }] }),
    '3040',
    converting('amount', '1e3', 'AppliedAmount'),
  ],
  'an opening balance that is no amount': (s) => [
    'POST',
    'customers',
    { name: 'New', openingBalance: 'much', billingAddress: { city: s.ids.Rent } },
    '3040',
    converting('amount', 'much', 'OpeningBalance'),
  ],
  'a balance filter that is no amount': () => [
    'GET',
    'customers?totalBalance=much',
    undefined,
    '3040',
    converting('amount', 'much', 'TotalBalance'),
  ],
  'a price with six decimals': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { rate: '0.123456' })] }),
    '3045',
    converting('price', '0.123456', 'Rate'),
  ],
  'a percentage that is none': (s) => [
    'POST',
    'discount-items',
    { name: 'New', discountRatePercent: 'half', accountId: s.ids.Rent },
    '3050',
    converting('percent', 'half', 'DiscountRatePercent'),
  ],
  'a quantity beyond what a line can hold': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { quantity: 1e15 })] }),
    '3060',
    converting('quantity', '1000000000000000', 'Quantity'),
  ],
  'a name with a colon': () => [
    'POST',
    'customers',
    { name: 'A:B' },
    '3090',
    'The name "A:B" of the list element is invalid: a name is needed, without a colon.',
  ],
  'a name that is taken, in other case': () => [
    'POST',
    'customers',
    { name: 'HARBOR CAFE' },
    '3100',
    inUse('HARBOR CAFE'),
  ],
  'a name that a vendor has': () => ['POST', 'customers', { name: 'Paper Mill Co' }, '3100', inUse('Paper Mill Co')],
  'a name that an item of another family has': () => [
    'POST',
    'subtotal-items',
    { name: 'widget' },
    '3100',
    inUse('widget'),
  ],
  'terms with a name that other terms have': () => [
    'POST',
    'date-driven-terms',
    { name: 'Net 30', dueDayOfMonth: 3 },
    '3100',
    inUse('Net 30'),
  ],
  'a new name that is taken': (s) => [
    'POST',
    `customers/${s.harbor.id}`,
    edit(s.harbor, { name: 'Millstone Bakery' }),
    '3100',
    inUse('Millstone Bakery'),
  ],
  'a look-up of an id that misses': () => [
    'GET',
    `invoices?ids=${NOWHERE}`,
    undefined,
    '500',
    `The query request has not been fully completed. There was a required element ("${NOWHERE}") that could not be found in QuickBooks.`,
  ],
  'a look-up of names of which one misses': () => [
    'GET',
    'customers?fullNames=Harbor%20Cafe&fullNames=Nobody',
    undefined,
    '500',
    'The query request has not been fully completed. There was a required element ("Nobody") that could not be found in QuickBooks.',
  ],
  'a look-up of a number in other case': () => [
    'GET',
    'invoices?refNumbers=inv-1',
    undefined,
    '500',
    'The query request has not been fully completed. There was a required element ("inv-1") that could not be found in QuickBooks.',
  ],
  'a filter by a customer that is not there': () => [
    'GET',
    `invoices?customerIds=${NOWHERE}`,
    undefined,
    '500',
    `The query request has not been fully completed. There was a required element ("${NOWHERE}") that could not be found in QuickBooks.`,
  ],
  'a retrieve of another family’s id': (s) => [
    'GET',
    `estimates/${s.open.id}`,
    undefined,
    '500',
    `The query request has not been fully completed. There was a required element ("${s.open.id}") that could not be found in QuickBooks.`,
  ],
  'an update of what is not there': () => [
    'POST',
    `customers/${NOWHERE}`,
    { revisionNumber: '1' },
    '3120',
    gone(NOWHERE),
  ],
  'a delete of what is not there': () => [
    'DELETE',
    'invoices/FFF-1735722000',
    undefined,
    '3120',
    gone('FFF-1735722000'),
  ],
  'a void of what is not there': () => [
    'POST',
    'invoices/FFF-1735722000/void',
    undefined,
    '3120',
    gone('FFF-1735722000'),
  ],
  'a payment of what is not there': (s) => [
    'POST',
    'receive-payments',
    pay(s, { applyToTransactions: [{ transactionId: 'FFF-1735722000', paymentAmount: '1.00' }] }),
    '3120',
    gone('FFF-1735722000'),
  ],
  'a payment of a paid invoice': (s) => [
    'POST',
    'receive-payments',
    pay(s, {
      customerId: s.ids['Millstone Bakery'],
      applyToTransactions: [{ transactionId: s.paid.id, paymentAmount: '1.00' }],
    }),
    '3120',
    gone(s.paid.id),
  ],
  'a payment of another customer’s invoice': (s) => [
    'POST',
    'receive-payments',
    pay(s, {
      customerId: s.ids['Millstone Bakery'],
      applyToTransactions: [{ transactionId: s.open.id, paymentAmount: '1.00' }],
    }),
    '3120',
    gone(s.open.id),
  ],
  'a credit that is not there': (s) => [
    'POST',
    'invoices',
    sale(s, { applyCredits: [{ creditTransactionId: 'FFF-1735722000', appliedAmount: '1.00' }] }),
    '3120',
    gone('FFF-1735722000'),
  ],
  'another customer’s credit': (s) => [
    'POST',
    'invoices',
    sale(s, {
      customerId: s.ids['Millstone Bakery'],
      applyCredits: [{ creditTransactionId: s.memo.id, appliedAmount: '1.00' }],
    }),
    '3120',
    gone(s.memo.id),
  ],
  'a deposit of a payment that is deposited': (s) => [
    'POST',
    'deposits',
    {
      transactionDate: '2025-02-20',
      depositToAccountId: s.ids.Checking,
      lines: [{ paymentTransactionId: s.payment.id }],
    },
    '3120',
    gone(s.payment.id),
  ],
  'the same payment twice in a deposit': (s) => [
    'POST',
    'deposits',
    {
      transactionDate: '2025-02-20',
      depositToAccountId: s.ids.Checking,
      lines: [{ paymentTransactionId: s.gift.id }, { paymentTransactionId: s.gift.id }],
    },
    '3120',
    gone(s.gift.id),
  ],
  'a line that the invoice does not have': (s) => [
    'POST',
    `invoices/${s.open.id}`,
    edit(s.open, { lines: [{ id: 'FFF-1735722000', quantity: 2 }] }),
    '3120',
    gone('FFF-1735722000'),
  ],
  'a parent that is the object itself': (s) => [
    'POST',
    `customers/${s.harbor.id}`,
    edit(s.harbor, { parentId: s.harbor.id }),
    '3130',
    `The parent "${s.harbor.id}" specified in the request is the object itself or below it.`,
  ],
  'a parent below the object': (s) => [
    'POST',
    `customers/${s.harbor.id}`,
    edit(s.harbor, { parentId: s.ids['Harbor Cafe:Kitchen Refit'] }),
    '3130',
    `The parent "${s.ids['Harbor Cafe:Kitchen Refit']}" specified in the request is the object itself or below it.`,
  ],
  'a customer that is not there': (s) => [
    'POST',
    'invoices',
    sale(s, { customerId: NOWHERE }),
    '3140',
    badReference('Customer', NOWHERE, 'Invoice'),
  ],
  'a vendor as customer': (s) => [
    'POST',
    'invoices',
    sale(s, { customerId: s.ids['Paper Mill Co'] }),
    '3140',
    badReference('Customer', s.ids['Paper Mill Co'] as string, 'Invoice'),
  ],
  'an account of the wrong type': (s) => [
    'POST',
    'invoices',
    sale(s, { receivablesAccountId: s.ids.Checking }),
    '3140',
    badReference('ReceivablesAccount', s.ids.Checking as string, 'Invoice'),
  ],
  'a deposit to an expense account': (s) => [
    'POST',
    'receive-payments',
    pay(s, { depositToAccountId: s.ids.Rent }),
    '3140',
    badReference('DepositToAccount', s.ids.Rent as string, 'Receive Payment'),
  ],
  'an account that a line is to be posted to and that is not there': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { overrideItemAccountId: NOWHERE })] }),
    '3140',
    badReference('OverrideItemAccount', NOWHERE, 'Invoice'),
  ],
  'a price level that is not there': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: [line(s, { priceLevelId: NOWHERE })] }),
    '3140',
    badReference('PriceLevel', NOWHERE, 'Invoice'),
  ],
  'an account of a discount that is not there': (s) => [
    'POST',
    'receive-payments',
    pay(s, { applyToTransactions: [{ transactionId: s.open.id, discountAmount: '1.00', discountAccountId: NOWHERE }] }),
    '3140',
    badReference('DiscountAccount', NOWHERE, 'Receive Payment'),
  ],
  'a representative who is a customer': (s) => [
    'POST',
    'sales-representatives',
    { initial: 'HC', entityId: s.ids['Harbor Cafe'] },
    '3140',
    badReference('Entity', s.ids['Harbor Cafe'] as string, 'Sales Representative'),
  ],
  'a tax line that is not there': () => [
    'POST',
    'accounts',
    { name: 'New', accountType: 'expense', taxLineId: 1 },
    '3140',
    badReference('TaxLine', '1', 'Account'),
  ],
  'a tax rate without its agency': () => [
    'POST',
    'sales-tax-items',
    { name: 'New Tax', taxRate: '5' },
    '3150',
    'There is a missing element: "TaxVendorRef".',
  ],
  'a 1099 vendor without a tax number': () => [
    'POST',
    'vendors',
    { name: 'New', isEligibleFor1099: true },
    '3150',
    'There is a missing element: "VendorTaxIdent".',
  ],
  'an employee without a name': () => [
    'POST',
    'employees',
    { email: 'a@example.com' },
    '3150',
    'There is a missing element: "FirstName".',
  ],
  'a delete of a deposited payment': (s) => [
    'DELETE',
    `receive-payments/${s.payment.id}`,
    undefined,
    '3160',
    `Cannot delete the object specified by the id = "${s.payment.id}". It has been deposited.`,
  ],
  'another amount of a deposited payment': (s) => [
    'POST',
    `receive-payments/${s.payment.id}`,
    edit(s.payment, { totalAmount: '400.00' }),
    '3170',
    'There was an error when modifying a Receive Payment. QuickBooks error message: It has been deposited.',
  ],
  'another account of a deposited payment': (s) => [
    'POST',
    `receive-payments/${s.payment.id}`,
    edit(s.payment, { depositToAccountId: s.ids.Checking }),
    '3170',
    'There was an error when modifying a Receive Payment. QuickBooks error message: It has been deposited.',
  ],
  'a total below what is paid': (s) => [
    'POST',
    `invoices/${s.paid.id}`,
    edit(s.paid, { lines: [{ id: s.paid.lines[0].id, quantity: 3 }] }),
    '3170',
    'There was an error when modifying a Invoice. QuickBooks error message: More has been paid than the total would be.',
  ],
  'an account of no posting': () => [
    'POST',
    'accounts',
    { name: 'New', accountType: 'non_posting' },
    '3180',
    saving('Account', 'Accounts of the type NonPosting cannot be created through the SDK.'),
  ],
  'an application without anything': (s) => [
    'POST',
    'receive-payments',
    pay(s, { applyToTransactions: [{ transactionId: s.open.id }] }),
    '3180',
    saving('Receive Payment', 'An application needs a payment, a discount or a credit.'),
  ],
  'a link to an estimate': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: undefined, linkToTransactionIds: [s.estimate.id] }),
    '3180',
    saving('Invoice', `The transaction "${s.estimate.id}" is of a type that cannot be linked here.`),
  ],
  'a deposit line without account': (s) => [
    'POST',
    'deposits',
    { transactionDate: '2025-02-20', depositToAccountId: s.ids.Checking, lines: [{ amount: '5.00' }] },
    '3180',
    saving('Deposit', 'A line without a payment needs an account and an amount.'),
  ],
  'a total value without a quantity': (s) => [
    'POST',
    'inventory-items',
    {
      name: 'New',
      totalValue: '5.00',
      incomeAccountId: s.ids['Sales Income'],
      cogsAccountId: s.ids['Cost of Goods Sold'],
      assetAccountId: s.ids['Inventory Asset'],
    },
    '3180',
    saving('Inventory Item', 'A total value needs a quantity on hand.').replace('a Inventory', 'a Inventory'),
  ],
  'a sixth level': (s) => [
    'POST',
    'classes',
    { name: 'F', parentId: s.ids['A:B:C:D:E'] },
    '3180',
    saving('Class', 'A list has at most 5 levels.'),
  ],
  'an empty name': (s) => [
    'POST',
    `customers/${s.harbor.id}`,
    edit(s.harbor, { name: '' }),
    '3190',
    'Cannot clear the element in the "name" field.',
  ],
  'an empty customer': (s) => [
    'POST',
    `invoices/${s.open.id}`,
    edit(s.open, { customerId: '' }),
    '3190',
    'Cannot clear the element in the "customer" field.',
  ],
  'an empty tax code of a line': (s) => [
    'POST',
    `invoices/${s.open.id}`,
    edit(s.open, { lines: [{ id: s.open.lines[0].id, salesTaxCodeId: '' }] }),
    '3190',
    'Cannot clear the element in the "salesTaxCode" field.',
  ],
  'an empty rate of a line': (s) => [
    'POST',
    `invoices/${s.open.id}`,
    edit(s.open, { lines: [{ id: s.open.lines[0].id, rate: '' }] }),
    '3190',
    'Cannot clear the element in the "rate" field.',
  ],
  'a stale revision': (s) => [
    'POST',
    `invoices/${s.open.id}`,
    { revisionNumber: '1', memo: 'x' },
    '3200',
    'The provided revision number (edit sequence) "1" is out-of-date.',
  ],
  'a payment over what is open': (s) => [
    'POST',
    'receive-payments',
    pay(s, { totalAmount: '600.00', applyToTransactions: [{ transactionId: s.open.id, paymentAmount: '540.01' }] }),
    '3210',
    `The amount applied to "${s.open.id}" is more than its open balance of 540.00.`,
  ],
  'two payments together over what is open': (s) => [
    'POST',
    'receive-payments',
    pay(s, {
      totalAmount: '600.00',
      applyToTransactions: [
        { transactionId: s.open.id, paymentAmount: '300.00' },
        { transactionId: s.open.id, paymentAmount: '240.01' },
      ],
    }),
    '3210',
    `The amount applied to "${s.open.id}" is more than its open balance of 240.00.`,
  ],
  'a payment and its discount over what is open': (s) => [
    'POST',
    'receive-payments',
    pay(s, {
      totalAmount: '540.00',
      applyToTransactions: [
        { transactionId: s.open.id, paymentAmount: '540.00', discountAmount: '0.01', discountAccountId: s.ids.Rent },
      ],
    }),
    '3210',
    `The amount applied to "${s.open.id}" is more than its open balance of 540.00.`,
  ],
  'applications over the payment': (s) => [
    'POST',
    'receive-payments',
    pay(s, { applyToTransactions: [{ transactionId: s.open.id, paymentAmount: '50.01' }] }),
    '3210',
    'More is applied than the payment amounts to.',
  ],
  'a negative payment': (s) => [
    'POST',
    'receive-payments',
    pay(s, { totalAmount: '-5.00' }),
    '3210',
    'More is applied than the payment amounts to.',
  ],
  'a credit over what is left of it': (s) => [
    'POST',
    'invoices',
    sale(s, {
      lines: [line(s, { quantity: 9 })],
      applyCredits: [{ creditTransactionId: s.memo.id, appliedAmount: '108.01' }],
    }),
    '3210',
    'The amount "108.01" to be applied is more than the credit has left or the transaction has open.',
  ],
  'a refund over what is left of a credit': (s) => [
    'POST',
    'credit-card-refunds',
    {
      customerId: s.ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      refundAppliedToTransactions: [{ transactionId: s.memo.id, refundAmount: '108.01' }],
    },
    '3210',
    `The refund of "108.01" is more than what is left of "${s.memo.id}".`,
  ],
  'lines in another order': (s) => [
    'POST',
    `invoices/${s.twoLines.id}`,
    edit(s.twoLines, { lines: [{ id: s.twoLines.lines[1].id }, { id: s.twoLines.lines[0].id }] }),
    '3290',
    `The item "${s.twoLines.lines[0].id}" is placed in the request in incorrect order.`,
  ],
  'the same line twice': (s) => [
    'POST',
    `invoices/${s.twoLines.id}`,
    edit(s.twoLines, { lines: [{ id: s.twoLines.lines[0].id }, { id: s.twoLines.lines[0].id }] }),
    '3290',
    `The item "${s.twoLines.lines[0].id}" is placed in the request in incorrect order.`,
  ],
  'a link to an order that is closed': (s) => [
    'POST',
    'invoices',
    sale(s, { lines: undefined, linkToTransactionIds: [s.order.id] }),
    '570',
    `Unable to link to transaction "${s.order.id}" because it has already been closed.`,
  ],
  'a link to a line that is closed': (s) => [
    'POST',
    'invoices',
    sale(s, {
      lines: [{ linkToTransactionLine: { transactionId: s.order.id, transactionLineId: s.order.lines[0].id } }],
    }),
    '570',
    `Unable to link to transaction "${s.order.id}" because it has already been closed.`,
  ],
  'an item beside a link to a line': (s) => [
    'POST',
    'invoices',
    sale(s, {
      lines: [
        line(s, { linkToTransactionLine: { transactionId: s.order.id, transactionLineId: s.order.lines[0].id } }),
      ],
    }),
    'Invalid input: a linked line takes its item from the other at "lines[0].itemId"',
  ],
};

/** Everything stored, without the times of requests, which a refused request moves as well. */
async function stored(books: Books): Promise<State> {
  const { integrationConnections: _, ...rest } = await books.state();
  return rest;
}

t.test('bad requests are refused with Conductor’s envelope, and change nothing', async (t) => {
  const books = await openBooks(t);
  let parent: string | undefined;
  for (const name of ['A', 'B', 'C', 'D', 'E']) {
    parent = (await books.make('classes', { name, ...(parent && { parentId: parent }) })).id;
  }
  const set = await scene(books);
  const before = await stored(books);
  for (const [situation, request] of Object.entries(REFUSALS)) {
    const [method, path, json, first, text] = request(set);
    const answer = await books.ask(method, path, json);
    await t.test(situation, async (t) => {
      if (text === undefined) expectError(t, answer, 400, 'INVALID_REQUEST_ERROR', 'PARAMETER_INVALID', first);
      else {
        const message = `QBD Request Error (${first}): ${text}`;
        expectError(t, answer, 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', message, first);
      }
    });
  }
  t.strictSame(await stored(books), before, 'nothing is changed');
  t.strictSame(await books.faults(), []);
});

story('what is dated on or before the closing date stays as it is', async (t, books) => {
  const state = await books.state();
  const files = (state.companyFiles as Json[]).map((file) => ({
    ...file,
    preferences: { ...file.preferences, accounting: { ...file.preferences.accounting, closingDate: '2025-01-11' } },
  }));
  const put = await books.server.call('PUT', '/__admin/state', {
    json: { conductor: { ...state, companyFiles: files } },
  });
  t.equal(put.status, 204);
  const [first, second] = (await books.list('invoices')) as [Json, Json];
  const why = 'The date of the transaction is on or before the closing date of the company.';
  const modifying = `There was an error when modifying a Invoice. QuickBooks error message: ${why}`;
  await books.refused(
    'DELETE',
    `invoices/${first.id}`,
    undefined,
    '3161',
    `Cannot delete the object specified by the id = "${first.id}". ${why}`,
  );
  await books.refused(
    'POST',
    `invoices/${first.id}/void`,
    undefined,
    '3161',
    `Cannot void the object specified by the id = "${first.id}". ${why}`,
  );
  const { revisionNumber } = first;
  await books.refused('POST', `invoices/${first.id}`, { revisionNumber, memo: 'x' }, '3171', modifying);
  await books.refused(
    'POST',
    `invoices/${first.id}`,
    { revisionNumber, transactionDate: '2025-02-01' },
    '3171',
    modifying,
  );
  const backdated = { revisionNumber: second.revisionNumber, transactionDate: '2025-01-11' };
  await books.refused('POST', `invoices/${second.id}`, backdated, '3171', modifying);
  t.equal(
    (await books.change('invoices', second.id, { memo: 'after the closing date' })).memo,
    'after the closing date',
  );
});

t.end();
