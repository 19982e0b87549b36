// Lists: the rules that one family has and the others have not.
import t from 'tap';
import { type Books, fixtureId, MILLRACE, type Node, openBooks, withIds } from './company-file.ts';

const refusal = (code: string) => ({ status: 502, body: { error: { integrationCode: code } } });

/** Updates an object with its current revision number. */
async function change({ call }: Books, path: string, id: string, json: object) {
  const { revisionNumber } = (await call('GET', `${path}/${id}`)).body;
  return await call('POST', `${path}/${id}`, { revisionNumber, ...json });
}

t.test('names are unique in their space, whatever their case, and know no colon', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  await make('customers', { name: 'Ada' });
  for (const path of ['vendors', 'other-names'])
    t.match(await call('POST', path, { name: 'ADA' }), refusal('3100'), path);
  t.match(await call('POST', 'employees', { firstName: 'Ada' }), refusal('3100'));
  t.match(await call('POST', 'subtotal-items', { name: 'wheel' }), refusal('3100'), 'items share a space');
  t.match(await call('POST', 'standard-terms', { name: 'due on the 15th' }), refusal('3100'), 'terms share a space');
  t.equal((await call('POST', 'classes', { name: 'Ada' })).status, 200, 'classes have their own');
  t.match(await call('POST', 'classes', { name: 'A:B' }), refusal('3090'));
  t.match(
    await call('POST', 'sales-representatives', withIds({ initial: 'mb', entityId: '@employees' })),
    refusal('3100'),
  );
  t.match(
    await call('POST', 'sales-representatives', withIds({ initial: 'HC', entityId: '@customers' })),
    refusal('3140'),
    'a customer sells nothing',
  );
  t.match(await call('POST', 'employees', { jobTitle: 'nobody' }), refusal('3150'));
});

t.test('a tree has five levels, no circles, and names that follow from it', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const ids: string[] = [];
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
    const parentId = ids.at(-1);
    const made = await books.make('classes', { name, ...(parentId && { parentId }) });
    ids.push(made.id);
  }
  const [one, two, , four, five] = ids as [string, string, string, string, string];
  t.equal((await books.call('GET', `classes/${five}`)).body.fullName, 'One:Two:Three:Four:Five');
  t.match(await books.call('POST', 'classes', { name: 'Six', parentId: five }), refusal('3180'));
  t.match(await change(books, 'classes', one, { parentId: four }), refusal('3130'));
  t.match(await change(books, 'classes', one, { parentId: one }), refusal('3130'));
  const top = await books.make('classes', { name: 'Top' });
  t.match(
    await change(books, 'classes', one, { parentId: top.id }),
    refusal('3180'),
    'its descendants would be too deep',
  );
  t.match((await change(books, 'classes', two, { name: 'Second' })).body, { fullName: 'One:Second', sublevel: 1 });
  t.match((await books.call('GET', `classes/${five}`)).body, { fullName: 'One:Second:Three:Four:Five', sublevel: 4 });
  t.match((await change(books, 'classes', two, { parentId: '' })).body, {
    fullName: 'Second',
    parent: null,
    sublevel: 0,
  });
  t.match((await books.call('GET', `classes/${five}`)).body, { fullName: 'Second:Three:Four:Five', sublevel: 3 });
  t.equal((await change(books, 'classes', two, {})).status, 200);
});

