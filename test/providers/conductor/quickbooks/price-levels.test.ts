// Price levels are of one kind, and price each item in one way.
import { expectError } from '../fixtures.ts';
import { story } from './books.ts';

story('a price level keeps its kind', async (t, books) => {
  const { Consulting: itemId } = await books.ids('service-items');
  const fixed = await books.make('price-levels', { name: 'Trade', fixedPercentage: '-5' });
  const change = (more: object) => ({ revisionNumber: fixed.revisionNumber, ...more });
  const text = (why: string) => `There was an error when modifying a Price Level. QuickBooks error message: ${why}`;
  const stays = text('The percentage of a price level cannot change.');
  await books.refused('POST', `price-levels/${fixed.id}`, change({ fixedPercentage: '-6' }), '3170', stays);
  await books.refused(
    'POST',
    `price-levels/${fixed.id}`,
    change({ perItemPriceLevels: [{ itemId, customPrice: '80.00' }] }),
    '3170',
    text('A price level with a fixed percentage has no prices of items.'),
  );
  t.strictSame(await books.get(`price-levels/${fixed.id}`), fixed, 'nothing changed');
});

story('an item has one price in a price level', async (t, books) => {
  const { Consulting: itemId } = await books.ids('service-items');
  const level = (prices: object) => ({ name: 'Special', perItemPriceLevels: [{ itemId, ...prices }] });
  expectError(
    t,
    await books.ask('POST', 'price-levels', level({ customPrice: '80.00', customPricePercent: '5' })),
    400,
    'INVALID_REQUEST_ERROR',
    'PARAMETER_INVALID',
    'Invalid input: only one of customPrice, customPricePercent may be given at "perItemPriceLevels[0].customPricePercent"',
  );
  const missing = (element: string) => `There is a missing element: "${element}".`;
  await books.refused('POST', 'price-levels', level({}), '3150', missing('CustomPrice'));
  const half = level({ adjustPercentage: '5' });
  await books.refused('POST', 'price-levels', half, '3150', missing('AdjustRelativeTo'));
  const made = await books.make('price-levels', level({ adjustPercentage: '5', adjustRelativeTo: 'standard_price' }));
  t.strictSame(made.perItemPriceLevels, [
    { item: { id: itemId, fullName: 'Consulting' }, customPrice: '94.50', customPricePercent: null },
  ]);
});
