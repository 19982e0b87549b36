// The company file that random steps begin with, and a stock item as requests write it.
import { deepStrictEqual } from 'node:assert';
import { CompanyFile, type Item, type Party, type Sale, text } from './company-file-model.ts';
import { DAY } from './company-file-outcomes.ts';
import { KEY } from './conductor-model.ts';
import { type Call, expectResponse, type Json } from './model-runner.ts';

/** A stock item as a request writes it. */
export function stockItem(ids: Record<string, string>, { name, price, cost, start }: Omit<Item, 'id'>): Json {
  return {
    name,
    salesPrice: text(price),
    purchaseCost: text(cost),
    salesTaxCodeId: ids.Tax,
    incomeAccountId: ids.Sales,
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    ...(start > 0 && { quantityOnHand: start }),
  };
}

/** A file with accounts, a tax, two customers, two stock items and four sales, kept in a snapshot. */
export async function begin(call: Call): Promise<unknown> {
  expectResponse(await call('POST', '/__admin/reset', { json: { to: 'empty' } }), 204);
  const ask = async (method: string, path: string, json?: Json, more: Record<string, string> = {}) => {
    const { status, body } = await call(method, `/conductor/v1/${path}`, {
      headers: { ...KEY, ...more },
      ...(json && { json }),
    });
    deepStrictEqual(status, 200, JSON.stringify(body));
    return body;
  };
  const { id: endUserId } = await ask('POST', 'end-users', {
    companyName: 'Model',
    sourceId: 'model',
    email: 'model@example.com',
  });
  const { clientSecret } = await ask('POST', 'auth-sessions', { endUserId, publishableKey: 'pk_conductor_test' });
  await call('POST', `/conductor/connect/qbd/${clientSecret}?key=pk_conductor_test`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    raw: '',
  });
  const ids: Record<string, string> = {};
  const qbd = (method: string, path: string, json?: Json) =>
    ask(method, `quickbooks-desktop/${path}`, json, { 'conductor-end-user-id': endUserId });
  const make = async (path: string, json: Json) => {
    ids[json.name] = (await qbd('POST', path, json)).id;
  };
  for (const path of ['accounts', 'sales-tax-codes']) {
    for (const { id, name } of (await qbd('GET', path)).data) ids[name] = id;
  }
  await make('accounts', { name: 'Sales', accountType: 'income' });
  await make('accounts', { name: 'Cost of Goods Sold', accountType: 'cost_of_goods_sold' });
  await make('accounts', { name: 'Inventory Asset', accountType: 'other_current_asset' });
  await make('accounts', { name: 'Discounts', accountType: 'expense' });
  await make('vendors', { name: 'State' });
  await make('sales-tax-items', { name: 'State Tax', taxRate: '8', taxVendorId: ids.State });
  const customers: Party[] = [];
  for (const taxed of [true, false]) {
    const name = `Customer ${customers.length}`;
    await make('customers', { name, salesTaxCodeId: taxed ? ids.Tax : ids.Non, salesTaxItemId: ids['State Tax'] });
    customers.push({ id: ids[name] as string, name, taxed });
  }
  const items: Item[] = [];
  for (const [price, cost, start] of [
    [5000, 2500, 20],
    [333, 100, 4],
  ] as const) {
    const name = `Item ${items.length}`;
    await make('inventory-items', stockItem(ids, { name, price, cost, start }));
    items.push({ id: ids[name] as string, name, price, cost, start });
  }
  const [item] = items as [Item];
  const sales: Record<'invoices' | 'credit-memos', Sale[]> = { invoices: [], 'credit-memos': [] };
  for (const [path, n, quantity] of [
    ['invoices', 0, 3],
    ['invoices', 0, 1],
    ['invoices', 1, 2],
    ['credit-memos', 0, 2],
  ] as const) {
    const customer = customers[n]?.id as string;
    const date = `${DAY}01`;
    const { id, lines } = await qbd('POST', path, {
      customerId: customer,
      transactionDate: date,
      lines: [{ itemId: item.id, quantity }],
    });
    sales[path].push({ id, customer, date, lines: [{ id: lines[0].id, item: item.id, quantity }], voided: false });
  }
  CompanyFile.world = { endUserId, ids, customers, items, invoices: sales.invoices, credits: sales['credit-memos'] };
  expectResponse(await call('POST', '/__admin/snapshots', { json: { name: 'books' } }), 201);
  return { snapshot: 'books' };
}
