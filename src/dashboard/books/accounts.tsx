// The chart of accounts of a company file, with balances and the totals of the trial balance.
import { Failure, Loading } from '../components/placeholders.tsx';
import { chartOf, type ListObject, type Report, trialBalanceOf } from '../model/books.ts';
import { inWords, money } from '../model/company-record.ts';
import { readCompanyFile } from '../state/company-file.ts';
import { sandboxName } from '../state/route.ts';
import { rowsVersion } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { BookTable } from './book-table.tsx';

/** The chart; an account leads to its register. */
export function Accounts({ endUserId }: { endUserId: string }) {
  const { value, failure } = useRequest(
    async (signal) => {
      const query = { reportType: 'trial_balance' };
      const [accounts, report] = await Promise.all([
        readCompanyFile<{ data: ListObject[] }>(endUserId, 'qbd.accounts.list', { status: 'all' }, signal),
        readCompanyFile<Report>(endUserId, 'qbd.reports.generalSummary', query, signal),
      ]);
      return { accounts: chartOf(accounts.data), trial: trialBalanceOf(report) };
    },
    [sandboxName.value, rowsVersion.value, endUserId],
  );
  if (value === undefined) return failure === undefined ? <Loading /> : <Failure>{failure}</Failure>;
  const { accounts, trial } = value;
  return (
    <>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <p class="trial">
        <b>Trial balance</b> {trial.asOf.toLowerCase()}: debits <b class="figures">{money(trial.debit)}</b>, credits{' '}
        <b class="figures">{money(trial.credit)}</b>
      </p>
      <BookTable
        endUserId={endUserId}
        name="accounts"
        columns={['Account', '?Type', '#Balance']}
        rows={accounts.map(({ id, name, sublevel = 0, isActive, accountType, balance }) => ({
          key: id,
          to: id,
          depth: sublevel,
          cells: [isActive ? name : `${name} (inactive)`, inWords(String(accountType)), balance],
        }))}
      />
    </>
  );
}
