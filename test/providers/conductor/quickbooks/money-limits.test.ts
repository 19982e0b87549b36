// What money documents refuse.
import t from 'tap';
import { story } from './books.ts';

const DATED = { transactionDate: '2025-02-20' };

story('the account of a line cannot be cleared', async (t, books) => {
  const ids = await books.ids('accounts', 'vendors');
  const refused = async (path: string, id: string, json: object) => {
    const { revisionNumber } = await books.get(`${path}/${id}`);
    const text = 'Cannot clear the element in the "account" field.';
    await books.refused('POST', `${path}/${id}`, { revisionNumber, ...json }, '3190', text);
  };
  const amount = '5.00';
  const check = await books.make('checks', {
    ...DATED,
    bankAccountId: ids.Checking,
    expenseLines: [{ accountId: ids.Rent, amount }],
  });
  await refused('checks', check.id, { expenseLines: [{ id: check.expenseLines[0].id, accountId: '' }] });
  const entry = await books.make('journal-entries', {
    ...DATED,
    debitLines: [{ accountId: ids.Rent, amount }],
    creditLines: [{ accountId: ids.Checking, amount }],
  });
  const [debit, credit] = [entry.debitLines[0], entry.creditLines[0]];
  await refused('journal-entries', entry.id, { lines: [{ id: debit.id, accountId: '' }, { id: credit.id }] });
  const deposit = await books.make('deposits', {
    ...DATED,
    depositToAccountId: ids.Checking,
    lines: [{ accountId: ids.Rent, amount }],
  });
  await refused('deposits', deposit.id, { lines: [{ id: deposit.lines[0].id, accountId: '' }] });
  t.strictSame((await books.get(`checks/${check.id}`)).expenseLines, check.expenseLines);
});

story('a difference in the value of stock is an amount of money', async (t, books) => {
  const ids = await books.ids('accounts', 'inventory-items');
  const adjusted = (valueDifference: number) => ({
    ...DATED,
    accountId: ids.Rent,
    lines: [{ itemId: ids.Widget, adjustValue: { valueDifference } }],
  });
  const text = (amount: string) =>
    `There was an error when converting the amount "${amount}" in the field "ValueDifference".`;
  await books.refused('POST', 'inventory-adjustments', adjusted(0.001), '3040', text('0.001'));
  const made = await books.make('inventory-adjustments', adjusted(-0.1));
  t.equal(made.lines[0].valueDifference, -0.1);
  const { revisionNumber } = await books.get(`inventory-adjustments/${made.id}`);
  const changed = { revisionNumber, lines: [{ id: made.lines[0].id, valueDifference: 1.234 }] };
  await books.refused('POST', `inventory-adjustments/${made.id}`, changed, '3040', text('1.234'));
  t.equal((await books.named('accounts', 'Inventory Asset')).balance, '499.90');
});

t.end();