t.test('amounts, prices, percentages and ids have one form', async (t) => {
  const { call, make } = await openBooks(t, MILLRACE);
  const charge = (price: string) => ({
    name: 'C',
    salesOrPurchaseDetails: { price, postingAccountId: fixtureId('accounts', 'Sales') },
  });
  t.match(await call('POST', 'customers', { name: 'A', creditLimit: '1.234' }), refusal('3040'));
  t.equal((await make('customers', { name: 'A', creditLimit: '100' })).creditLimit, '100.00');
  t.match(await call('POST', 'other-charge-items', charge('1.123456')), refusal('3045'));
  t.equal((await make('other-charge-items', charge('1.12300'))).salesOrPurchaseDetails.price, '1.123');
  t.match(await call('POST', 'price-levels', { name: 'P', fixedPercentage: 'ten' }), refusal('3050'));
  t.match(await call('POST', 'customers', { name: 'B', termsId: 'net thirty' }), refusal('3000'));
  t.match(await call('POST', 'customers', { name: 'B', termsId: '80FFFFFF-1' }), refusal('3140'));
  t.match(await call('GET', 'customers?totalBalance=much'), refusal('3040'));
  t.match(await call('GET', 'customers?totalBalance=1&totalBalanceLessThan=2'), { status: 400 });
});

t.test('accounts have openings, numbers and tax lines', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  const bank = await make('accounts', {
    name: 'Savings',
    accountType: 'bank',
    openingBalance: '50.00',
    openingBalanceDate: '2025-01-01',
    accountNumber: '1100',
    taxLineId: 1002,
  });
  t.match(bank, {
    balance: '50.00',
    totalBalance: '50.00',
    cashFlowClassification: 'not_applicable',
    taxLineDetails: { taxLineId: 1002 },
  });
  const child = await make('accounts', {
    name: 'Trip',
    accountType: 'bank',
    parentId: bank.id,
    openingBalance: '5.00',
  });
  t.match((await call('GET', `accounts/${bank.id}`)).body, { balance: '50.00', totalBalance: '55.00' });
  t.match(child, { balance: '5.00' });
  const loan = await make('accounts', { name: 'Loan', accountType: 'long_term_liability', openingBalance: '20.00' });
  t.equal(loan.balance, '20.00', 'a debt is positive');
  t.match(await call('POST', 'accounts', { name: 'X', accountType: 'bank', accountNumber: '1100' }), refusal('3180'));
  t.match(await call('POST', 'accounts', { name: 'X', accountType: 'non_posting' }), refusal('3180'));
  t.match(
    await call('POST', 'accounts', { name: 'X', accountType: 'income', openingBalance: '1.00' }),
    refusal('3180'),
  );
  t.match(await call('POST', 'accounts', { name: 'X', accountType: 'bank', taxLineId: 9 }), refusal('3140'));
  t.match(await change(books, 'accounts', bank.id, { openingBalance: '1.00' }), refusal('3180'), 'it has been entered');
  t.ok(
    (await call('GET', 'accounts?accountType=bank')).body.data.every(({ accountType }: Node) => accountType === 'bank'),
  );
});

