// Clock dialog: freeze, advance, return to real time, and what fell due.
import { useState } from 'preact/hooks';
import type { MovedClock } from '../../control/schemas.ts';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { clockState, durationOf, shownTime, UNITS, type Unit } from '../model/clock.ts';
import { dayAndTime } from '../model/format.ts';
import { callControl, errorText } from '../state/control-plane.ts';
import { clock, hueOf, rowsMayHaveChanged, sandboxQuery, showClock } from '../state/sandbox.ts';

/** The time, and the forms that change it. */
export function ClockDialog({ onClose }: { onClose(): void }) {
  const [amount, setAmount] = useState('2');
  const [unit, setUnit] = useState<Unit>('hours');
  const [rejected, setRejected] = useState<string>();
  const [due, setDue] = useState<MovedClock['due']>();
  const move = async (body: object) => {
    try {
      const moved = await callControl<MovedClock>('PUT', '/clock', { query: sandboxQuery(), body });
      setRejected(undefined);
      setDue(moved.due);
      showClock(moved);
      await rowsMayHaveChanged();
    } catch (error) {
      setRejected(errorText(error));
    }
  };
  const shown = clock.value;
  return (
    <Dialog title="Clock" onClose={onClose}>
      <div class="body">
        {shown !== null && (
          <p class="time">
            <b class="figures">{shownTime(shown.time, performance.now() - shown.readAt)}</b> UTC{' '}
            <span class="hint">{clockState(shown.time) || 'real time'}</span>
          </p>
        )}
        <form
          class="inline"
          aria-label="Advance the clock"
          onSubmit={(event) => {
            event.preventDefault();
            void move({ action: 'advance', duration: durationOf(amount, unit) });
          }}
        >
          <Field label="Advance by" error={rejected}>
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                value={amount}
                onInput={(event) => setAmount(event.currentTarget.value)}
              />
            )}
          </Field>
          <select aria-label="Unit" value={unit} onChange={(event) => setUnit(event.currentTarget.value as Unit)}>
            {Object.keys(UNITS).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <button type="submit" class="main">
            Advance
          </button>
        </form>
        <div class="actions">
          <button type="button" class="quiet" onClick={() => move({ action: 'freeze' })}>
            Freeze
          </button>
          <button type="button" class="quiet" onClick={() => move({ action: 'reset' })}>
            Back to real time
          </button>
        </div>
        {due !== undefined && <Due due={due} />}
      </div>
    </Dialog>
  );
}

function Due({ due }: { due: NonNullable<MovedClock['due']> }) {
  if (due.length === 0) return <p class="hint">Nothing fell due.</p>;
  return (
    <>
      <h3>Fell due</h3>
      <ul class="due">
        {due.map(({ provider, resource, id, what, at }) => (
          <li key={`${resource} ${id}`} data-hue={hueOf(provider)}>
            {resource} <code>{id}</code> {what} <time dateTime={at}>{dayAndTime(at)}</time>
          </li>
        ))}
      </ul>
    </>
  );
}
