// Accounts, customers, vendors and employees: openings, balances, contacts, notes and personal data.
import t from 'tap';
import { fixtureId, MILLRACE, type Node, openBooks, refusal, withIds } from './company-file.ts';

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
  t.match(await books.change('accounts', bank.id, { openingBalance: '1.00' }), refusal('3180'), 'it has been entered');
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
  const { body } = await books.change('customers', customer.id, json);
  t.match(body.additionalNotes, [
    { id: 1, note: 'first' },
    { id: 2, note: 'changed' },
  ]);
  t.match(body.additionalContacts, [ann, { id: bo.id, name: 'Bo Low' }]);
  t.match(await books.change('customers', customer.id, json), refusal('3200'), 'the contact has a newer revision');
  t.match(await books.change('customers', customer.id, { additionalNotes: [{ id: 9, note: '' }] }), refusal('3120'));
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
  const address = await books.change('customers', customer.id, { billingAddress: { line1: 'One', city: 'Here' } });
  t.match(address.body.billingAddress, { line1: 'One', city: 'Here' });
  t.match((await books.change('customers', customer.id, { billingAddress: { city: '' } })).body.billingAddress, {
    line1: 'One',
    city: null,
  });
  t.equal((await books.change('customers', customer.id, { billingAddress: { line1: '' } })).body.billingAddress, null);
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
  t.match(await books.change('employees', made.id, { employeePayroll: { payPeriod: 'monthly' } }), refusal('3261'));
  t.match((await books.change('employees', made.id, { lastName: 'Dee' })).body, { name: 'Cy Dee', printAs: 'Cy Dee' });
  const state = (await books.server.call('GET', '/__admin/state?provider=conductor')).body;
  for (const file of state.conductor.companyFiles)
    file.preferences.appAccessRights = { isPersonalDataAccessAllowed: true };
  await books.server.call('PUT', '/__admin/state', { json: state });
  t.match((await books.call('GET', `employees/${made.id}`)).body, {
    ssn: '123-45-6789',
    employeePayroll: { payPeriod: 'weekly', earnings: [{ rate: '20.00' }] },
  });
  t.match(
    (await books.change('employees', made.id, { employeePayroll: { payPeriod: 'monthly' } })).body.employeePayroll,
    { payPeriod: 'monthly', earnings: [{ rate: '20.00' }] },
  );
  t.same(
    (await books.change('employees', made.id, { employeePayroll: { deleteAllEarnings: true } })).body.employeePayroll
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
