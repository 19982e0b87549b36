// Amounts of lines: prices, price levels, markups, discounts, subtotals and groups.
import t from 'tap';
import { LARKSPUR, type Node, openBooks } from './company-file.ts';
import { shop } from './shop.ts';

t.test('the amount of a line follows from amount, price and quantity', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, consulting: itemId, on: transactionDate } = await shop(books);
  const line = async (given: object) => {
    const { lines } = await books.make('invoices', { customerId, transactionDate, lines: [{ itemId, ...given }] });
    return [lines[0].quantity, lines[0].rate, lines[0].amount];
  };
  t.same(await line({ amount: '100', quantity: 3 }), [3, '33.33333', '100.00']);
  t.same(await line({ amount: '100.00' }), [null, '100.00', '100.00']);
  t.same(await line({ rate: '12.345', quantity: 2 }), [2, '12.345', '24.69']);
  t.same(await line({ rate: '12.5' }), [null, '12.50', '12.50']);
  t.same(await line({ quantity: 2.5 }), [2.5, '90.00', '225.00']);
  t.same(await line({}), [null, '90.00', '90.00']);
  const { lines } = await books.make('invoices', {
    customerId,
    transactionDate,
    lines: [{ description: 'Thank you' }, { description: 'Extra', amount: '5.00' }],
  });
  t.same(
    lines.map(({ amount }: Node) => amount),
    [null, '5.00'],
  );
});

t.test('price levels change prices, and estimates add a markup', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, consulting, widget, freight, on: transactionDate } = await shop(books);
  const level = async (body: object) => (await books.make('price-levels', body)).id;
  const trade = await level({ name: 'Trade', fixedPercentage: '-10' });
  const special = await level({
    name: 'Special',
    perItemPriceLevels: [
      { itemId: consulting, customPrice: '80.00' },
      { itemId: widget, customPricePercent: '50' },
      { itemId: freight, adjustPercentage: '10', adjustRelativeTo: 'standard_price' },
    ],
  });
  const cost = await books.make('price-levels', {
    name: 'Cost',
    perItemPriceLevels: [{ itemId: widget, adjustPercentage: '100', adjustRelativeTo: 'cost' }],
  });
  t.equal(cost.perItemPriceLevels[0].customPrice, '50.00');
  const more = {
    revisionNumber: cost.revisionNumber,
    perItemPriceLevels: [{ itemId: widget, adjustPercentage: '10', adjustRelativeTo: 'current_custom_price' }],
  };
  t.equal((await books.call('POST', `price-levels/${cost.id}`, more)).body.perItemPriceLevels[0].customPrice, '55.00');
  const lines = [
    { itemId: consulting, priceLevelId: trade },
    { itemId: consulting, priceLevelId: special },
    { itemId: widget, priceLevelId: special },
    { itemId: freight, priceLevelId: special },
    { itemId: freight, priceLevelId: cost.id },
  ];
  const made = await books.make('invoices', { customerId, transactionDate, lines });
  t.same(
    made.lines.map(({ rate }: Node) => rate),
    ['81.00', '80.00', '75.00', '16.50', '15.00'],
  );
  const estimate = await books.make('estimates', {
    customerId,
    transactionDate,
    lines: [
      { itemId: consulting, quantity: 2, markupRate: '0.5' },
      { itemId: consulting, quantity: 2, markupRatePercent: '10' },
    ],
  });
  t.same(
    estimate.lines.map(({ amount }: Node) => amount),
    ['270.00', '198.00'],
  );
  t.match(
    await books.call('POST', 'price-levels', {
      name: 'Both',
      fixedPercentage: '1',
      perItemPriceLevels: [{ itemId: widget, customPrice: '1.00' }],
    }),
    { status: 400 },
  );
});