t.test('people have balances, notes, contacts and shipping addresses', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  const customer = await make('customers', {
    name: 'Ada',
    openingBalance: '30.00',
    additionalNotes: [{ note: 'first' }, { note: 'second' }],
    additionalContacts: [{ firstName: 'Ann', lastName: 'Bell' }, { firstName: 'Bo' }],
    alternateShippingAddresses: [
      { name: 'Shop', isDefaultShippingAddress: true },
      { name: 'Store', isDefaultShippingAddress: true },
    ],
  });
  await make('customers', {
    name: 'Job',
    parentId: customer.id,
    openingBalance: '12.00',
    openingBalanceDate: '2025-01-02',
  });
  t.match((await call('GET', `customers/${customer.id}`)).body, { balance: '30.00', totalBalance: '42.00' });
  t.same(customer.additionalNotes, [
    { id: 1, date: '2025-03-01', note: 'first' },
    { id: 2, date: '2025-03-01', note: 'second' },
  ]);
  t.same(
    customer.alternateShippingAddresses.map((one: Node) => one.isDefaultShippingAddress),
    [false, true],
  );
  t.match(
    await call('POST', 'customers', { name: 'B', alternateShippingAddresses: [{ name: 'A' }, { name: 'a' }] }),
    refusal('3100'),
  );
  const [ann, bo] = customer.additionalContacts;
  t.match([ann, bo], [{ name: 'Ann Bell' }, { name: 'Bo' }]);
  const json = {
    additionalNotes: [{ id: 2, note: 'changed' }],
    additionalContacts: [{ id: bo.id, revisionNumber: bo.revisionNumber, lastName: 'Low' }],
  };
  const { body } = await change(books, 'customers', customer.id, json);
  t.match(body.additionalNotes, [
    { id: 1, note: 'first' },
    { id: 2, note: 'changed' },
  ]);
  t.match(body.additionalContacts, [ann, { id: bo.id, name: 'Bo Low' }]);
  t.match(await change(books, 'customers', customer.id, json), refusal('3200'), 'the contact has a newer revision');
  t.match(await change(books, 'customers', customer.id, { additionalNotes: [{ id: 9, note: '' }] }), refusal('3120'));
  t.equal(
    (await call('GET', `customers?excludeAlternateShippingAddresses=true&ids=${customer.id}`)).body.data[0]
      .alternateShippingAddresses,
    null,
  );
  for (const [query, found] of [
    ['totalBalance=42.00', true],
    ['totalBalanceGreaterThan=42', false],
    ['totalBalanceGreaterThanOrEqualTo=42', true],
    ['totalBalanceLessThan=42', false],
    ['totalBalanceLessThanOrEqualTo=42.00', true],
  ] as const)
    t.equal((await call('GET', `customers?nameFrom=Ada&nameTo=Ada&${query}`)).body.data.length === 1, found, query);
  const address = await change(books, 'customers', customer.id, { billingAddress: { line1: 'One', city: 'Here' } });
  t.match(address.body.billingAddress, { line1: 'One', city: 'Here' });
  t.match((await change(books, 'customers', customer.id, { billingAddress: { city: '' } })).body.billingAddress, {
    line1: 'One',
    city: null,
  });
  t.equal((await change(books, 'customers', customer.id, { billingAddress: { line1: '' } })).body.billingAddress, null);
});

t.test('a vendor owed money, and one that gets a 1099', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  const vendor = await make('vendors', { name: 'Owed', openingBalance: '70.00' });
  t.equal(vendor.balance, '70.00');
  t.same(
    (await call('GET', 'vendors?totalBalance=70.00')).body.data.map(({ id }: Node) => id),
    [vendor.id],
  );
  t.match(await call('POST', 'vendors', { name: 'V', isEligibleFor1099: true }), refusal('3150'));
  t.match(
    await call('POST', 'vendors', { name: 'V', isEligibleFor1099: true, taxIdentificationNumber: '1' }),
    refusal('3150'),
  );
  t.equal(
    (
      await call('POST', 'vendors', {
        name: 'V',
        isEligibleFor1099: true,
        taxIdentificationNumber: '1',
        billingAddress: { line1: 'a' },
      })
    ).status,
    200,
  );
  const defaultExpenseAccountIds = Array.from({ length: 4 }, () => fixtureId('accounts', 'Wages'));
  t.match(await call('POST', 'vendors', { name: 'W', defaultExpenseAccountIds }), refusal('3180'));
  t.equal(
    (await make('vendors', { name: 'W', defaultExpenseAccountIds: defaultExpenseAccountIds.slice(2) }))
      .defaultExpenseAccounts[0].fullName,
    'Wages',
  );
});

