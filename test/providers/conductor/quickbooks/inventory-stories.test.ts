// Stock changed by hand, built from components and kept by site, on the books of Larkspur Supply Co.
import { type Json, story } from './books.ts';
import { balance, DATED, PURCHASE_LISTS, saving } from './larkspur.ts';

story('stock is adjusted by quantity, value, serial number and lot', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const account = { ...DATED, accountId: ids['Office Supplies'] };
  const stock = async () => {
    const { quantityOnHand, averageCost } = await books.named('inventory-items', 'Widget');
    return [quantityOnHand, averageCost, await balance(books, 'Inventory Asset')];
  };
  const adjust = (...lines: Json[]) =>
    books.make('inventory-adjustments', { ...account, lines: lines.map((line) => ({ itemId: ids.Widget, ...line })) });
  const site = await books.make('inventory-sites', { name: 'Shelf' });
  const counted = await adjust(
    { adjustQuantity: { newQuantity: 18, inventorySiteLocationId: site.id, lotNumber: 'L-0' } },
    { adjustQuantity: { quantityDifference: 1 } },
  );
  // 2 of 25.00 are lost, one is found.
  t.match(counted.lines, [
    { quantityDifference: -2, valueDifference: -50, inventorySiteLocation: { fullName: 'Shelf' }, lotNumber: 'L-0' },
    { quantityDifference: 1, valueDifference: 25 },
  ]);
  t.strictSame(await stock(), [19, '25.00', '475.00']);
  const valued = await adjust(
    { adjustValue: { newValue: '380.00' } },
    { adjustValue: { quantityDifference: 1, valueDifference: 20 } },
  );
  t.match(valued.lines, [
    { quantityDifference: 0, valueDifference: -95 },
    { quantityDifference: 1, valueDifference: 20 },
  ]);
  t.strictSame(await stock(), [20, '20.00', '400.00']);
  const marked = await adjust(
    { adjustSerialNumber: { addSerialNumber: 'S-1' } },
    { adjustSerialNumber: { removeSerialNumber: 'S-0', expirationDate: '2026-01-01' } },
    { adjustLotNumber: { lotNumber: 'L-1', adjustCount: 4 } },
    { adjustLotNumber: { lotNumber: 'L-2' } },
  );
  t.match(marked.lines, [
    { serialNumber: 'S-1', serialNumberAction: 'added', quantityDifference: 1, valueDifference: 20 },
    { serialNumber: 'S-0', serialNumberAction: 'removed', quantityDifference: -1, expirationDate: '2026-01-01' },
    { lotNumber: 'L-1', quantityDifference: 4, valueDifference: 80 },
    { lotNumber: 'L-2', quantityDifference: 0, valueDifference: 0 },
  ]);
  t.strictSame(await stock(), [24, '20.00', '480.00']);

  const [lost, gained] = counted.lines;
  // The first line as it was, the second three more, and one that is new.
  const changed = await books.change('inventory-adjustments', counted.id, {
    classId: ids.North,
    customerId: ids['Harbor Cafe'],
    lines: [
      { id: lost.id },
      { id: gained.id, quantityDifference: 4, valueDifference: 90 },
      { id: '-1', itemId: ids.Widget, adjustCount: 2 },
      { id: '-1', itemId: ids.Widget },
    ],
  });
  // Without the adjustment there are 25 for 505.00; 23 for 455.00 after the first line, 27 for 545.00 after the second.
  t.match(changed.lines, [
    { quantityDifference: -2, valueDifference: -50 },
    { quantityDifference: 4, valueDifference: 90 },
    { quantityDifference: 2, valueDifference: 40.37 },
    { quantityDifference: 0, valueDifference: 0 },
  ]);
  t.strictSame(await stock(), [29, '20.18517', '585.37']);
  t.equal((await books.list(`inventory-adjustments?itemIds=${ids.Widget}&limit=2`)).length, 2);
  await books.ok('POST', `inventory-adjustments/${changed.id}/void`);
  t.strictSame(await stock(), [25, '20.20', '505.00']);

  const refused = async (lines: Json[], why: string) =>
    books.refused('POST', 'inventory-adjustments', { ...account, lines }, '3180', saving('Inventory Adjustment', why));
  const ways = 'A line needs one of adjustQuantity, adjustValue, adjustSerialNumber, adjustLotNumber.';
  const either = 'A line needs either what is new or the difference.';
  const itemId = ids.Widget as string;
  await refused([{ itemId }], ways);
  await refused([{ itemId, adjustQuantity: { newQuantity: 1 }, adjustValue: { newValue: '1.00' } }], ways);
  await refused([{ itemId, adjustQuantity: { newQuantity: 1, quantityDifference: 1 } }], either);
  await refused([{ itemId, adjustValue: { newQuantity: 1 } }], either);
  await books.refused(
    'POST',
    'inventory-adjustments',
    account,
    '3180',
    saving('Inventory Adjustment', 'It needs a line.'),
  );
  await books.refused(
    'POST',
    `inventory-adjustments/${valued.id}`,
    { revisionNumber: valued.revisionNumber, lines: [{ id: '-1', quantityDifference: 1 }] },
    '3150',
    'There is a missing element: "ItemRef".',
  );
  const empty = await books.make('inventory-items', {
    name: 'Gizmo',
    purchaseCost: '3.00',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  });
  const first = await books.make('inventory-adjustments', {
    ...account,
    lines: [{ itemId: empty.id, adjustQuantity: { newQuantity: 2 } }],
  });
  t.match(
    first.lines,
    [{ quantityDifference: 2, valueDifference: 6 }],
    'at the purchase cost, where there is none yet',
  );
});

