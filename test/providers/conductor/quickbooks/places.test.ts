// Places within sites, and tax codes that are QuickBooks' own under any name.
import t from 'tap';
import { openBooks, story } from './books.ts';

story('a place of a line is within its site', async (t, books) => {
  const ids = await books.ids('customers', 'inventory-items');
  const site = async (name: string, more: object = {}) =>
    (await books.make('inventory-sites', { name, ...more })).id as string;
  const [main, shed] = [await site('Main'), await site('Shed')];
  const shelf = await site('Shelf 1', { parentId: main });
  const sale = (inventorySiteId: string, inventorySiteLocationId: string) => ({
    customerId: ids['Harbor Cafe'],
    transactionDate: '2025-02-20',
    lines: [{ itemId: ids.Widget, inventorySiteId, inventorySiteLocationId }],
  });
  const text = (id: string) =>
    `There is an invalid reference to QuickBooks InventorySiteLocation "${id}" in the Invoice.`;
  await books.refused('POST', 'invoices', sale(shed, shelf), '3140', text(shelf));
  await books.refused('POST', 'invoices', sale(main, main), '3140', text(main));
  const { id, lines } = await books.make('invoices', sale(main, shelf));
  t.match(lines, [
    { inventorySite: { id: main, fullName: 'Main' }, inventorySiteLocation: { id: shelf, fullName: 'Shelf 1' } },
  ]);
  const { revisionNumber } = await books.get(`invoices/${id}`);
  const moved = { revisionNumber, lines: [{ id: lines[0].id, inventorySiteId: shed }] };
  await books.refused('POST', `invoices/${id}`, moved, '3140', text(shelf));
  const out = { lines: [{ id: lines[0].id, inventorySiteId: shed, inventorySiteLocationId: '' }] };
  t.match((await books.change('invoices', id, out)).lines, [
    { inventorySite: { id: shed }, inventorySiteLocation: null },
  ]);
});

t.test('QuickBooks’ own tax codes stay what they are under another name, though nothing uses them', async (t) => {
  const books = await openBooks(t, 'end_usr_saltmarsh00003');
  for (const [name, isTaxable] of [
    ['Tax', true],
    ['Non', false],
  ] as const) {
    const { id } = await books.named('sales-tax-codes', name);
    const { revisionNumber } = await books.change('sales-tax-codes', id, { name: `${name[0]}1` });
    await books.refused(
      'POST',
      `sales-tax-codes/${id}`,
      { revisionNumber, isTaxable: !isTaxable },
      '3170',
      'There was an error when modifying a Sales Tax Code. QuickBooks error message: A built-in or used code stays taxable or non-taxable.',
    );
    t.match(await books.get(`sales-tax-codes/${id}`), { name: `${name[0]}1`, isTaxable });
  }
});
