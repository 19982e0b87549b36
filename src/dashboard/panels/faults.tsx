// Faults panel: the planned faults with their counts, the form that plans one, and the barriers.
import { useState } from 'preact/hooks';
import type { PlannedFault } from '../../control/schemas.ts';
import { Confirm } from '../components/confirm-button.tsx';
import { Empty, Failure, Loading } from '../components/placeholders.tsx';
import { effectText, matchText, modeText } from '../model/fault-text.ts';
import { count } from '../model/format.ts';
import { errorText } from '../state/control-plane.ts';
import { faults, removeFault } from '../state/faults.ts';
import { route } from '../state/route.ts';
import { Barriers } from './barriers.tsx';
import { PlanFault } from './fault-form.tsx';

/** The list and the form, side by side. */
export function Faults() {
  const known = faults.value;
  const [chosen] = route.value.rest;
  return (
    <>
      <header class="panel-head">
        <h1>Planned faults</h1>
        {known !== null && known.length > 1 && (
          <Confirm
            label="Remove all"
            question={`Remove all ${known.length} planned faults?`}
            action="Remove all"
            onConfirm={() => removeFault()}
          />
        )}
      </header>
      <div class="beside">
        <div>
          <section aria-label="Planned faults">
            {known === null && <Loading />}
            {known?.length === 0 && (
              <Empty>
                <p>No faults planned.</p>
                <p>Try this first: a DELETE that takes effect while its response is lost.</p>
              </Empty>
            )}
            <ul class="faults">
              {known?.map((fault) => (
                <FaultCard key={fault.id} fault={fault} chosen={fault.id === chosen} />
              ))}
            </ul>
          </section>
          <Barriers />
        </div>
        <PlanFault />
      </div>
    </>
  );
}

function FaultCard({ fault, chosen }: { fault: PlannedFault; chosen: boolean }) {
  const { id, match, mode, hits, spent } = fault;
  const [failure, setFailure] = useState<string>();
  return (
    <li class="card fault" data-spent={spent} aria-current={chosen ? 'true' : undefined}>
      <h2>{matchText(match)}</h2>
      <p>{effectText(fault)}</p>
      <p class="facts">
        {modeText(mode)} · injected {count(hits, 'time')} {spent && <span class="tag">spent</span>}
      </p>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <button
        type="button"
        class="quiet"
        aria-label={`Remove the fault for ${matchText(match)}`}
        onClick={() => removeFault(id).catch((error) => setFailure(errorText(error)))}
      >
        Remove
      </button>
    </li>
  );
}
