// The company file of Larkspur Supply Co.: every balance, worked out by hand.
import t from 'tap';
import { objectsOf, trialBalance } from './audit.ts';
import { LARKSPUR, story } from './books.ts';

story('the accounts of Larkspur Supply Co. have the balances of its transactions', async (t, books) => {
  const accounts = await books.list('accounts');
  t.strictSame(
    Object.fromEntries(accounts.map(({ name, balance, totalBalance }) => [name, [balance, totalBalance]])),
    Object.fromEntries(
      Object.entries({
        // 12,000.00 opening, 360.00 deposited, 1,170.00 rent paid by check and by journal.
        Checking: '11190.00',
        'Accounts Receivable': '540.00',
        'Undeposited Funds': '0.00',
        'Inventory Asset': '500.00',
        Furniture: '2000.00',
        'Accounts Payable': '300.00',
        Visa: '0.00',
        'Sales Tax Payable': '40.00',
        // 12,000.00 cash, 750.00 stock, 2,000.00 furniture.
        'Opening Balance Equity': '14750.00',
        'Retained Earnings': '0.00',
        'Sales Income': null,
        'Consulting Income': null,
        'Cost of Goods Sold': null,
        'Office Supplies': null,
        Rent: null,
      }).map(([name, balance]) => [name, [balance, balance]]),
    ),
  );
  const objects = objectsOf(await books.state(), LARKSPUR);
  // Debits: 11,190 + 540 + 500 + 2,000 + 250 cost of goods + 300 supplies + 1,170 rent; credits: 300 + 40 + 14,750 + 860.
  t.equal(trialBalance(objects), 1_595_000);
  const posted = (name: string) => {
    const id = accounts.find((one) => one.name === name)?.id;
    return objects
      .flatMap(({ body }) => body.postings ?? [])
      .filter(({ account }) => account === id)
      .reduce((sum, { amount }) => sum + amount, 0);
  };
  t.strictSame(
    ['Sales Income', 'Consulting Income', 'Cost of Goods Sold', 'Office Supplies', 'Rent'].map(posted),
    [-50_000, -36_000, 25_000, 30_000, 117_000],
    'income is credited, cost of goods debited',
  );
});

story('its customers, vendors and stock are what is open and on hand', async (t, books) => {
  t.strictSame(
    (await books.list('customers')).map(({ fullName, sublevel, balance, totalBalance }) => [
      fullName,
      sublevel,
      balance,
      totalBalance,
    ]),
    [
      ['Harbor Cafe', 0, '540.00', '540.00'],
      ['Harbor Cafe:Kitchen Refit', 1, '0.00', '0.00'],
      ['Millstone Bakery', 0, '0.00', '0.00'],
    ],
  );
  t.strictSame(
    (await books.list('vendors')).map(({ name, balance, isSalesTaxAgency }) => [name, balance, isSalesTaxAgency]),
    [
      ['Paper Mill Co', '300.00', false],
      ['State Tax Board', '0.00', true],
    ],
  );
  const [widget] = await books.list('inventory-items');
  t.match(widget, {
    name: 'Widget',
    salesPrice: '50.00',
    purchaseCost: '25.00',
    quantityOnHand: 20,
    averageCost: '25.00',
    quantityOnSalesOrder: 0,
    quantityOnPurchaseOrder: 0,
    incomeAccount: { fullName: 'Sales Income' },
    salesTaxCode: { fullName: 'Tax' },
  });
});

story('its invoices, payment and deposit are linked and settled', async (t, books) => {
  const [first, second] = await books.list('invoices?includeLinkedTransactions=true');
  t.match(first, {
    refNumber: '1001',
    customer: { fullName: 'Harbor Cafe' },
    transactionDate: '2025-01-10',
    dueDate: '2025-02-09',
    subtotal: '500.00',
    salesTaxPercentage: '8.00',
    salesTaxTotal: '40.00',
    appliedAmount: '0.00',
    balanceRemaining: '540.00',
    isPaid: false,
    linkedTransactions: [],
    lines: [{ item: { fullName: 'Widget' }, quantity: 10, rate: '50.00', amount: '500.00' }],
  });
  const [payment] = await books.list('receive-payments');
  t.match(payment, {
    refNumber: '55',
    transactionDate: '2025-01-20',
    totalAmount: '360.00',
    unusedPayment: '0.00',
    paymentMethod: { fullName: 'Check' },
    depositToAccount: { fullName: 'Undeposited Funds' },
    appliedToTransactions: [
      {
        transactionId: second?.id,
        transactionType: 'invoice',
        refNumber: '1002',
        amount: '360.00',
        balanceRemaining: '0.00',
      },
    ],
  });
  t.match(second, {
    refNumber: '1002',
    subtotal: '360.00',
    salesTaxTotal: '0.00',
    appliedAmount: '360.00',
    balanceRemaining: '0.00',
    isPaid: true,
    linkedTransactions: [
      { id: payment?.id, transactionType: 'receive_payment', refNumber: '55', linkType: 'amount', amount: '-360.00' },
    ],
  });
  t.match(await books.list('deposits'), [
    {
      transactionDate: '2025-01-21',
      depositToAccount: { fullName: 'Checking' },
      totalAmount: '360.00',
      lines: [{ paymentTransactionId: payment?.id, amount: '360.00', entity: { fullName: 'Millstone Bakery' } }],
    },
  ]);
  t.strictSame(
    (await books.list('invoices?paymentStatus=not_paid')).map(({ refNumber }) => refNumber),
    ['1001'],
  );
  t.strictSame(
    (await books.list('customers?totalBalanceGreaterThan=0')).map(({ name }) => name),
    ['Harbor Cafe'],
  );
});

t.end();

story('the company is Larkspur Supply Co., whose fiscal year begins in January', async (t, books) => {
  t.match(await books.get('company'), {
    companyName: 'Larkspur Supply Co.',
    isSampleCompanyFile: true,
    fiscalYearStartMonth: 'january',
    incomeTaxYearStartMonth: 'january',
  });
  t.match(await books.get('preferences'), { accounting: { closingDate: null }, multiCurrency: null });
});
