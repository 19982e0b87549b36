// Rules of all lists: unique names, trees, the form of amounts and ids, pages and cursors.
import t from 'tap';
import { fixtureId, MILLRACE, openBooks, refusal, withIds } from './company-file.ts';

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
  t.match(await books.change('classes', one, { parentId: four }), refusal('3130'));
  t.match(await books.change('classes', one, { parentId: one }), refusal('3130'));
  const top = await books.make('classes', { name: 'Top' });
  t.match(
    await books.change('classes', one, { parentId: top.id }),
    refusal('3180'),
    'its descendants would be too deep',
  );
  t.match((await books.change('classes', two, { name: 'Second' })).body, { fullName: 'One:Second', sublevel: 1 });
  t.match((await books.call('GET', `classes/${five}`)).body, { fullName: 'One:Second:Three:Four:Five', sublevel: 4 });
  t.match((await books.change('classes', two, { parentId: '' })).body, {
    fullName: 'Second',
    parent: null,
    sublevel: 0,
  });
  t.match((await books.call('GET', `classes/${five}`)).body, { fullName: 'Second:Three:Four:Five', sublevel: 3 });
  t.equal((await books.change('classes', two, {})).status, 200);
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
