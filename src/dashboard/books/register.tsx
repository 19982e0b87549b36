// The register of an account: its postings with a running balance, of all time or between two days.
import { useState } from 'preact/hooks';
import { Field } from '../components/field.tsx';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import { REGISTER_COLUMNS, type Report, registerOf } from '../model/books.ts';
import { inWords, money } from '../model/company-record.ts';
import { count } from '../model/format.ts';
import { readCompanyFile } from '../state/company-file.ts';
import { sandboxName } from '../state/route.ts';
import { rowsVersion } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { BookTable } from './book-table.tsx';

/** How many postings are shown, the last ones. */
const MOST = 500;

interface RegisterProps {
  readonly endUserId: string;
  readonly accountId: string;
  readonly accountType: string;
}

/** The register, with the days it is limited to. */
export function Register({ endUserId, accountId, accountType }: RegisterProps) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const { value, failure } = useRequest(
    async (signal) => {
      // Without a day it begins with the first posting, and without another it ends with the last.
      const days =
        from === '' && to === ''
          ? { reportDateMacro: 'all' }
          : { reportDateFrom: from || '0001-01-01', reportDateTo: to || '9999-12-31' };
      const query = { reportType: 'general_ledger', accountIds: accountId, includeColumns: REGISTER_COLUMNS, ...days };
      const report = await readCompanyFile<Report>(endUserId, 'qbd.reports.generalDetail', query, signal);
      return registerOf(report, accountType, MOST);
    },
    [sandboxName.value, rowsVersion.value, endUserId, accountId, from, to],
  );
  return (
    <section class="book" aria-label="Register">
      <h2>Register</h2>
      <div class="days">
        <Field label="From">
          {(control) => (
            <input {...control} type="date" value={from} onInput={(at) => setFrom(at.currentTarget.value)} />
          )}
        </Field>
        <Field label="To">
          {(control) => <input {...control} type="date" value={to} onInput={(at) => setTo(at.currentTarget.value)} />}
        </Field>
      </div>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {value === undefined && failure === undefined && <Loading />}
      {value !== undefined && (
        <>
          <p class="trial">
            Balance before <b class="figures">{money(value.before)}</b>
            {value.older > 0 && `, with ${count(value.older, 'older posting')} that are not shown`}
          </p>
          {value.entries.length === 0 ? (
            <Empty>Nothing was posted{from === '' && to === '' ? '' : ' between these days'}.</Empty>
          ) : (
            <BookTable
              endUserId={endUserId}
              name="register"
              columns={['Transaction', 'Date', '?Name', '?Memo', '#Debit', '#Credit', '#Balance']}
              rows={value.entries.map(({ id, type, date, refNumber, name, memo, debit, credit, balance }, index) => ({
                key: `${id} ${index}`,
                to: id,
                cells: [
                  [type === null ? 'Opening balance' : inWords(type), refNumber].join(' ').trim(),
                  date,
                  name,
                  memo,
                  debit,
                  credit,
                  balance,
                ],
              }))}
            />
          )}
        </>
      )}
    </section>
  );
}
