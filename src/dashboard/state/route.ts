// Where one is: follows the address, and changes it.
import { type Panel, parseRoute, type Route, routeHash, sandboxSearch } from '../model/route.ts';
import { cell, derived } from './cell.ts';

export const route = cell<Route>(parseRoute('', ''));

/** The name of the sandbox that is looked at. */
export const sandbox = derived(route, (one) => one.sandbox);

/** Goes on following the address. */
export function followLocation(): void {
  const read = () => {
    route.value = parseRoute(location.search, location.hash);
  };
  addEventListener('popstate', read);
  addEventListener('hashchange', read);
  read();
}

/** Goes to a panel. */
export function go(panel: Panel, ...rest: readonly string[]): void {
  location.hash = routeHash(panel, ...rest);
}

/** Shows another sandbox; where one has been looking at a request of this one, all of them are shown there. */
export function enter(name: string): void {
  const { panel, rest } = route.value;
  history.pushState(
    null,
    '',
    `${location.pathname}${sandboxSearch(name)}${routeHash(panel, ...(panel === 'rows' ? rest : []))}`,
  );
  route.value = parseRoute(location.search, location.hash);
}
