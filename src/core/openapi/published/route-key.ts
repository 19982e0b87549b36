// What parameters are called where they arrive, and what they are called to people.
import type { Parameter } from './listing.ts';

/** What a parameter is called where it arrives: a router takes only word characters for the name of a path's. */
export function routeKey(where: Parameter['in'], name: string): string {
  return where === 'path' ? name.replace(/\W/g, '_') : shown(where, name);
}

/** Header names arrive in lower case. */
export function shown(where: Parameter['in'], name: string): string {
  return where === 'header' ? name.toLowerCase() : name;
}
