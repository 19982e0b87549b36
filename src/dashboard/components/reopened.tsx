// The transactions of a company file that a delete or void reopens, with the fields that differ.

import { changesOf, kindOf, type Reopened } from '../model/company-record.ts';
import { count } from '../model/format.ts';

/** A list of them, each with what changes. */
export function ReopenedList({ reopened, dryRun }: { reopened: readonly Reopened[]; dryRun: boolean }) {
  return (
    <section class="reopened" aria-label="Reopened">
      <h3>
        {dryRun ? 'Would reopen' : 'Reopened'} <span class="figures">{count(reopened.length, 'transaction')}</span>
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
      </ul>
    </section>
  );
}
