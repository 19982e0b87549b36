// Lists of a QuickBooks company file through Conductor's official Node SDK, as a customer's integration uses them.
import t from 'tap';
import { connect, end, lives, type Row } from './quickbooks-objects.ts';

t.test('people: customers and jobs, vendors, employees, other names, their types and representatives', async (t) => {
  const { qbd } = await connect(t);
  const type = await qbd.customerTypes.create({ ...end, name: 'Restaurant' });
  await lives(t, 'customer types', type, {
    retrieve: (id) => qbd.customerTypes.retrieve(id, end),
    list: () => qbd.customerTypes.list(end),
  });
  const customer = await qbd.customers.create({
    ...end,
    name: 'Lighthouse Diner',
    customerTypeId: type.id,
    email: 'diner@example.com',
    billingAddress: { line1: '1 Pier', city: 'Harbor', state: 'ME', postalCode: '04101' },
    additionalNotes: [{ note: 'Pays late' }],
  });
  t.match(customer, {
    objectType: 'qbd_customer',
    fullName: 'Lighthouse Diner',
    sublevel: 0,
    balance: '0.00',
    customerType: { fullName: 'Restaurant' },
  });
  t.match(customer.additionalNotes, [{ id: 1, note: 'Pays late' }]);
  await lives(t, 'customers', customer, {
    retrieve: (id) => qbd.customers.retrieve(id, end),
    list: () => qbd.customers.list({ ...end, fullNames: ['lighthouse diner'] }),
    update: (id, revisionNumber) => qbd.customers.update(id, { ...end, revisionNumber, phone: '555-0199' }),
  });
  const job = await qbd.customers.create({ ...end, name: 'Terrace', parentId: customer.id, jobStatus: 'awarded' });
  t.match(job, { fullName: 'Lighthouse Diner:Terrace', sublevel: 1, jobStatus: 'awarded' });
  const vendor = await qbd.vendors.create({ ...end, name: 'Net Menders' });
  await lives(t, 'vendors', vendor, {
    retrieve: (id) => qbd.vendors.retrieve(id, end),
    list: () => qbd.vendors.list({ ...end, nameContains: 'menders' }),
    update: (id, revisionNumber) => qbd.vendors.update(id, { ...end, revisionNumber, email: 'nets@example.com' }),
  });
  const employee = await qbd.employees.create({ ...end, firstName: 'Ira', lastName: 'Stone' });
  t.match(employee, { name: 'Ira Stone', printAs: 'Ira Stone', employeePayroll: null });
  await lives(t, 'employees', employee, {
    retrieve: (id) => qbd.employees.retrieve(id, end),
    list: () => qbd.employees.list(end),
    update: (id, revisionNumber) => qbd.employees.update(id, { ...end, revisionNumber, email: 'ira@example.com' }),
  });
  const other = await qbd.otherNames.create({ ...end, name: 'Box Office' });
  await lives(t, 'other names', other, {
    retrieve: (id) => qbd.otherNames.retrieve(id, end),
    list: () => qbd.otherNames.list({ ...end, names: ['Box Office'] }),
    update: (id, revisionNumber) => qbd.otherNames.update(id, { ...end, revisionNumber, name: 'Ticket Office' }),
  });
  const representative = await qbd.salesRepresentatives.create({ ...end, initial: 'IS', entityId: employee.id });
  t.match(representative, { initial: 'IS', entity: { fullName: 'Ira Stone' } });
  await lives(t, 'sales representatives', representative, {
    retrieve: (id) => qbd.salesRepresentatives.retrieve(id, end),
    list: () => qbd.salesRepresentatives.list(end),
    update: (id, revisionNumber) => qbd.salesRepresentatives.update(id, { ...end, revisionNumber, initial: 'IST' }),
  });
});

const HEADERS = { 'Conductor-End-User-Id': end.conductorEndUserId };

