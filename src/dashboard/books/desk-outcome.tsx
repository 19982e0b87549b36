// What the last action at the customer's desk did, or why QuickBooks refused it.
import { useEffect } from 'preact/hooks';
import { Failure } from '../components/placeholders.tsx';
import { deskOutcome } from '../state/company-file.ts';

/** Empty until there was one. */
export function DeskOutcome() {
  // What was done elsewhere is no news here.
  useEffect(() => {
    deskOutcome.value = {};
  }, []);
  const { done, failure } = deskOutcome.value;
  return (
    <>
      <output class="hint">{done}</output>
      {failure !== undefined && <Failure>{failure}</Failure>}
    </>
  );
}
