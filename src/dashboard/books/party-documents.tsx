// What is open with a customer or vendor, what was paid, and every transaction with them.
import { Failure, Loading } from '../components/placeholders.tsx';
import type { TransactionRow } from '../model/books.ts';
import { inWords } from '../model/company-record.ts';
import { number } from '../model/format.ts';
import { readList } from '../state/company-file.ts';
import { sandboxName } from '../state/route.ts';
import { rowsVersion } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { BookTable } from './book-table.tsx';

interface Document {
  readonly id: string;
  readonly transactionDate: string;
  readonly dueDate?: string | null;
  readonly refNumber: string | null;
  readonly amountDue?: string;
  readonly openAmount?: string | null;
  readonly balanceRemaining?: string;
  readonly totalAmount?: string;
  readonly unusedPayment?: string;
}

interface PartyProps {
  readonly endUserId: string;
  readonly id: string;
  readonly kind: 'customers' | 'vendors';
}

/** Three tables: open invoices or bills, payments, all transactions. */
export function PartyDocuments({ endUserId, id, kind }: PartyProps) {
  const { value, failure } = useRequest(
    async (signal) => {
      const list = <T,>(operation: string, query: Record<string, string>) =>
        readList<T>(endUserId, operation, query, signal);
      const [open, payments, transactions] = await Promise.all([
        kind === 'customers'
          ? list<Document>('qbd.invoices.list', { customerIds: id, paymentStatus: 'not_paid' })
          : list<Document>('qbd.bills.list', { vendorIds: id, paymentStatus: 'not_paid' }),
        kind === 'customers' ? list<Document>('qbd.receivePayments.list', { customerIds: id }) : undefined,
        list<TransactionRow>('qbd.transactions.list', { entityIds: id }),
      ]);
      return { open, payments, transactions };
    },
    [sandboxName.value, rowsVersion.value, endUserId, id],
  );
  if (value === undefined) return failure === undefined ? <Loading /> : <Failure>{failure}</Failure>;
  const { open, payments, transactions } = value;
  return (
    <>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <Documents
        endUserId={endUserId}
        title={kind === 'customers' ? 'Open invoices' : 'Open bills'}
        none="Nothing is open."
        columns={['Number', 'Date', 'Due', '#Open']}
        rows={open.data.map((one) => ({
          key: one.id,
          to: one.id,
          cells: [
            one.refNumber ?? one.id,
            one.transactionDate,
            one.dueDate,
            one.balanceRemaining ?? one.openAmount ?? one.amountDue,
          ],
        }))}
        more={open.more}
      />
      {payments !== undefined && (
        <Documents
          endUserId={endUserId}
          title="Payments"
          none="Nothing was paid."
          columns={['Number', 'Date', '#Amount', '#Unused']}
          rows={payments.data.map((one) => ({
            key: one.id,
            to: one.id,
            cells: [one.refNumber ?? one.id, one.transactionDate, one.totalAmount, one.unusedPayment],
          }))}
          more={payments.more}
        />
      )}
      <Documents
        endUserId={endUserId}
        title="All transactions"
        none="There are none."
        columns={['Transaction', 'Date', '?Memo', '#Amount']}
        rows={transactions.data.map((one) => ({
          key: one.transactionId,
          to: one.transactionId,
          cells: [
            [inWords(one.transactionType), one.refNumber].filter(Boolean).join(' '),
            one.transactionDate,
            one.memo,
            one.amount,
          ],
        }))}
        more={transactions.more}
      />
    </>
  );
}

interface DocumentsProps {
  readonly endUserId: string;
  readonly title: string;
  /** What is said where there are none. */
  readonly none: string;
  readonly columns: Parameters<typeof BookTable>[0]['columns'];
  readonly rows: Parameters<typeof BookTable>[0]['rows'];
  /** How many there are besides. */
  readonly more: number;
}

function Documents({ endUserId, title, none, columns, rows, more }: DocumentsProps) {
  return (
    <section class="book" aria-label={title}>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p class="hint">{none}</p>
      ) : (
        <BookTable endUserId={endUserId} name={title} columns={columns} rows={rows} />
      )}
      {more > 0 && <p class="hint">and {number(more)} more</p>}
    </section>
  );
}
