// Erasure check panel: whether anything still identifies a person, and the requests that remove it.
import { useState } from 'preact/hooks';
import type { ErasureResult, Residue } from '../../control/schemas.ts';
import { Copyable } from '../components/copy-button.tsx';
import { Field } from '../components/field.tsx';
import { announce } from '../components/live-region.tsx';
import { Failure } from '../components/placeholders.tsx';
import { count, listed } from '../model/format.ts';
import {
  decisiveCount,
  type ErasureCall,
  groupByCall,
  limitsOf,
  matchText,
  subjectsIn,
  unerasableRows,
} from '../model/residues.ts';
import { routeHash } from '../model/route.ts';
import { callControl, errorText } from '../state/control-plane.ts';
import { previewPath } from '../state/deletion.ts';
import { hueOf, sandboxQuery } from '../state/sandbox.ts';

/** How many residues of one call are listed. */
const WRITTEN = 50;

const PLACES = {
  state: 'rows of all providers',
  journal: 'requests and responses',
  webhooks: 'webhook deliveries',
  faults: 'fault rules',
  snapshots: 'snapshots',
} as const;
type Where = keyof typeof PLACES;

/** The form, and the result. */
export function Erasure() {
  const [text, setText] = useState('');
  const [places, setPlaces] = useState<readonly Where[]>(['state']);
  const [linked, setLinked] = useState(true);
  const [contains, setContains] = useState(false);
  const [result, setResult] = useState<ErasureResult>();
  const [failure, setFailure] = useState<string>();
  const [checking, setChecking] = useState(false);
  const check = async () => {
    setChecking(true);
    setFailure(undefined);
    try {
      const body = { subjects: subjectsIn(text), include: places, linked, contains };
      const found = await callControl<ErasureResult>('POST', '/erasure-checks', { query: sandboxQuery(), body });
      setResult(found);
      announce(found.clean ? 'Nothing is left' : `${count(decisiveCount(found.residues), 'residue')} left`);
    } catch (error) {
      setResult(undefined);
      setFailure(errorText(error));
    }
    setChecking(false);
  };
  return (
    <>
      <header class="panel-head">
        <h1>Erasure check</h1>
      </header>
      <form
        class="card check"
        aria-label="Erasure check"
        onSubmit={(event) => {
          event.preventDefault();
          void check();
        }}
      >
        <Field label="Subjects" hint="email addresses, ids or names, one per line">
          {(control) => (
            <textarea
              {...control}
              rows={3}
              value={text}
              placeholder={'alice@example.com\nuser-42'}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <fieldset class="choice">
          <legend>Search in</legend>
          {(Object.entries(PLACES) as [Where, string][]).map(([name, what]) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={places.includes(name)}
                onChange={({ currentTarget: { checked } }) =>
                  setPlaces(checked ? [...places, name] : places.filter((one) => one !== name))
                }
              />
              <span>{what}</span>
            </label>
          ))}
        </fieldset>
        <fieldset class="choice">
          <legend>Also search for</legend>
          <Option label="linked identities" checked={linked} set={setLinked} />
          <Option label="matches inside longer identifiers" checked={contains} set={setContains} />
        </fieldset>
        <button type="submit" class="main" disabled={checking}>
          Check
        </button>
      </form>
      {failure !== undefined && <Failure>{failure}</Failure>}
      {result !== undefined && <Findings result={result} again={check} />}
    </>
  );
}

function Option({ label, checked, set }: { label: string; checked: boolean; set(checked: boolean): void }) {
  return (
    <label>
      <input type="checkbox" checked={checked} onChange={({ currentTarget }) => set(currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

function Findings({ result, again }: { result: ErasureResult; again(): Promise<void> }) {
  const { clean, subjects, searched, residues, linked, unerasable } = result;
  const calls = groupByCall(result);
  const inside = residues.filter(({ match }) => match === 'inside');
  const left = count(decisiveCount(residues), 'residue');
  const rest = unerasable.length === 0 ? '' : `; ${count(unerasable.length, 'row')} cannot be removed`;
  return (
    <section class="findings" aria-label="Result">
      <p class="verdict" data-clean={clean}>
        {clean
          ? `Nothing is left of ${listed(subjects)}.`
          : `${left} of ${listed(subjects)}; removing them takes ${count(calls.length, 'call')}${rest}.`}{' '}
        <small>
          {count(searched.rows, 'row')} in {count(searched.resources, 'resource')} searched.
        </small>
      </p>
      {limitsOf(result).map((limit) => (
        <p class="hint" key={limit}>
          {limit}
        </p>
      ))}
      {linked !== false && linked.length > 0 && (
        <details class="card">
          <summary>{count(linked.length, 'linked identity', 'linked identities')} searched too</summary>
          <ul>
            {linked.slice(0, WRITTEN).map(({ value, linkedBy: { provider, resource, id, field, at } }) => (
              <li key={value}>
                <code>{value}</code> <small>{`${field} of ${provider} ${resource} ${id}, ${at}`}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
      <ol class="remedies">
        {calls.map((call) => (
          <ErasureCallCard key={call.call} remedy={call} />
        ))}
      </ol>
      {unerasableRows(result).map(({ row, residues }) => (
        <div class="card" key={`${row.provider} ${row.resource} ${row.id}`}>
          <p>{row.instead}.</p>
          <Residues residues={residues} link />
        </div>
      ))}
      {inside.length > 0 && (
        <div class="card">
          <p>Inside longer identifiers</p>
          <Residues residues={inside} link={false} />
        </div>
      )}
      {!clean && (
        <button type="button" class="quiet" onClick={again}>
          Check again
        </button>
      )}
    </section>
  );
}

function ErasureCallCard({ remedy: { call, path, provider, residues } }: { remedy: ErasureCall }) {
  return (
    <li class="card">
      <header>
        <span data-hue={hueOf(provider)}>
          Erase with <Copyable text={call} what={`call ${call}`} />
        </span>
        {path !== undefined && (
          <button type="button" class="quiet" aria-label={`Dry run of ${call}`} onClick={() => previewPath(path)}>
            Dry run…
          </button>
        )}
      </header>
      <Residues residues={residues} link={path !== undefined} />
    </li>
  );
}

/** A table of residues; `link` leads to their rows. */
function Residues({ residues, link }: { residues: readonly Residue[]; link: boolean }) {
  return (
    <>
      <table class="small">
        <thead>
          <tr>
            <th scope="col">resource</th>
            <th scope="col">id</th>
            <th scope="col">field</th>
            <th scope="col">match</th>
          </tr>
        </thead>
        <tbody>
          {residues.slice(0, WRITTEN).map((residue) => {
            const { provider, resource, id, field } = residue;
            return (
              <tr key={`${provider} ${resource} ${id} ${field}`}>
                <td>{resource}</td>
                <td class="id">{link ? <a href={routeHash('rows', provider, resource, id)}>{id}</a> : id}</td>
                <td>{field}</td>
                <td>{matchText(residue)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {residues.length > WRITTEN && <p class="hint">and {count(residues.length - WRITTEN, 'more', 'more')}</p>}
    </>
  );
}