story('an assembly is built from its components, or waits for them', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS);
  const assembly = await books.make('inventory-assembly-items', {
    name: 'Gadget',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    lines: [{ inventoryItemId: ids.Widget, quantity: 3 }, { inventoryItemId: ids.Widget }, { quantity: 2 }],
  });
  const common = { ...DATED, inventoryAssemblyItemId: assembly.id };
  const stock = async () => {
    const [widget, gadget] = [
      await books.named('inventory-items', 'Widget'),
      await books.named('inventory-assembly-items', 'Gadget'),
    ];
    return [widget.quantityOnHand, gadget.quantityOnHand, gadget.averageCost];
  };
  const built = await books.make('build-assemblies', { ...common, refNumber: 'BA-1', quantityToBuild: 2 });
  // Two gadgets of four widgets of 25.00 each.
  t.strictSame(await stock(), [12, 2, '100.00']);
  t.match(built, {
    isPending: false,
    quantityCanBuild: 4,
    quantityOnHand: 2,
    quantityOnSalesOrder: 0,
    lines: [
      { item: { fullName: 'Widget' }, quantityOnHand: 12, quantityNeeded: 6 },
      { quantityOnHand: 12, quantityNeeded: 2 },
    ],
  });
  t.equal(built.lines.length, 2);
  t.equal(await balance(books, 'Inventory Asset'), '500.00');
  const short = saving('Build Assembly', 'There are not enough components in stock to build it.');
  await books.refused('POST', 'build-assemblies', { ...common, quantityToBuild: 5 }, '3180', short);
  const none = saving('Build Assembly', 'The quantity to build is not more than zero.');
  await books.refused('POST', 'build-assemblies', { ...common, quantityToBuild: 0 }, '3180', none);

  const waiting = await books.make('build-assemblies', { ...common, quantityToBuild: 5, markPendingIfRequired: true });
  t.equal(waiting.isPending, true);
  t.strictSame(await stock(), [12, 2, '100.00'], 'what is pending moves nothing');
  const pending = async (status: string) =>
    (await books.list(`build-assemblies?pendingStatus=${status}`)).map(({ id }) => id);
  t.strictSame(await pending('pending'), [waiting.id]);
  t.strictSame(await pending('not_pending'), [built.id]);
  t.match(await books.list('build-assemblies?includeComponentLineItems=false'), [{ lines: [] }, { lines: [] }]);
  const { revisionNumber } = await books.change('build-assemblies', waiting.id, { memo: 'Soon' });
  const remove = { revisionNumber, removePending: true };
  await books.refused('POST', `build-assemblies/${waiting.id}`, remove, '3180', short);
  await books.change('build-assemblies', waiting.id, { quantityToBuild: 3, removePending: true });
  t.strictSame(await stock(), [0, 5, '100.00']);
  // Its own components count as there when it is changed.
  await books.change('build-assemblies', waiting.id, { quantityToBuild: 2 });
  t.strictSame(await stock(), [4, 4, '100.00']);
  await books.ok('DELETE', `build-assemblies/${waiting.id}`);
  await books.ok('DELETE', `build-assemblies/${built.id}`);
  t.strictSame(await stock(), [20, 0, '0.00']);
  const fresh = await books.make('inventory-items', {
    name: 'Bolt',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  });
  const made = await books.make('inventory-assembly-items', {
    name: 'Twin',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    lines: [{ inventoryItemId: fresh.id, quantity: 2 }],
  });
  const unmade = { ...common, inventoryAssemblyItemId: made.id, quantityToBuild: 1 };
  await books.refused('POST', 'build-assemblies', unmade, '3180', short);
  const bare = await books.make('inventory-assembly-items', {
    name: 'Bare',
    incomeAccountId: ids['Sales Income'],
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
  });
  const nothing = await books.make('build-assemblies', {
    ...common,
    inventoryAssemblyItemId: bare.id,
    quantityToBuild: 1,
  });
  t.match(nothing, { quantityCanBuild: 0, quantityOnHand: 1, lines: [] });
});

story('stock is not kept by site: the list is empty, and refuses when sites are on', async (t, books) => {
  t.strictSame(await books.get('item-sites'), {
    objectType: 'list',
    url: '/v1/quickbooks-desktop/item-sites',
    data: [],
    nextCursor: null,
    remainingCount: 0,
    hasMore: false,
  });
  const missed = (id: string) =>
    `The query request has not been fully completed. There was a required element ("${id}") that could not be found in QuickBooks.`;
  await books.refused('GET', 'item-sites/80000001-1', undefined, '500', missed('80000001-1'));
  await books.refused('GET', 'item-sites?ids=80000001-1', undefined, '500', missed('80000001-1'));
  for (const other of ['itemIds', 'siteIds']) {
    t.match(await books.ask('GET', `item-sites?itemType=inventory&${other}=80000001-1`), { status: 400 });
  }
  t.strictSame(await books.list('item-sites?itemIds=80000001-1'), []);
});
