// The sandbox's clock: stopped, moved on, set back to real time; and what fell due.
import { useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import type { Clock } from '../model/answers.ts';
import { clockState, durationOf, shownTime, UNITS, type Unit } from '../model/clock.ts';
import { dayAndTime } from '../model/format.ts';
import { callControl, errorText } from '../state/control-plane.ts';
import { clock, hueOf, rowsMayHaveChanged, sandboxQuery } from '../state/sandbox.ts';

/** Shows the time and moves it. */
export function ClockDialog({ onClose }: { onClose(): void }) {
  const [amount, setAmount] = useState('2');
  const [unit, setUnit] = useState<Unit>('hours');
  const [refused, setRefused] = useState<string>();
  const [due, setDue] = useState<Clock['due']>();
  const move = async (body: object) => {
    try {
      const moved = await callControl<Clock>('PUT', '/clock', { query: sandboxQuery(), body });
      setRefused(undefined);
      setDue(moved.due);
      clock.value = { shown: moved, askedAt: performance.now() };
      await rowsMayHaveChanged();
    } catch (error) {
      setRefused(errorText(error));
    }
  };
  const time = clock.value;
  return (
    <Dialog title="Clock" onClose={onClose}>
      <div class="body">
        {time !== null && (
          <p class="time">
            <b class="figures">{shownTime(time.shown, performance.now() - time.askedAt)}</b> UTC{' '}
            <span class="hint">{clockState(time.shown) || 'real time'}</span>
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
          <Field label="Advance by" error={refused}>
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

function Due({ due }: { due: NonNullable<Clock['due']> }) {
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
