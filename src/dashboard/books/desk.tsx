// The customer's desk: the computer, the records that are open in a window, and the preferences.
import { useState } from 'preact/hooks';
import type { Row } from '../../control/schemas.ts';
import { Field } from '../components/field.tsx';
import {
  type Computer,
  changePreferences,
  computerActions,
  computerText,
  type DeskAction,
  deskPreferences,
  salesTaxOn,
  setLock,
} from '../model/desk.ts';
import { routeHash } from '../model/route.ts';
import { doAtDesk, readCompanyFile } from '../state/company-file.ts';
import { DeskOutcome } from './desk-outcome.tsx';

interface DeskProps {
  readonly endUserId: string;
  /** The company file's own settings. */
  readonly file: Row;
}

/** What goes on there, and the buttons that change it. */
export function Desk({ endUserId, file }: DeskProps) {
  const { computer, locked } = file.desk as { computer: Computer; locked: string[] };
  return (
    <div class="desk">
      <DeskOutcome />
      <section class="card" aria-label="Computer">
        <h2>
          Computer <small>{computerText(computer)}</small>
        </h2>
        <div class="actions">
          {computerActions(endUserId).map((action) => (
            <button
              type="button"
              class="quiet"
              key={action.label}
              aria-pressed={isState(computer, action.body as Computer)}
              onClick={() => doAtDesk(() => action)}
            >
              {action.label}
            </button>
          ))}
        </div>
      </section>
      <section class="card" aria-label="Open in a window">
        <h2>Open in a window</h2>
        {locked.length === 0 ? (
          <p class="hint">No record is; each has a button that opens it in one.</p>
        ) : (
          <ul class="locked">
            {locked.map((id) => (
              <li key={id}>
                <a class="id" href={routeHash('books', endUserId, 'record', id)}>
                  {id}
                </a>
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Unlock ${id}`}
                  onClick={() => doAtDesk(() => setLock(endUserId, id, false))}
                >
                  Unlock
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <Preferences endUserId={endUserId} preferences={file.preferences as Row} />
    </div>
  );
}

async function switchSalesTaxOn(endUserId: string): Promise<DeskAction> {
  const { signal } = new AbortController();
  type Codes = { data: { id: string; isTaxable: boolean }[] };
  const codes = await readCompanyFile<Codes>(endUserId, 'qbd.salesTaxCodes.list', {}, signal);
  return salesTaxOn(endUserId, codes.data);
}

function isState({ state, phase }: Computer, other: Computer): boolean {
  return state === other.state && (state !== 'timing-out' || phase === other.phase);
}

function Preferences({ endUserId, preferences }: { endUserId: string; preferences: Row }) {
  const { closingDate, salesTax, personalData } = deskPreferences(preferences);
  const [date, setDate] = useState(closingDate);
  const change = (changed: Row, done: string) => doAtDesk(() => changePreferences(endUserId, changed, done));
  const close = (until: string | null) =>
    change(
      { accounting: { closingDate: until } },
      until === null ? 'The books are open.' : `The books are closed until ${until}.`,
    );
  return (
    <section class="card" aria-label="Preferences">
      <h2>Preferences</h2>
      <form
        class="inline"
        aria-label="Close the books"
        onSubmit={(event) => {
          event.preventDefault();
          void close(date === '' ? null : date);
        }}
      >
        <Field label="Closing date" hint="what is dated until then cannot be changed">
          {(control) => (
            <input {...control} type="date" value={date} onInput={(event) => setDate(event.currentTarget.value)} />
          )}
        </Field>
        <button type="submit" class="quiet">
          Close the books
        </button>
        <button
          type="button"
          class="quiet"
          disabled={closingDate === ''}
          onClick={() => {
            setDate('');
            void close(null);
          }}
        >
          Open them
        </button>
      </form>
      <fieldset class="choice">
        <legend>Switches</legend>
        <label>
          <input
            type="checkbox"
            checked={salesTax}
            onChange={({ currentTarget: { checked } }) =>
              doAtDesk(() =>
                checked
                  ? switchSalesTaxOn(endUserId)
                  : changePreferences(endUserId, { salesTax: null }, 'Sales tax is off.'),
              )
            }
          />
          <span>sales tax</span>
        </label>
        <label>
          <input
            type="checkbox"
            checked={personalData}
            onChange={({ currentTarget: { checked } }) =>
              change(
                { appAccessRights: { isPersonalDataAccessAllowed: checked } },
                `Apps may ${checked ? '' : 'not '}read personal data.`,
              )
            }
          />
          <span>apps may read personal data</span>
        </label>
      </fieldset>
    </section>
  );
}
