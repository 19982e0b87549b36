// Numbers and dates out of every range: refused, and never in the way of a read.
import { story } from './books.ts';

const last = '9999-12-20';
const number = (value: string, field: string) => `The number ${value} in the field "${field}" is too large.`;
const date = (text: string) => `There was an error when converting the date value "${text}" in the field "Date".`;

story('numbers of more than ten digits are refused wherever they are', async (_t, books) => {
  const ids = await books.ids('customers', 'inventory-items', 'service-items', 'accounts');
  const terms = { name: 'Never', dueDays: 10_000_000_000 };
  await books.refused('POST', 'standard-terms', terms, '3210', number('10000000000', 'DueDays'));
  const grace = { name: 'Never', dueDayOfMonth: 1, gracePeriodDays: -1e300 };
  await books.refused('POST', 'date-driven-terms', grace, '3210', number('-1e+300', 'GracePeriodDays'));
  const sale = {
    customerId: ids['Harbor Cafe'],
    transactionDate: '2025-02-20',
    exchangeRate: 1e300,
    lines: [{ itemId: ids.Consulting }],
  };
  await books.refused('POST', 'invoices', sale, '3210', number('1e+300', 'ExchangeRate'));
  await books.refused(
    'POST',
    'inventory-adjustments',
    {
      accountId: ids.Rent,
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Widget, adjustQuantity: { quantityDifference: -1e300 } }],
    },
    '3060',
    'There was an error when converting the quantity "-1e+300" in the field "QuantityDifference".',
  );
});

story('a due date has a year of four digits', async (t, books) => {
  const ids = await books.ids('customers', 'service-items', 'standard-terms');
  const invoice = (termsId: unknown, transactionDate = last) => ({
    customerId: ids['Millstone Bakery'],
    transactionDate,
    termsId,
    lines: [{ itemId: ids.Consulting }],
  });
  await books.refused('POST', 'invoices', invoice(ids['Net 30']), '3020', date(`${last} + 30 days`));
  const onDay = async (dueDayOfMonth: number, gracePeriodDays: number) =>
    (await books.make('date-driven-terms', { name: `On ${dueDayOfMonth}`, dueDayOfMonth, gracePeriodDays })).id;
  const passed = await onDay(15, 0);
  await books.refused('POST', 'invoices', invoice(passed), '3020', date(`the next day 15 after ${last}`));
  const soon = await onDay(22, 5);
  await books.refused('POST', 'invoices', invoice(soon), '3020', date(`the next day 22 after ${last}`));
  t.equal((await books.make('invoices', invoice(await onDay(31, 2)))).dueDate, '9999-12-31');
  t.equal((await books.make('invoices', invoice(passed, '2025-02-14'))).dueDate, '2025-02-15');
});

story('a discount that ends after all dates has no day', async (t, books) => {
  const ids = await books.ids('customers', 'service-items');
  const terms = { dueDays: 1, discountPercentage: '2' };
  const soon = await books.make('standard-terms', { name: 'Soon', ...terms, discountDays: 11 });
  const late = await books.make('standard-terms', { name: 'Late', ...terms, discountDays: 9_999_999_999 });
  const invoice = async (termsId: unknown) =>
    books.make('invoices', {
      customerId: ids['Millstone Bakery'],
      transactionDate: last,
      termsId,
      lines: [{ itemId: ids.Consulting }],
    });
  t.match(await invoice(soon.id), { suggestedDiscountAmount: '1.80', suggestedDiscountDate: '9999-12-31' });
  const { id } = await invoice(late.id);
  t.match(await books.get(`invoices/${id}`), { suggestedDiscountAmount: '1.80', suggestedDiscountDate: null });
});

story('a card that is empty is none', async (t, books) => {
  const ids = await books.ids('customers', 'service-items');
  const receipt = await books.make('sales-receipts', {
    customerId: ids['Millstone Bakery'],
    transactionDate: '2025-02-20',
    creditCardTransaction: {},
    lines: [{ itemId: ids.Consulting }],
  });
  t.match(receipt, { creditCardTransaction: null, totalAmount: '90.00' });
});
