// The transactions of a company file that a delete or void reopens, with the fields that differ.

import { changesOf, kindOf, type Reopenings } from '../model/company-record.ts';
import { count, number } from '../model/format.ts';

/** A list of them, each with what changes. */
export function ReopenedList({ reopened, more, dryRun }: Reopenings & { readonly dryRun: boolean }) {
  return (
    <section class="reopened" aria-label="Reopened">
      <h3>
        {dryRun ? 'Would reopen' : 'Reopened'}{' '}
        <span class="figures">{count(reopened.length + more, 'transaction')}</span>
      </h3>
      <ul>
        {reopened.map((one) => (
          <li key={one.id}>
            <b>
              {kindOf(one.resource)} {one.refNumber ?? one.id}
            </b>{' '}
            <small>{one.transactionDate}</small>
            {changesOf(one).map((change) => (
              <span key={change}>{change}</span>
            ))}
            {changesOf(one).length === 0 && <span>no longer linked</span>}
          </li>
        ))}
        {more > 0 && <li>and {number(more)} more</li>}
      </ul>
    </section>
  );
}
