// A record of a company file: what can be done with it, its fields and lines, its links and postings.
import { Copyable } from '../components/copy-button.tsx';
import { Failure, Loading } from '../components/placeholders.tsx';
import {
  fieldsOf,
  kindOf,
  type Lines,
  linesOf,
  linkText,
  type RecordView,
  type Shown,
  shownReference,
  titleOf,
} from '../model/company-record.ts';
import { callControl } from '../state/control-plane.ts';
import { sandboxName } from '../state/route.ts';
import { rowsVersion, sandboxQuery } from '../state/sandbox.ts';
import { useRequest } from '../state/use-request.ts';
import { BookTable, CellText } from './book-table.tsx';
import { PartyDocuments } from './party-documents.tsx';
import { RecordActions } from './record-actions.tsx';
import { Register } from './register.tsx';

interface RecordProps {
  readonly endUserId: string;
  readonly id: string;
}

/** The record; one that was deleted stays as it was last seen. */
export function RecordPage({ endUserId, id }: RecordProps) {
  const { value: view, failure } = useRequest(
    (signal) => {
      const path = `/conductor/end-users/${encodeURIComponent(endUserId)}/records/${encodeURIComponent(id)}`;
      return callControl<RecordView>('GET', path, { query: sandboxQuery(), signal });
    },
    [sandboxName.value, rowsVersion.value, endUserId, id],
  );
  if (view === undefined) return failure === undefined ? <Loading /> : <Failure>{failure}</Failure>;
  const { resource, record, locked } = view;
  const { facts, amounts } = fieldsOf(record);
  const isParty = resource === 'customers' || resource === 'vendors';
  return (
    <article class="record">
      <header class="panel-head">
        <h2>
          {titleOf(view)} {view.kind === 'list' && <small>{kindOf(resource)}</small>}
        </h2>
        {typeof record.isPaid === 'boolean' && <span class="tag">{record.isPaid ? 'paid' : 'open'}</span>}
        {locked && <span class="tag warn">in a window at the desk</span>}
        <Copyable text={id} what="id of the record" />
      </header>
      {failure === undefined ? (
        <RecordActions endUserId={endUserId} id={id} view={view} />
      ) : (
        <p class="note warn">It is no longer there; this is how it was. {failure}</p>
      )}
      {amounts.length > 0 && <Amounts amounts={amounts} />}
      {resource === 'accounts' && (
        <Register endUserId={endUserId} accountId={id} accountType={String(record.accountType)} />
      )}
      {isParty && <PartyDocuments endUserId={endUserId} id={id} kind={resource} />}
      {linesOf(record).map((lines) => (
        <LineTable key={lines.name} endUserId={endUserId} lines={lines} />
      ))}
      {view.links.length > 0 && <Links endUserId={endUserId} links={view.links} />}
      {view.postings.length > 0 && <Postings endUserId={endUserId} postings={view.postings} />}
      <section class="book" aria-label="Fields">
        <h2>Fields</h2>
        <dl class="fields">
          {facts.map(({ name, ...shown }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <CellText endUserId={endUserId} cell={shown} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </article>
  );
}

function Amounts({ amounts }: { amounts: readonly (Shown & { readonly name: string })[] }) {
  return (
    <dl class="amounts">
      {amounts.map(({ name, text }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="figures">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Lines of a transaction, or what else a record has several of. */
function LineTable({ endUserId, lines: { name, columns, rows } }: { endUserId: string; lines: Lines }) {
  return (
    <section class="book" aria-label={name}>
      <h2>{name}</h2>
      <BookTable
        endUserId={endUserId}
        name={name}
        columns={columns.map((column) => `${column.isNumber ? '#' : ''}${column.name}`)}
        rows={rows.map((cells, line) => ({ key: String(line), cells }))}
      />
    </section>
  );
}

function Links({ endUserId, links }: { endUserId: string; links: RecordView['links'] }) {
  return (
    <section class="book" aria-label="Links">
      <h2>Links</h2>
      <BookTable
        endUserId={endUserId}
        name="links"
        columns={['Transaction', 'Link', '?Date', '#Amount', '#Quantity']}
        rows={links.map(({ resource, id, refNumber, transactionDate, amount, quantity, ...link }) => ({
          key: `${id} ${link.linkType}`,
          to: id,
          cells: [
            `${kindOf(resource)} ${refNumber ?? ''}`.trim(),
            linkText(link),
            transactionDate,
            amount,
            quantity === null ? null : String(quantity),
          ],
        }))}
      />
    </section>
  );
}

function Postings({ endUserId, postings }: { endUserId: string; postings: RecordView['postings'] }) {
  return (
    <section class="book" aria-label="Postings">
      <h2>Postings</h2>
      <BookTable
        endUserId={endUserId}
        name="postings"
        columns={['Account', '?Name', '?Item', '#Debit', '#Credit']}
        rows={postings.map(({ account, entity, item, debit, credit }, index) => ({
          key: String(index),
          to: account.id,
          cells: [account.fullName ?? account.id, shownReference(entity), shownReference(item), debit, credit],
        }))}
      />
    </section>
  );
}