t.test('personal data of employees is shown and changed only with permission', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const wage = fixtureId('payroll-wage-items');
  const person = {
    firstName: 'Cy',
    ssn: '123-45-6789',
    employeePayroll: { payPeriod: 'weekly', earnings: [{ payrollWageItemId: wage, rate: '20.00' }] },
  };
  const made = await books.make('employees', person);
  t.match(made, { name: 'Cy', printAs: 'Cy', employeeType: 'regular', ssn: null, employeePayroll: null });
  t.match(await change(books, 'employees', made.id, { employeePayroll: { payPeriod: 'monthly' } }), refusal('3261'));
  t.match((await change(books, 'employees', made.id, { lastName: 'Dee' })).body, { name: 'Cy Dee', printAs: 'Cy Dee' });
  const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  for (const file of state.conductor.companyFiles)
    file.preferences.appAccessRights = { isPersonalDataAccessAllowed: true };
  await books.server.call('PUT', '/__admin/state', { json: state });
  t.match((await books.call('GET', `employees/${made.id}`)).body, {
    ssn: '123-45-6789',
    employeePayroll: { payPeriod: 'weekly', earnings: [{ rate: '20.00' }] },
  });
  t.match(
    (await change(books, 'employees', made.id, { employeePayroll: { payPeriod: 'monthly' } })).body.employeePayroll,
    { payPeriod: 'monthly', earnings: [{ rate: '20.00' }] },
  );
  t.same(
    (await change(books, 'employees', made.id, { employeePayroll: { deleteAllEarnings: true } })).body.employeePayroll
      .earnings,
    [],
  );
  t.match(
    await books.call(
      'POST',
      'payroll-wage-items',
      withIds({ name: 'Both', wageType: 'bonus', rate: '1.00', ratePercent: '5', expenseAccountId: '@accounts:Wages' }),
    ),
    { status: 400 },
  );
});

t.test('items are sold, or sold and purchased, and keep what they are', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  const income = fixtureId('accounts', 'Sales');
  const cost = fixtureId('accounts', 'Cost of Goods Sold');
  const either = { description: 'once', price: '5.00', postingAccountId: income };
  const both = {
    salesPrice: '9.00',
    salesDescription: 'sold',
    incomeAccountId: income,
    purchaseCost: '4.00',
    expenseAccountId: cost,
  };
  t.match(await call('POST', 'service-items', { name: 'S' }), { status: 400 });
  t.match(
    await call('POST', 'service-items', { name: 'S', salesOrPurchaseDetails: either, salesAndPurchaseDetails: both }),
    { status: 400 },
  );
  const one = await make('service-items', { name: 'S', salesOrPurchaseDetails: either });
  t.match(one, {
    salesOrPurchaseDetails: { price: '5.00', postingAccount: { fullName: 'Sales' } },
    salesAndPurchaseDetails: null,
  });
  t.match(
    await change(books, 'service-items', one.id, { salesAndPurchaseDetails: { salesPrice: '1.00' } }),
    refusal('3180'),
  );
  t.match(
    (await change(books, 'service-items', one.id, { salesOrPurchaseDetails: { price: '6.00' } })).body
      .salesOrPurchaseDetails,
    { price: '6.00', description: null, postingAccount: { fullName: 'Sales' } },
  );
  const two = await make('non-inventory-items', {
    name: 'N',
    salesAndPurchaseDetails: both,
    barcode: { value: '4711' },
  });
  t.equal(two.barcode, '4711');
  t.match(await call('POST', 'subtotal-items', { name: 'Sub', barcode: { value: '4711' } }), refusal('3100'));
  t.equal(
    (await make('subtotal-items', { name: 'Sub', barcode: { value: '4711', assignEvenIfUsed: true } })).barcode,
    '4711',
  );
  await make(
    'invoices',
    withIds({
      customerId: '@customers',
      transactionDate: '2025-02-20',
      lines: [{ itemId: two.id }, { itemId: one.id }],
    }),
  );
  t.match(
    await change(books, 'non-inventory-items', two.id, { salesAndPurchaseDetails: { incomeAccountId: cost } }),
    refusal('3170'),
    'it is used',
  );
  const moved = await change(books, 'non-inventory-items', two.id, {
    salesAndPurchaseDetails: { incomeAccountId: cost, updateExistingTransactionsIncomeAccount: true },
  });
  t.equal(moved.body.salesAndPurchaseDetails.incomeAccount.fullName, 'Cost of Goods Sold');
  const { conductor } = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  const posted = conductor.invoices.at(-1).body.postings.find(({ item }: Node) => item === two.id);
  t.equal(posted.account, cost, 'its postings have moved');
});

