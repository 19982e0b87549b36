// Names of parameters: in the router's output, and in error messages.
import type { Parameter } from './listing.ts';

/** A parameter's key in the parsed request; the router allows only word characters in the names of path parameters. */
export function routeKey(where: Parameter['in'], name: string): string {
  return where === 'path' ? name.replace(/\W/g, '_') : parameterName(where, name);
}

/** A parameter's name in error messages; header names are in lower case. */
export function parameterName(where: Parameter['in'], name: string): string {
  return where === 'header' ? name.toLowerCase() : name;
}
