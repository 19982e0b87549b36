// Writes the company files in fixtures/conductor: the objects are created through the API of a server in this process,
// as a customer's integration would, with the clock at the day of each. Run `npm run build:test` first.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolved } from '../.build/src/providers/conductor/quickbooks/examples.js';
import { RESOURCE_TABLE } from '../.build/src/providers/conductor/quickbooks/resources/index.js';
import { buildServer } from '../.build/src/server.js';

const FOLDER = new URL('../fixtures/conductor/', import.meta.url);
const LARKSPUR = { id: 'end_usr_larkspur000001', companyName: 'Larkspur Supply Co.', sourceId: 'larkspur', email: 'books@larkspur.example' };
const MILLRACE = { id: 'end_usr_millrace000002', companyName: 'Millrace Cycles', sourceId: 'millrace', email: 'books@millrace.example' };
const SALTMARSH = { id: 'end_usr_saltmarsh00003', companyName: 'Saltmarsh Pottery', sourceId: 'saltmarsh', email: 'books@saltmarsh.example' };
const ALL = [LARKSPUR, MILLRACE, SALTMARSH];
const app = buildServer({ checkAnswers: true });
await app.ready();

async function send(method, url, json, headers = {}) {
  const body = json === undefined ? {} : { payload: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const { statusCode, body: text } = await app.inject({ method, url, ...body, headers: { ...headers, ...body.headers } });
  if (statusCode >= 300) throw new Error(`${method} ${url} ${JSON.stringify(json)}: ${statusCode} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
const at = (instant) => send('PUT', '/__admin/clock', { action: 'freeze', instant });
const file = (endUser) => {
  const headers = { authorization: 'Bearer sk_conductor_test', 'conductor-end-user-id': endUser };
  return (method, path, json) => send(method, `/conductor/v1/quickbooks-desktop/${path}`, json, headers);
};

/** Connects an end-user, with an empty company file: what it starts with is a matter of `companyFile.json`. */
async function connect({ id, companyName, sourceId, email }, createdAt, n) {
  await send('POST', '/__admin/state', {
    conductor: {
      endUsers: [{ id, createdAt, companyName, sourceId, email }],
      integrationConnections: [
        { id: `int_conn_qb0000000000${n}`, endUserId: id, createdAt, integrationSlug: 'quickbooks_desktop', lastRequestAt: createdAt, lastSuccessfulRequestAt: createdAt },
      ],
    },
  });
  return file(id);
}

async function larkspur() {
  await at('2025-01-01T09:00:00.000Z');
  const call = await connect(LARKSPUR, '2025-01-01T09:00:00.000Z', 1);
  const make = async (path, body) => (await call('POST', path, body)).id;
  const named = async (path, name) => (await call('GET', `${path}?${path === 'accounts' ? 'fullNames' : 'names'}=${encodeURIComponent(name)}`)).data[0].id;
  const [checking, tax, non, net30, check] = await Promise.all([
    named('accounts', 'Checking'),
    named('sales-tax-codes', 'Tax'),
    named('sales-tax-codes', 'Non'),
    named('standard-terms', 'Net 30'),
    named('payment-methods', 'Check'),
  ]);
  const account = (name, accountType, more = {}) => make('accounts', { name, accountType, ...more });
  const old = await call('GET', `accounts/${checking}`);
  await call('POST', `accounts/${checking}`, { revisionNumber: old.revisionNumber, openingBalance: '12000.00', openingBalanceDate: '2025-01-01' });
  const inventory = await account('Inventory Asset', 'other_current_asset');
  await account('Furniture', 'fixed_asset', { openingBalance: '2000.00', openingBalanceDate: '2025-01-01' });
  await account('Visa', 'credit_card');
  await account('Retained Earnings', 'equity');
  const sales = await account('Sales Income', 'income');
  const consulting = await account('Consulting Income', 'income');
  const cogs = await account('Cost of Goods Sold', 'cost_of_goods_sold');
  const supplies = await account('Office Supplies', 'expense');
  const rent = await account('Rent', 'expense');
  await make('standard-terms', { name: '2% 10 Net 30', dueDays: 30, discountDays: 10, discountPercentage: '2' });
  await make('payment-methods', { name: 'Visa', paymentMethodType: 'visa' });
  await make('classes', { name: 'North' });
  await make('classes', { name: 'South' });
  await make('customer-types', { name: 'Retail' });
  await make('shipping-methods', { name: 'Courier' });
  const board = await make('vendors', { name: 'State Tax Board', isSalesTaxAgency: true });
  const stateTax = await make('sales-tax-items', { name: 'State Tax', taxRate: '8', taxVendorId: board });
  const anna = await make('employees', { firstName: 'Anna', lastName: 'Bell', email: 'anna.bell@larkspur.example' });
  await make('sales-representatives', { initial: 'AB', entityId: anna });
  const service = await make('service-items', {
    name: 'Consulting', salesTaxCodeId: non, salesOrPurchaseDetails: { description: 'Consulting, per hour', price: '90.00', postingAccountId: consulting },
  });
  const widget = await make('inventory-items', {
    name: 'Widget', salesTaxCodeId: tax, salesPrice: '50.00', salesDescription: 'Widget', purchaseCost: '25.00',
    incomeAccountId: sales, cogsAccountId: cogs, assetAccountId: inventory, quantityOnHand: 30, inventoryDate: '2025-01-01',
  });
  await make('other-charge-items', { name: 'Freight', salesTaxCodeId: non, salesOrPurchaseDetails: { price: '15.00', postingAccountId: sales } });
  const harbor = await make('customers', {
    name: 'Harbor Cafe', companyName: 'Harbor Cafe', email: 'owner@harborcafe.example', phone: '555-0101', termsId: net30, salesTaxCodeId: tax, salesTaxItemId: stateTax,
    billingAddress: { line1: 'Harbor Cafe', line2: '1 Quay Street', city: 'Portland', state: 'ME', postalCode: '04101' },
  });
  await make('customers', { name: 'Kitchen Refit', parentId: harbor, jobStatus: 'in_progress' });
  const millstone = await make('customers', {
    name: 'Millstone Bakery', companyName: 'Millstone Bakery', email: 'orders@millstone.example', termsId: net30, salesTaxCodeId: non,
  });
  const mill = await make('vendors', { name: 'Paper Mill Co', companyName: 'Paper Mill Co', email: 'sales@papermill.example', termsId: net30 });
  await make('other-names', { name: 'Petty Cash Holder' });
  await at('2025-01-05T10:00:00.000Z');
  await optional(call, 'checks', { bankAccountId: checking, payeeId: mill, refNumber: '101', transactionDate: '2025-01-05', expenseLines: [{ accountId: rent, amount: '1000.00' }] });
  await at('2025-01-10T10:00:00.000Z');
  await make('invoices', { customerId: harbor, transactionDate: '2025-01-10', refNumber: '1001', lines: [{ itemId: widget, quantity: 10 }] });
  await at('2025-01-12T10:00:00.000Z');
  const second = await make('invoices', { customerId: millstone, transactionDate: '2025-01-12', refNumber: '1002', lines: [{ itemId: service, quantity: 4 }] });
  await at('2025-01-15T10:00:00.000Z');
  await optional(call, 'bills', { vendorId: mill, refNumber: 'PM-77', transactionDate: '2025-01-15', expenseLines: [{ accountId: supplies, amount: '300.00' }] });
  await at('2025-01-20T10:00:00.000Z');
  const payment = await make('receive-payments', {
    customerId: millstone, transactionDate: '2025-01-20', refNumber: '55', totalAmount: '360.00', paymentMethodId: check,
    applyToTransactions: [{ transactionId: second, paymentAmount: '360.00' }],
  });
  await at('2025-01-21T10:00:00.000Z');
  await make('deposits', { transactionDate: '2025-01-21', depositToAccountId: checking, lines: [{ paymentTransactionId: payment }] });
  await at('2025-01-31T10:00:00.000Z');
  await optional(call, 'journal-entries', {
    refNumber: 'JE-1', transactionDate: '2025-01-31', debitLines: [{ accountId: rent, amount: '170.00' }], creditLines: [{ accountId: checking, amount: '170.00' }],
  });
}

/** Creates an object of a family that may not be built yet. */
async function optional(call, path, body) {
  try {
    await call('POST', path, body);
  } catch (error) {
    if (!error.message.includes('ROUTE_NOT_FOUND')) throw error;
  }
}

/** One object of every resource: the examples of the table, in its order. */
async function millrace() {
  await at('2025-02-02T09:00:00.000Z');
  const call = await connect(MILLRACE, '2025-02-02T09:00:00.000Z', 2);
  const before = [['Sales', 'income'], ['Cost of Goods Sold', 'cost_of_goods_sold'], ['Inventory Asset', 'other_current_asset'], ['Wages', 'expense']];
  for (const [name, accountType] of before) await call('POST', 'accounts', { name, accountType });
  const objects = new Map();
  const listed = async (path) => {
    if (!objects.has(path)) objects.set(path, (await call('GET', path)).data);
    return objects.get(path);
  };
  for (const { path, example } of RESOURCE_TABLE) {
    if (example?.create === undefined) continue;
    const placeholders = [...JSON.stringify(example.create).matchAll(/"@([a-z-]+)/g)].map(([, one]) => one);
    for (const one of placeholders) await listed(one);
    const find = (one, name) => objects.get(one).find((object) => name === undefined || object.name === name).id;
    await call('POST', path, resolved(example.create, find));
    objects.delete(path);
  }
}

/** Lists that the API has no operations for; other objects refer to them. */
async function customLists() {
  const instant = '2025-02-02T09:00:00.000Z';
  const names = {
    customerMessages: 'Thank you for your business.',
    jobTypes: 'Repair',
    vendorTypes: 'Supplier',
    billingRates: 'Standard',
    salesTaxReturns: 'State return',
    salesTaxReturnLines: 'State return, line 1',
  };
  const row = (name, n) => ({
    id: `80000F0${n}-1738486800`,
    endUserId: MILLRACE.id,
    createdAt: instant,
    updatedAt: instant,
    revisionNumber: '1738486800',
    body: { name, isActive: true },
  });
  const rows = Object.entries(names).map(([resource, name], n) => [resource, [row(name, n + 1)]]);
  await send('POST', '/__admin/state', { conductor: Object.fromEntries(rows) });
}

/** Connected, and without a company file until one is asked for. */
async function saltmarsh() {
  await at('2025-02-03T09:00:00.000Z');
  await connect(SALTMARSH, '2025-02-03T09:00:00.000Z', 3);
}

for (const { id } of ALL) {
  await app.inject({ method: 'DELETE', url: `/conductor/v1/end-users/${id}`, headers: { authorization: 'Bearer sk_conductor_test' } });
}
await larkspur();
await millrace();
await customLists();
await saltmarsh();

const own = new Set(ALL.map(({ id }) => id));
const state = (await send('GET', '/__admin/state?provider=conductor')).conductor;
for (const [name, rows] of Object.entries(state)) {
  if (!Array.isArray(rows)) continue;
  const made = rows.filter((row) => own.has(row.endUserId ?? row.id));
  if (made.length === 0) continue;
  const path = new URL(`${name}.json`, FOLDER);
  const kept = ['endUsers', 'integrationConnections'].includes(name) ? JSON.parse(readFileSync(path, 'utf8')).filter((row) => !own.has(row.endUserId ?? row.id)) : [];
  writeFileSync(path, `[\n${[...kept, ...made].map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`);
}
await app.close();
