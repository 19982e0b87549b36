// Where one is: follows the address, and changes it.
import { hashOf, type Panel, type Place, readPlace, searchOf } from '../model/route.ts';
import { cell, derived } from './cell.ts';

export const place = cell<Place>(readPlace('', ''));

/** The name of the sandbox that is looked at. */
export const sandbox = derived(place, (one) => one.sandbox);

/** Goes on following the address. */
export function followAddress(): void {
  const read = () => {
    place.value = readPlace(location.search, location.hash);
  };
  addEventListener('popstate', read);
  addEventListener('hashchange', read);
  read();
}

/** Goes to a panel. */
export function go(panel: Panel, ...rest: readonly string[]): void {
  location.hash = hashOf(panel, ...rest);
}

/** Shows another sandbox; where one has been looking at a request of this one, all of them are shown there. */
export function enter(name: string): void {
  const { panel, rest } = place.value;
  history.pushState(
    null,
    '',
    `${location.pathname}${searchOf(name)}${hashOf(panel, ...(panel === 'rows' ? rest : []))}`,
  );
  place.value = readPlace(location.search, location.hash);
}
