// Lines of sales on the books of Larkspur Supply Co.: subtotals, discounts, groups, tax and amounts.
import { type Json, story } from './books.ts';
import { amounts, balance, furnished } from './larkspur.ts';

story(
  'an invoice with a subtotal, a discount of it and a group is taxed by the share of taxed lines',
  async (t, books) => {
    const ids = await furnished(books);
    const invoice = await books.make('invoices', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [
        { itemId: ids.Widget, quantity: 3 },
        { itemId: ids.Consulting, quantity: 2 },
        { itemId: ids.Subtotal },
        { itemId: ids['10% off'] },
      ],
      lineGroups: [{ itemGroupId: ids['Starter Set'], quantity: 2 }],
    });
    t.strictSame(amounts(invoice.lines), [
      ['Widget', 3, '50.00', '150.00'],
      ['Consulting', 2, '90.00', '180.00'],
      ['Subtotal', null, null, '330.00'],
      ['10% off', null, null, '-33.00'],
    ]);
    const [group] = invoice.lineGroups;
    t.strictSame(amounts(group.lines), [
      ['Widget', 2, '50.00', '100.00'],
      ['Gadget', 4, '12.50', '50.00'],
    ]);
    t.match(group, {
      quantity: 2,
      totalAmount: '150.00',
      description: 'A widget and two gadgets',
      shouldPrintItemsInGroup: true,
    });
    // Taxed: 150.00, less 33.00 x 150/330 = 15.00, and 150.00 of the group: 285.00 at 8 %.
    t.match(invoice, {
      refNumber: '1003',
      subtotal: '447.00',
      salesTaxItem: { fullName: 'State Tax' },
      salesTaxPercentage: '8.00',
      salesTaxTotal: '22.80',
      balanceRemaining: '469.80',
      isPaid: false,
      terms: { fullName: 'Net 30' },
      dueDate: '2025-03-22',
      receivablesAccount: { fullName: 'Accounts Receivable' },
      documentTemplate: { id: /./ },
    });
    t.equal(await balance(books, 'Accounts Receivable'), '1009.80');
    t.equal(await balance(books, 'Sales Tax Payable'), '62.80');
    t.equal(await balance(books, 'Inventory Asset'), '375.00', 'five widgets at 25.00 left');
    t.equal((await books.named('inventory-items', 'Widget')).quantityOnHand, 15);
    t.equal((await books.named('customers', 'Harbor Cafe')).balance, '1009.80');
  },
);

story(
  'a flat discount is spread over the lines above it, and one without a tax code counts when all are taxed',
  async (t, books) => {
    const ids = await furnished(books);
    const sell = async (...lines: Json[]) => {
      const invoice = await books.make('invoices', {
        customerId: ids['Harbor Cafe'],
        transactionDate: '2025-02-20',
        lines,
      });
      return [invoice.subtotal, invoice.salesTaxTotal, invoice.balanceRemaining];
    };
    const widget = { itemId: ids.Widget, quantity: 1 };
    // 20.00 x 50/65 = 15.3846: 34.6154 taxed at 8 % is 2.769.
    t.strictSame(await sell(widget, { itemId: ids.Freight }, { itemId: ids['20 off'] }), ['45.00', '2.77', '47.77']);
    t.strictSame(await sell(widget, { itemId: ids['10% without a code'] }), ['45.00', '3.60', '48.60']);
    // A percentage hits the line above only: 10 % of freight, which is untaxed.
    t.strictSame(await sell(widget, { itemId: ids.Freight }, { itemId: ids['10% off'] }), ['63.50', '4.00', '67.50']);
    t.strictSame(await sell({ ...widget, salesTaxCodeId: ids.Non }, { itemId: ids['10% off'] }), [
      '45.00',
      '0.00',
      '45.00',
    ]);
  },
);

story('the amount of a line follows from what is sent of amount, rate and quantity', async (t, books) => {
  const ids = await furnished(books);
  const line = async (json: Json) => {
    const { lines } = await books.make('sales-receipts', {
      customerId: ids['Millstone Bakery'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Consulting, ...json }],
    });
    return [lines[0].quantity, lines[0].rate, lines[0].amount];
  };
  t.strictSame(await line({}), [null, '90.00', '90.00']);
  t.strictSame(await line({ quantity: 1.5 }), [1.5, '90.00', '135.00']);
  t.strictSame(await line({ quantity: 3, amount: '100.00' }), [3, '33.33333', '100.00']);
  t.strictSame(await line({ quantity: 3, rate: '80.123' }), [3, '80.123', '240.37']);
  t.strictSame(await line({ rate: '12' }), [null, '12.00', '12.00']);
  t.strictSame(
    await line({ quantity: 2, rate: '9', amount: '25' }),
    [2, '12.50', '25.00'],
    'an amount wins over a rate',
  );
  t.strictSame(await line({ quantity: 0.333, rate: '0.015' }), [0.333, '0.015', '0.00']);
  t.strictSame(await line({ quantity: 1, rate: '0.005' }), [1, '0.005', '0.01'], 'half a cent is rounded up');
});
