// The current route: read from the browser's location, and changed by navigation.
import { computed, signal } from '@preact/signals-core';
import { type Panel, parseRoute, type Route, routeHash, sandboxSearch } from '../model/route.ts';

export const route = signal<Route>(parseRoute('', ''));

/** The name of the sandbox shown. */
export const sandboxName = computed(() => route.value.sandbox);

/** Keeps the route in step with the location. */
export function followLocation(): void {
  addEventListener('popstate', readLocation);
  addEventListener('hashchange', readLocation);
  readLocation();
}

/** Goes to a panel. */
export function navigate(panel: Panel, ...rest: readonly string[]): void {
  location.hash = routeHash(panel, ...rest);
}

/** Shows another sandbox on the same panel; the request or fault selected in this one is deselected. */
export function switchSandbox(name: string): void {
  const { panel, rest } = route.value;
  const hash = routeHash(panel, ...(panel === 'rows' ? rest : []));
  history.pushState(null, '', `${location.pathname}${sandboxSearch(name)}${hash}`);
  readLocation();
}

function readLocation(): void {
  route.value = parseRoute(location.search, location.hash);
}
