// Planned faults: every source of them makes one wish; it is decided here and delivered in the pipeline.
import type { CatalogueEntry, ErrorWords, OperationFacts } from './errors.ts';
import { orderable } from './errors.ts';
import { Problem } from './problem.ts';

/** A fault somebody asked for, whatever the way they asked. */
export interface Wish {
  /** The error to answer with instead of serving the request. */
  readonly entry: CatalogueEntry;
  /** Who asked, for `X-Understudy-Fault`. */
  readonly source: string;
  /** The preferences that were honoured, for `Preference-Applied`. */
  readonly applied: string;
}

/**
 * The wish of a request's `Prefer` header, or null when it has none that concerns us. Preferences of other
 * people are ignored, as RFC 7240 asks.
 *
 * @throws Problem when a preference of ours has a value that cannot be used, or an error is ordered that the
 * operation cannot answer
 */
export function preferredWish(header: string | undefined, words: ErrorWords, operation: OperationFacts): Wish | null {
  if (header === undefined) return null;
  const preferences = parsePreferences(header);
  const code = preferences.get('code');
  if (code === undefined) return null;
  if (!/^[1-9]\d\d$/.test(code)) {
    throw new Problem(
      400,
      'bad-preference',
      'Bad preference',
      `code=${code} is no HTTP status; write it as in Prefer: code=503.`,
    );
  }
  const handling = preferences.get('handling');
  const error = preferences.get('error');
  const status = Number(code);
  const applied = `code=${code}${error === undefined ? '' : `, error=${error}`}`;
  const allowed = orderable(words, operation);
  const entry = allowed.find((entry) => entry.status === status && (error === undefined || entry.name === error));
  if (entry !== undefined) return { entry, source: applied, applied };
  if (handling === 'lenient' && status >= 400 && status < 600) {
    return { entry: words.lenient(status), source: applied, applied: `${applied}, handling=lenient` };
  }
  const statuses = [...new Set(allowed.map((entry) => entry.status))].sort((a, b) => a - b);
  const names = allowed.filter((entry) => entry.status === status).map((entry) => entry.name);
  throw new Problem(
    400,
    'undocumented-preference',
    'Undocumented preference',
    names.length > 0
      ? `${operation.operation} answers ${status} with ${names.join(', ')}, not with ${error}; choose one of them.`
      : `${operation.operation} does not answer ${code}; it can be made to answer ${statuses.join(', ')}, or any error status with Prefer: code=${code}, handling=lenient.`,
    { operation: operation.operation, statuses },
  );
}

/** The preferences of a `Prefer` header; names in lower case, values without quotes, parameters dropped. */
export function parsePreferences(header: string): Map<string, string> {
  const preferences = new Map<string, string>();
  for (const part of header.split(',')) {
    const [preference = ''] = part.split(';');
    const [name = '', value = ''] = preference.split('=', 2).map((text) => text.trim());
    // The first one given counts (RFC 7240, section 2).
    const key = name.toLowerCase();
    if (key !== '' && !preferences.has(key)) preferences.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  return preferences;
}
