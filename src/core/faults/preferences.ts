// Parses the Prefer header (RFC 7240), and rejects misspellings of the preferences that Understudy honours.
import { distance } from 'fastest-levenshtein';
import { Problem } from '../problem.ts';

/** The preferences honoured here. A misspelled `dry-run` that is ignored would be a real delete. */
const KNOWN = ['code', 'error', 'integration', 'fault', 'delay', 'phase', 'retry-after-ms', 'dry-run'] as const;
export type PreferenceName = (typeof KNOWN)[number];

/** Registered preferences (RFC 7240 and the IANA registry) that are no misspellings, however near they are. */
const REGISTERED = new Set(['handling', 'return', 'wait', 'respond-async', 'depth-noroot', 'safe']);

/**
 * The preferences of a `Prefer` header by name in lower case, values without quotes. Of two with the same name the
 * first counts (RFC 7240, section 2); preferences that are not ours, and parameters, are ignored as the RFC asks.
 *
 * @throws Problem when a name, or the name of a parameter, is nearly one of ours
 */
export function parsePreferences(header: string): Map<string, string> {
  const preferences = new Map<string, string>();
  for (const part of header.split(',')) {
    const [preference = '', ...parameters] = part.split(';');
    const [name = '', value = ''] = preference.split('=', 2).map((text) => text.trim());
    const key = name.toLowerCase();
    if (key === '') continue;
    if (!isKnown(key)) rejectNearMiss(key, preference.trim());
    for (const parameter of parameters) rejectParameter(parameter.trim());
    if (!preferences.has(key)) preferences.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  return preferences;
}

/** A refusal of one preference; `why` completes the sentence that begins with it. */
export function badPreference(preference: string, why: string): Problem {
  return new Problem(400, 'bad-preference', `${preference} ${why}.`);
}

function isKnown(name: string): boolean {
  return (KNOWN as readonly string[]).includes(name);
}

function rejectNearMiss(key: string, preference: string): void {
  const near = nearestKnown(key);
  if (near !== undefined)
    throw badPreference(preference, `is not a preference; did you mean ${near}? Nothing was done`);
}

/** `code=503; phase=after-commit`: with a semicolon, phase would be a parameter of code and have no effect. */
function rejectParameter(parameter: string): void {
  const key = (parameter.split('=', 1)[0] as string).trim().toLowerCase();
  const near = isKnown(key) ? key : nearestKnown(key);
  if (near !== undefined)
    throw badPreference(parameter, `is a parameter here; separate preferences with commas, as in code=503, ${near}`);
}

/** The known preference that a name, or a word of it, was probably meant to be. */
function nearestKnown(key: string): PreferenceName | undefined {
  if (REGISTERED.has(key)) return undefined;
  // `"dry-run"`, `dry-run:true`, `dry-run code=503`: the words without what separates them.
  const words = [key, ...key.split(/[^a-z0-9_-]+/)].map(squeezed).filter((word) => word !== '');
  return words.map((word) => KNOWN.find((known) => isNear(word, squeezed(known)))).find((near) => near !== undefined);
}

/** `dry_run`, `dryRun` and `dry.run` are the same word. */
function squeezed(name: string): string {
  return name.replace(/[^a-z0-9]/g, '');
}

function isNear(word: string, known: string): boolean {
  const far = distance(word, known);
  if (far <= (known.length > 5 ? 2 : 1)) return true;
  // Two neighbours exchanged.
  return far === 2 && sorted(word) === sorted(known);
}

function sorted(word: string): string {
  return [...word].sort().join('');
}
