// Buttons for what a customer can do at the desk with a company file or one of its records.
import { useState } from 'preact/hooks';
import type { DeskAction } from '../model/desk.ts';
import { callControl, errorText } from '../state/control-plane.ts';
import { rowsMayHaveChanged, sandboxQuery } from '../state/sandbox.ts';
import { Failure } from './placeholders.tsx';

/** The buttons, and what the last one did. */
export function DeskActions({ actions }: { actions: readonly DeskAction[] }) {
  const [outcome, setOutcome] = useState<{ readonly done?: string; readonly failure?: string }>({});
  const run = async ({ path, body, done }: DeskAction) => {
    try {
      await callControl('POST', path, { body, query: sandboxQuery() });
      setOutcome({ done });
      await rowsMayHaveChanged();
    } catch (error) {
      setOutcome({ failure: errorText(error) });
    }
  };
  return (
    <fieldset class="desk">
      <legend class="hint">At the customer's desk</legend>
      {actions.map((action) => (
        <button type="button" class="quiet" key={action.label} onClick={() => run(action)}>
          {action.label}
        </button>
      ))}
      <output class="hint">{outcome.done}</output>
      {outcome.failure !== undefined && <Failure>{outcome.failure}</Failure>}
    </fieldset>
  );
}