t.test('discounts and subtotals are computed line by line, and reduce what is taxed', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, sales, tax, non, on: transactionDate } = await shop(books);
  const percent = (await books.make('discount-items', { name: 'Ten', discountRatePercent: '10', accountId: sales })).id;
  const flat = (await books.make('discount-items', { name: 'Five off', discountRate: '5.00', accountId: sales })).id;
  const subtotal = (await books.make('subtotal-items', { name: 'Subtotal' })).id;
  const invoice = async (lines: object[]) => {
    const made = await books.make('invoices', { customerId, transactionDate, lines });
    return [made.lines.map(({ amount }: Node) => amount), made.subtotal, made.salesTaxTotal];
  };
  const taxed = { itemId: widget, quantity: 2 };
  const untaxed = { itemId: consulting, quantity: 1 };
  t.same(await invoice([taxed, { itemId: percent }]), [['100.00', '-10.00'], '90.00', '7.20']);
  t.same(await invoice([taxed, { itemId: percent, salesTaxCodeId: non }]), [['100.00', '-10.00'], '90.00', '8.00']);
  t.same(
    await invoice([taxed, untaxed, { itemId: flat, salesTaxCodeId: tax }]),
    [['100.00', '90.00', '-5.00'], '185.00', '7.79'],
    'spread over taxed and untaxed',
  );
  t.same(await invoice([untaxed, { itemId: flat }]), [['90.00', '-5.00'], '85.00', '0.00']);
  t.same(
    await invoice([{ itemId: flat, salesTaxCodeId: tax }, taxed]),
    [['-5.00', '100.00'], '95.00', '8.00'],
    'nothing above',
  );
  t.same(await invoice([taxed, untaxed, { itemId: subtotal }, { itemId: percent, salesTaxCodeId: tax }, taxed]), [
    ['100.00', '90.00', '190.00', '-19.00', '100.00'],
    '271.00',
    '15.20',
  ]);
  t.same(await invoice([taxed, { itemId: percent, ratePercent: '50' }]), [['100.00', '-50.00'], '50.00', '4.00']);
  t.same(await invoice([taxed, { itemId: percent, rate: '7.00' }]), [['100.00', '-7.00'], '93.00', '7.44']);
  const share = (
    await books.make('other-charge-items', {
      name: 'Fee',
      salesOrPurchaseDetails: { pricePercentage: '3', postingAccountId: sales },
    })
  ).id;
  t.same(await invoice([taxed, { itemId: share }]), [['100.00', '3.00'], '103.00', '8.00']);
});

t.test('a group expands to its components and follows its quantity', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { customer: customerId, widget, consulting, on: transactionDate } = await shop(books);
  const group = await books.make('item-groups', {
    name: 'Set',
    description: 'A set',
    shouldPrintItemsInGroup: true,
    lines: [{ itemId: widget, quantity: 2 }, { itemId: consulting }],
  });
  const made = await books.make('invoices', {
    customerId,
    transactionDate,
    lineGroups: [{ itemGroupId: group.id, quantity: 3 }],
  });
  t.match(made.lineGroups, [
    {
      description: 'A set',
      shouldPrintItemsInGroup: true,
      totalAmount: '570.00',
      lines: [
        { quantity: 6, amount: '300.00' },
        { quantity: 3, amount: '270.00' },
      ],
    },
  ]);
  t.equal(made.subtotal, '570.00');
  const [{ id, lines }] = made.lineGroups;
  const change = async (json: object, { revisionNumber }: Node) =>
    (await books.call('POST', `invoices/${made.id}`, { revisionNumber, ...json })).body;
  const twice = await change({ lineGroups: [{ id, quantity: 1 }] }, made);
  t.match(twice.lineGroups[0], { totalAmount: '190.00', lines: [{ id: lines[0].id, quantity: 2 }, { quantity: 1 }] });
  const one = await change({ lineGroups: [{ id, lines: [{ id: lines[0].id, rate: '40.00' }] }] }, twice);
  t.match(one.lineGroups[0], { totalAmount: '80.00', lines: [{ id: lines[0].id, quantity: 2, amount: '80.00' }] });
  t.equal(one.lineGroups[0].lines.length, 1);
});
