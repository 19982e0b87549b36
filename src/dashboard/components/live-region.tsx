// Says aloud what only the eye would notice, for those who use a screen reader.
import { cell } from '../state/cell.ts';

const said = cell('');

/** Says a short sentence. */
export function announce(sentence: string): void {
  // The same sentence twice would be no change.
  said.value = said.value === sentence ? `${sentence} ` : sentence;
}

/** Where it is said; once on the page. */
export function Announcements() {
  return <output class="unseen">{said.value}</output>;
}