t.test('stock items start with a quantity and a value', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const accounts = {
    incomeAccountId: '@accounts:Sales',
    cogsAccountId: '@accounts:Cost of Goods Sold',
    assetAccountId: '@accounts:Inventory Asset',
  };
  const make = (more: object) => books.call('POST', 'inventory-items', withIds({ ...accounts, ...more }));
  t.match((await make({ name: 'A', quantityOnHand: 4, totalValue: '10.00' })).body, {
    quantityOnHand: 4,
    averageCost: '2.50',
  });
  t.match(
    (await make({ name: 'B', quantityOnHand: 4, purchaseCost: '3.00', totalValue: '10.00' })).body,
    { averageCost: '3.00' },
    'the product wins',
  );
  t.match((await make({ name: 'C', quantityOnHand: 3 })).body, { averageCost: '0.00' });
  t.match((await make({ name: 'D' })).body, { quantityOnHand: 0, averageCost: '0.00' });
  t.match(await make({ name: 'E', totalValue: '10.00' }), refusal('3180'));
  t.match(await make({ name: 'F', incomeAccountId: '80FFFFFF-1' }), refusal('3140'));
  const assembly = (await books.call('GET', 'inventory-assembly-items')).body.data[0];
  t.same((await change(books, 'inventory-assembly-items', assembly.id, { clearItemLines: true })).body.lines, []);
  const group = (await books.call('GET', 'item-groups')).body.data[0];
  t.same((await change(books, 'item-groups', group.id, { clearItemLines: true })).body.lines, []);
});

t.test('discounts, taxes, codes, currencies and units keep their rules', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  const accountId = fixtureId('accounts', 'Sales');
  t.match(
    await call('POST', 'discount-items', { name: 'D', accountId, discountRate: '1.00', discountRatePercent: '1' }),
    { status: 400 },
  );
  const discount = await make('discount-items', { name: 'D', accountId, discountRate: '1.00' });
  t.match((await change(books, 'discount-items', discount.id, { discountRatePercent: '5' })).body, {
    discountRate: null,
    discountRatePercent: '5',
  });
  t.match(await call('POST', 'sales-tax-items', { name: 'T', taxRate: '5' }), refusal('3150'));
  t.equal((await call('POST', 'sales-tax-items', { name: 'T' })).status, 200);
  const tax = await books.named('sales-tax-codes', 'Tax');
  t.match(await change(books, 'sales-tax-codes', tax, { isTaxable: false }), refusal('3170'), 'built in');
  const own = await make('sales-tax-codes', { name: 'Own', isTaxable: false });
  t.match((await change(books, 'sales-tax-codes', own.id, { isTaxable: true })).body, { isTaxable: true });
  await make(
    'invoices',
    withIds({
      customerId: '@customers',
      transactionDate: '2025-02-20',
      salesTaxCodeId: own.id,
      lines: [{ itemId: '@service-items' }],
    }),
  );
  t.match(await change(books, 'sales-tax-codes', own.id, { isTaxable: false }), refusal('3170'), 'used');
  t.match(await make('currencies', { name: 'Crown', currencyCode: 'CRN' }), {
    isUserDefinedCurrency: true,
    currencyFormat: { thousandSeparator: 'comma', decimalPlaces: '2' },
  });
  const at = '2025-01-01T00:00:00.000Z';
  const euro = {
    id: '80000999-1',
    endUserId: MILLRACE,
    createdAt: at,
    updatedAt: at,
    revisionNumber: '1',
    body: { name: 'Euro', isActive: true, currencyCode: 'EUR' },
  };
  t.equal(
    (await books.server.call('POST', '/__admin/state', { json: { conductor: { currencies: [euro] } } })).status,
    201,
  );
  t.match(await change(books, 'currencies', '80000999-1', { name: 'Franc' }), refusal('3170'));
  t.match((await change(books, 'currencies', '80000999-1', { isActive: false })).body, { isActive: false });
  const units = { name: 'U', unitOfMeasureType: 'count', baseUnit: { name: 'Piece', abbreviation: 'pc' } };
  t.match(
    await call('POST', 'unit-of-measure-sets', { ...units, defaultUnits: [{ unitUsedFor: 'sales', unit: 'Box' }] }),
    refusal('3140'),
  );
  const set = await make('unit-of-measure-sets', {
    ...units,
    relatedUnits: [{ name: 'Box', abbreviation: 'bx', conversionRatio: '10' }],
  });
  const item = await make('service-items', {
    name: 'Boxed',
    unitOfMeasureSetId: set.id,
    salesOrPurchaseDetails: { price: '1.00', postingAccountId: accountId },
  });
  const sell = (unitOfMeasure: string, itemId = item.id) =>
    call(
      'POST',
      'invoices',
      withIds({
        customerId: '@customers',
        transactionDate: '2025-02-20',
        lines: [{ itemId, quantity: 1, unitOfMeasure }],
      }),
    );
  t.equal((await sell('bx')).status, 200);
  t.match(await sell('Crate'), refusal('3140'));
  t.match(await sell('Box', fixtureId('service-items')), refusal('3140'), 'an item without units');
});

