// What money documents and the feeds of deletions refuse: accounts that are cleared in lines, ranges that end first.
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

story('a range of deletions that ends before it begins is refused', async (t, books) => {
  const range = 'deletedAfter=2025-02-02&deletedBefore=2025-02-01';
  const text = 'The time range is invalid: "2025-02-02T00:00:00.000Z" is after "2025-02-01T23:59:59.999Z".';
  await books.refused('GET', `deleted-transactions?transactionTypes=bill&${range}`, undefined, '3030', text);
  await books.refused('GET', `deleted-list-objects?objectTypes=vendor&${range}`, undefined, '3030', text);
  const old = 'deleted-transactions?transactionTypes=bill&deletedBefore=2020-01-01';
  t.strictSame(await books.list(old), [], 'what is older than the feed is empty');
});

t.end();
