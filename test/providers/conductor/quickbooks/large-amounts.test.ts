// Amounts that are too large to be amounts: refused where they are computed, as where they are sent.
import { story } from './books.ts';

const convert = (amount: string) => `There was an error when converting the amount "${amount}" in the field "Amount".`;

story('what is computed has at most thirteen digits before the point', async (t, books) => {
  const ids = await books.ids('customers', 'inventory-items', 'service-items', 'vendors', 'accounts');
  const on = { transactionDate: '2025-02-20' };
  const sale = (...lines: object[]) => ({ ...on, customerId: ids['Harbor Cafe'], lines });
  const before = await books.list('invoices');
  for (const [line, amount] of [
    [{ itemId: ids.Consulting, quantity: 9999999999, rate: '9999999999.99999' }, '99999999989999900000.00'],
    [{ itemId: ids.Consulting, quantity: -2000000000, rate: '5000.00' }, '-10000000000000.00'],
    [{ itemId: ids.Widget, quantity: 9999999999, rate: '1000.00001' }, '10000000099000.00'],
  ] as const) {
    await books.refused('POST', 'invoices', sale(line), '3040', convert(amount));
  }
  const most = { itemId: ids.Consulting, amount: '9999999999999.99' };
  await books.refused('POST', 'invoices', sale(most, most), '3040', convert('19999999999999.98'));
  t.strictSame(await books.list('invoices'), before);
  t.equal((await books.make('invoices', sale(most))).balanceRemaining, '9999999999999.99');
  const bill = {
    ...on,
    vendorId: ids['Paper Mill Co'],
    expenseLines: [0, 1].map(() => ({ accountId: ids.Rent, amount: '9999999999999.99' })),
  };
  await books.refused('POST', 'bills', bill, '3040', convert('19999999999999.98'));
});
