// The barriers of the sandbox, below the planned faults; nothing where there are none.
import { useState } from 'preact/hooks';
import type { PlannedBarrier } from '../../control/schemas.ts';
import { Failure } from '../components/placeholders.tsx';
import { orderText, pairsText, pairText } from '../model/barrier-text.ts';
import { barriers, removeBarrier } from '../state/barriers.ts';
import { errorText } from '../state/control-plane.ts';

/** A card for each barrier. */
export function Barriers() {
  const known = barriers.value;
  if (known.length === 0) return null;
  return (
    <section aria-label="Barriers">
      <h2>Barriers</h2>
      <ul class="faults">
        {known.map((barrier) => (
          <BarrierCard key={barrier.id} barrier={barrier} />
        ))}
      </ul>
    </section>
  );
}

function BarrierCard({ barrier }: { barrier: PlannedBarrier }) {
  const { id, state } = barrier;
  const [failure, setFailure] = useState<string>();
  return (
    <li class="card fault" data-spent={state !== 'waiting'}>
      <h3>{pairText(barrier)}</h3>
      <p>{orderText(barrier)}</p>
      <p class="facts">
        {pairsText(barrier)} <span class="tag">{state === 'timed-out' ? 'timed out' : state}</span>
      </p>
      {failure !== undefined && <Failure>{failure}</Failure>}
      <button
        type="button"
        class="quiet"
        aria-label={`Remove the barrier for ${pairText(barrier)}`}
        onClick={() => removeBarrier(id).catch((error) => setFailure(errorText(error)))}
      >
        Remove
      </button>
    </li>
  );
}