t.test('accounts, classes, terms, methods, taxes, sites, units, currencies, price levels and wage items', async (t) => {
  const { client, qbd, account } = await connect(t);
  const tools = await qbd.accounts.create({ ...end, name: 'Tools', accountType: 'expense' });
  await lives(t, 'accounts', tools, {
    retrieve: (id) => qbd.accounts.retrieve(id, end),
    list: () => qbd.accounts.list({ ...end, accountType: 'expense' }),
    update: (id, revisionNumber) => qbd.accounts.update(id, { ...end, revisionNumber, accountNumber: '6100' }),
  });
  const area = await qbd.classes.create({ ...end, name: 'West' });
  await lives(t, 'classes', area, {
    retrieve: (id) => qbd.classes.retrieve(id, end),
    list: () => qbd.classes.list({ ...end, status: 'all' }),
    update: (id, revisionNumber) => qbd.classes.update(id, { ...end, revisionNumber, isActive: false }),
  });
  const terms = await qbd.standardTerms.create({ ...end, name: 'Net 7', dueDays: 7 });
  await lives(t, 'standard terms', terms, {
    retrieve: (id) => qbd.standardTerms.retrieve(id, end),
    list: () => qbd.standardTerms.list(end),
  });
  const monthly = await qbd.dateDrivenTerms.create({
    ...end,
    name: 'Due on the 15th',
    dueDayOfMonth: 15,
    gracePeriodDays: 2,
  });
  await lives(t, 'date-driven terms', monthly, {
    retrieve: (id) => qbd.dateDrivenTerms.retrieve(id, end),
    list: () => qbd.dateDrivenTerms.list(end),
  });
  const method = await qbd.paymentMethods.create({ ...end, name: 'Gift card', paymentMethodType: 'gift_card' });
  await lives(t, 'payment methods', method, {
    retrieve: (id) => qbd.paymentMethods.retrieve(id, end),
    list: () => qbd.paymentMethods.list({ ...end, paymentMethodType: 'gift_card' }),
  });
  // The SDK has no methods for these.
  const direct = (path: string) => ({
    create: (body: object) => client.post<unknown, Row>(`/quickbooks-desktop/${path}`, { body, headers: HEADERS }),
    retrieve: (id: string) => client.get<unknown, Row>(`/quickbooks-desktop/${path}/${id}`, { headers: HEADERS }),
    list: () => client.get<unknown, { data: Row[] }>(`/quickbooks-desktop/${path}`, { headers: HEADERS }),
    update: (id: string, body: object) =>
      client.post<unknown, Row>(`/quickbooks-desktop/${path}/${id}`, { body, headers: HEADERS }),
  });
  const shipping = direct('shipping-methods');
  const ferry = await shipping.create({ name: 'Ferry' });
  await lives(t, 'shipping methods', ferry, { retrieve: shipping.retrieve, list: shipping.list });
  const code = await qbd.salesTaxCodes.create({ ...end, name: 'Red', isTaxable: true });
  await lives(t, 'sales tax codes', code, {
    retrieve: (id) => qbd.salesTaxCodes.retrieve(id, end),
    list: () => qbd.salesTaxCodes.list(end),
    update: (id, revisionNumber) => qbd.salesTaxCodes.update(id, { ...end, revisionNumber, description: 'Reduced' }),
  });
  const [agency] = (await qbd.vendors.list({ ...end, names: ['State Tax Board'] })).data;
  const city = await qbd.salesTaxItems.create({
    ...end,
    name: 'City Tax',
    taxRate: '2.5',
    taxVendorId: agency?.id as string,
  });
  await lives(t, 'sales tax items', city, {
    retrieve: (id) => qbd.salesTaxItems.retrieve(id, end),
    list: () => qbd.salesTaxItems.list(end),
    update: (id, revisionNumber) => qbd.salesTaxItems.update(id, { ...end, revisionNumber, taxRate: '2.75' }),
  });
  const groups = direct('sales-tax-group-items');
  const both = await groups.create({ name: 'City alone', salesTaxItemIds: [city.id] });
  await lives(t, 'sales tax groups', both, {
    retrieve: groups.retrieve,
    list: groups.list,
    update: (id, revisionNumber) => groups.update(id, { revisionNumber, description: 'For the market' }),
  });
  const level = await qbd.priceLevels.create({ ...end, name: 'Staff', fixedPercentage: '-20' });
  t.match(level, { priceLevelType: 'fixed_percentage', fixedPercentage: '-20' });
  await lives(t, 'price levels', level, {
    retrieve: (id) => qbd.priceLevels.retrieve(id, end),
    list: () => qbd.priceLevels.list(end),
    update: (id, revisionNumber) => qbd.priceLevels.update(id, { ...end, revisionNumber, name: 'Crew' }),
  });
  const site = await qbd.inventorySites.create({ ...end, name: 'Boathouse' });
  await lives(t, 'inventory sites', site, {
    retrieve: (id) => qbd.inventorySites.retrieve(id, end),
    list: () => qbd.inventorySites.list(end),
    update: (id, revisionNumber) => qbd.inventorySites.update(id, { ...end, revisionNumber, name: 'Boat shed' }),
  });
  const baseUnit = { name: 'Bottle', abbreviation: 'bt' };
  const units = await qbd.unitOfMeasureSets.create({
    ...end,
    name: 'By the bottle',
    unitOfMeasureType: 'count',
    baseUnit,
  });
  await lives(t, 'units of measure', units, {
    retrieve: (id) => qbd.unitOfMeasureSets.retrieve(id, end),
    list: () => qbd.unitOfMeasureSets.list(end),
  });
  const currency = await qbd.currencies.create({ ...end, name: 'Harbor Token', currencyCode: 'HBT' });
  t.match(currency, {
    isUserDefinedCurrency: true,
    currencyFormat: { thousandSeparator: 'comma', decimalPlaces: '2' },
  });
  await lives(t, 'currencies', currency, {
    retrieve: (id) => qbd.currencies.retrieve(id, end),
    list: () => qbd.currencies.list(end),
    update: (id, revisionNumber) => qbd.currencies.update(id, { ...end, revisionNumber, name: 'Pier Token' }),
  });
  const wage = await qbd.payrollWageItems.create({
    ...end,
    name: 'Night shift',
    wageType: 'hourly_regular',
    expenseAccountId: account('Rent'),
  });
  await lives(t, 'payroll wage items', wage, {
    retrieve: (id) => qbd.payrollWageItems.retrieve(id, end),
    list: () => qbd.payrollWageItems.list(end),
  });
  t.ok((await qbd.templates.list(end)).data.some(({ templateType }) => templateType === 'invoice'));
  t.equal((await qbd.company.retrieve(end)).isSampleCompanyFile, true);
  t.match(await qbd.preferences.retrieve(end), { salesTax: { defaultTaxableSalesTaxCode: { fullName: 'Tax' } } });
  t.ok((await qbd.accountTaxLines.list(end)).data.length > 0);
  t.strictSame((await qbd.deletedListObjects.list({ ...end, objectTypes: ['customer'] })).data, []);
});