t.test('a listing skips an object that was deleted since, and shows no later one in its place', async (t) => {
  const { call, make } = await openBooks(t, MILLRACE);
  const customer = await make('customers', { name: 'Listed' });
  const estimate = { customerId: customer.id, transactionDate: '2025-02-10', lines: [{ description: 'Work' }] };
  const listed = [await make('estimates', estimate), await make('estimates', estimate)];
  const filter = `customerIds=${String(customer.id)}&limit=1`;
  const { body } = await call('GET', `estimates?${filter}`);
  t.match(body, { data: [{ id: listed[0]?.id }], remainingCount: 1 });
  t.equal((await call('DELETE', `estimates/${String(listed[1]?.id)}`)).status, 200);
  await make('estimates', estimate);
  const next = await call('GET', `estimates?limit=1&cursor=${body.nextCursor}`);
  t.match(next, { status: 200, body: { nextCursor: null, remainingCount: 0 } });
  t.strictSame(next.body.data, []);
});

t.test('a cursor lives ten seconds, in its own list and file', async (t) => {
  const books = await openBooks(t, MILLRACE);
  const { call, make } = books;
  for (const name of ['A', 'B', 'C']) await make('customers', { name });
  const { nextCursor } = (await call('GET', 'customers?limit=1')).body;
  t.match(await call('GET', `vendors?cursor=${nextCursor}`), { status: 400 }, 'of another list');
  await books.at('2025-03-01T12:00:10.000Z');
  const page = await call('GET', `customers?limit=1&cursor=${nextCursor}&nameContains=ignored`);
  t.match(page, { status: 200, body: { nextCursor, data: [{ name: 'B' }] } });
  await books.at('2025-03-01T12:00:20.001Z');
  t.match(await call('GET', `customers?limit=1&cursor=${nextCursor}`), {
    status: 400,
    body: { error: { code: 'PARAMETER_INVALID' } },
  });
  t.match(await call('GET', `customers?ids=${fixtureId('customers')}&cursor=${nextCursor}`), { status: 400 });
  for (let n = 0; n < 101; n++) await call('GET', 'customers?limit=1');
  t.match(await call('GET', 'customers?cursor=unknown'), { status: 400 });
  t.match(await call('GET', 'customers?customerIds=80FFFFFF-1&classIds=80FFFFFF-1'), refusal('500'));
});
