// Items of a QuickBooks company file through Conductor's official Node SDK, as a customer's integration uses them.
import t from 'tap';
import { connect, end, lives } from './quickbooks-objects.ts';

t.test('items of every family', async (t) => {
  const { qbd, account } = await connect(t);
  const sold = { price: '4.00', postingAccountId: account('Sales Income') };
  const stock = {
    incomeAccountId: account('Sales Income'),
    cogsAccountId: account('Cost of Goods Sold'),
    assetAccountId: account('Inventory Asset'),
  };
  const service = await qbd.serviceItems.create({ ...end, name: 'Delivery', salesOrPurchaseDetails: sold });
  await lives(t, 'service items', service, {
    retrieve: (id) => qbd.serviceItems.retrieve(id, end),
    list: () => qbd.serviceItems.list(end),
    update: (id, revisionNumber) =>
      qbd.serviceItems.update(id, { ...end, revisionNumber, salesOrPurchaseDetails: { price: '5.00' } }),
  });
  const part = await qbd.nonInventoryItems.create({ ...end, name: 'Napkins', salesOrPurchaseDetails: sold });
  await lives(t, 'non-inventory items', part, {
    retrieve: (id) => qbd.nonInventoryItems.retrieve(id, end),
    list: () => qbd.nonInventoryItems.list({ ...end, nameStartsWith: 'nap' }),
    update: (id, revisionNumber) => qbd.nonInventoryItems.update(id, { ...end, revisionNumber, name: 'Paper napkins' }),
  });
  const charge = await qbd.otherChargeItems.create({ ...end, name: 'Rush', salesOrPurchaseDetails: sold });
  await lives(t, 'other charge items', charge, {
    retrieve: (id) => qbd.otherChargeItems.retrieve(id, end),
    list: () => qbd.otherChargeItems.list(end),
    update: (id, revisionNumber) => qbd.otherChargeItems.update(id, { ...end, revisionNumber, isActive: false }),
  });
  const mug = await qbd.inventoryItems.create({
    ...end,
    ...stock,
    name: 'Mug',
    salesPrice: '9.00',
    purchaseCost: '3.00',
    quantityOnHand: 12,
  });
  t.match(mug, { quantityOnHand: 12, averageCost: '3.00', quantityOnSalesOrder: 0 });
  await lives(t, 'inventory items', mug, {
    retrieve: (id) => qbd.inventoryItems.retrieve(id, end),
    list: () => qbd.inventoryItems.list(end),
    update: (id, revisionNumber) => qbd.inventoryItems.update(id, { ...end, revisionNumber, salesPrice: '9.50' }),
  });
  const lines = [{ inventoryItemId: mug.id, quantity: 2 }];
  const set = await qbd.inventoryAssemblyItems.create({ ...end, ...stock, name: 'Mug set', lines });
  await lives(t, 'inventory assembly items', set, {
    retrieve: (id) => qbd.inventoryAssemblyItems.retrieve(id, end),
    list: () => qbd.inventoryAssemblyItems.list(end),
    update: (id, revisionNumber) =>
      qbd.inventoryAssemblyItems.update(id, { ...end, revisionNumber, salesPrice: '18.00' }),
  });
  const discount = await qbd.discountItems.create({
    ...end,
    name: 'Regulars',
    discountRatePercent: '5',
    accountId: account('Sales Income'),
  });
  await lives(t, 'discount items', discount, {
    retrieve: (id) => qbd.discountItems.retrieve(id, end),
    list: () => qbd.discountItems.list(end),
    update: (id, revisionNumber) => qbd.discountItems.update(id, { ...end, revisionNumber, discountRatePercent: '6' }),
  });
  const subtotal = await qbd.subtotalItems.create({ ...end, name: 'Sum' });
  await lives(t, 'subtotal items', subtotal, {
    retrieve: (id) => qbd.subtotalItems.retrieve(id, end),
    list: () => qbd.subtotalItems.list(end),
    update: (id, revisionNumber) => qbd.subtotalItems.update(id, { ...end, revisionNumber, description: 'Sum so far' }),
  });
  const group = await qbd.itemGroups.create({
    ...end,
    name: 'Breakfast',
    shouldPrintItemsInGroup: true,
    lines: [{ itemId: mug.id, quantity: 1 }],
  });
  await lives(t, 'item groups', group, {
    retrieve: (id) => qbd.itemGroups.retrieve(id, end),
    list: () => qbd.itemGroups.list(end),
    update: (id, revisionNumber) => qbd.itemGroups.update(id, { ...end, revisionNumber, name: 'Brunch' }),
  });
});
