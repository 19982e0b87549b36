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

t.end();
