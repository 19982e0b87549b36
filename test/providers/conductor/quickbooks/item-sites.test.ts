// Stock by site: a row for each item and site once the preferences turn sites on.
import t from 'tap';
import { type Books, type Json, LARKSPUR, openBooks } from './books.ts';

const transactionDate = '2025-02-20';
const missed = (id: string) =>
  `The query request has not been fully completed. There was a required element ("${id}") that could not be found in QuickBooks.`;

async function turnOn(books: Books): Promise<void> {
  const json = { multiLocationInventory: { isMultiLocationInventoryEnabled: true } };
  await books.server.call('POST', `/__admin/conductor/end-users/${LARKSPUR}/preferences`, { json });
}

/** What is at each site, by the names of item and site. */
async function quantities(books: Books, query = ''): Promise<Record<string, unknown>> {
  const rows = await books.list(`item-sites${query}`);
  return Object.fromEntries(
    rows.map((row) => {
      const item = row.inventoryItem ?? row.inventoryAssemblyItem;
      const { quantityOnHand, quantityOnPurchaseOrders, quantityOnSalesOrders } = row;
      const names = `${item.fullName} at ${row.inventorySite.fullName}`;
      return [names, [quantityOnHand, quantityOnPurchaseOrders, quantityOnSalesOrders]];
    }),
  );
}

t.test('every item in stock has a row at every site, with what is there and on order', async (t) => {
  const books = await openBooks(t);
  const ids = await books.ids('accounts', 'customers', 'vendors', 'inventory-items');
  t.strictSame(await books.list('item-sites'), [], 'none without sites in the preferences');
  await turnOn(books);
  t.strictSame(await books.list('item-sites'), [], 'none without sites');
  const main = await books.make('inventory-sites', { name: 'Main' });
  const shed = await books.make('inventory-sites', { name: 'Shed' });
  await books.make('inventory-sites', { name: 'Shelf', parentId: shed.id });
  const closed = await books.make('inventory-sites', { name: 'Attic', isActive: false });
  const accounts = {
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  };
  const kit = await books.make('inventory-assembly-items', { name: 'Kit', ...accounts });
  const adjustQuantity = { quantityDifference: 5 };
  await books.make('inventory-adjustments', {
    accountId: ids.Rent,
    transactionDate,
    inventorySiteId: shed.id,
    lines: [{ itemId: ids.Widget, adjustQuantity }],
  });
  const sale = { customerId: ids['Harbor Cafe'], transactionDate };
  const line = { itemId: ids.Widget, quantity: 2, inventorySiteId: shed.id };
  await books.make('invoices', { ...sale, lines: [line] });
  await books.make('sales-orders', { ...sale, lines: [line, { itemId: ids.Widget, quantity: 3 }] });
  const purchase = { vendorId: ids['Paper Mill Co'], transactionDate, inventorySiteId: shed.id };
  await books.make('purchase-orders', { ...purchase, lines: [{ itemId: ids.Widget, quantity: 7 }] });
  const expected = {
    'Kit at Main': [0, 0, 0],
    'Kit at Shed': [0, 0, 0],
    'Widget at Main': [20, 0, 3],
    'Widget at Shed': [3, 7, 2],
  };
  t.strictSame(await quantities(books), expected);
  const time = '2025-02-03T10:00:00.000Z';
  const row = { endUserId: LARKSPUR, createdAt: time, updatedAt: time, revisionNumber: '1' };
  const depot = { ...row, id: '8000F001-1', body: { name: 'Depot', isActive: true, isDefault: true } };
  await books.server.call('POST', '/__admin/state', { json: { conductor: { inventorySites: [depot] } } });
  t.match(await quantities(books), { 'Widget at Main': [0, 0, 0], 'Widget at Depot': [20, 0, 3] });
  const of = async (query: string) => Object.keys(await quantities(books, query));
  t.strictSame(await of('?itemType=inventory'), ['Widget at Depot', 'Widget at Main', 'Widget at Shed']);
  t.strictSame(await of('?itemType=assembly'), ['Kit at Depot', 'Kit at Main', 'Kit at Shed']);
  t.strictSame(await of('?itemType=service'), []);
  t.strictSame(await of(`?itemIds=${kit.id}&siteIds=${main.id}`), ['Kit at Main']);
  t.strictSame(await of('?status=inactive'), ['Kit at Attic', 'Widget at Attic']);
  t.equal((await of('?status=all')).length, 8);
  await books.refused('GET', `item-sites?siteIds=${kit.id}`, undefined, '500', missed(kit.id));
  await books.refused('GET', `item-sites?itemIds=${closed.id}`, undefined, '500', missed(closed.id));
});

t.test('a row is read again by its id, and a listing has pages', async (t) => {
  const books = await openBooks(t);
  await turnOn(books);
  for (const name of ['Main', 'Shed', 'Yard']) await books.make('inventory-sites', { name });
  const all = await books.list('item-sites');
  const [first] = all as [Json];
  t.match(first.id, /^[0-9A-F]{8}-\d{10}$/);
  t.strictSame(await books.get(`item-sites/${first.id}`), first);
  t.strictSame(await books.list(`item-sites?ids=${all[2]?.id}&ids=${first.id}&ids=${first.id}&limit=1`), [
    all[2],
    first,
  ]);
  await books.refused('GET', 'item-sites/80000FFF-1', undefined, '500', missed('80000FFF-1'));
  const page = await books.get('item-sites?limit=2');
  t.match(page, { data: all.slice(0, 2), remainingCount: 1, hasMore: true });
  t.match(await books.get(`item-sites?cursor=${page.nextCursor}`), { data: all.slice(2), nextCursor: null });
  const half = await books.get('item-sites?limit=1');
  const [, , yard] = (await books.list('inventory-sites')) as [Json, Json, Json];
  await books.server.call('POST', `/__admin/conductor/end-users/${LARKSPUR}/records/${yard.id}/delete`, { json: {} });
  t.match(await books.get(`item-sites?cursor=${half.nextCursor}`), { data: [all[1]], nextCursor: null });
});
