// The subjects of an erasure check, and how texts are matched against them.
import { fold, isAscii, occurrence } from './caseless.ts';
import type { Residue } from './erasure-result.ts';

/** The match of a text. */
export interface Matched {
  readonly match: Exclude<Residue['match'], 'reference'>;
  /** The name is the whole value or a word of it, not part of a longer name or address. */
  readonly named: boolean;
}

/** The persons to search for, by all their names. */
export class Subjects {
  readonly given: readonly string[];
  /** Report matches inside longer identifiers too. */
  readonly #contains: boolean;
  readonly #given: ReadonlySet<string>;
  readonly #linked = new Set<string>();

  constructor(given: readonly string[], { contains = false }: { readonly contains?: boolean } = {}) {
    this.given = given;
    this.#contains = contains;
    this.#given = new Set(given.map(foldName));
  }

  /** Adds a linked identity; false when it is searched for already. */
  link(value: string): boolean {
    const name = foldName(value);
    if (name === '' || this.#given.has(name) || this.#linked.has(name)) return false;
    this.#linked.add(name);
    return true;
  }

  /** Whether this is one of the names. */
  include(text: string): boolean {
    const name = foldName(text);
    return this.#given.has(name) || this.#linked.has(name);
  }

  /** Matches a text; a number matches only as a whole. */
  match(text: string, number = false): Matched | null {
    if (number && !this.include(text)) return null;
    const folded = fold(text);
    const whole = foldAddress(folded);
    if (this.#given.has(whole)) return { match: 'exact', named: true };
    const given = best(folded, this.#given);
    if (given === 'word') return { match: 'contains', named: true };
    if (this.#linked.has(whole)) return { match: 'linked', named: true };
    const linked = best(folded, this.#linked);
    if (linked === 'word') return { match: 'linked', named: true };
    if (given === 'address') return { match: 'contains', named: false };
    if (linked === 'address') return { match: 'linked', named: false };
    return this.#contains && given === 'inside' ? { match: 'inside', named: false } : null;
  }

  /** The parameter of `NAMES`: the longest word of each name, as it is and as JSON escapes it. */
  get sought(): string {
    const names = [...this.#given, ...this.#linked].filter(isAscii);
    const pieces = names.flatMap((name) => {
      const [piece] = name.split(/[ ,]/).sort((a, b) => b.length - a.length) as [string];
      return [piece, JSON.stringify(piece).slice(1, -1)];
    });
    return JSON.stringify([...new Set(pieces)]);
  }
}

/** A common table expression that `mayName` reads. */
export const NAMES = 'name (piece) as materialized (select value from json_each(?))';

/**
 * An SQL condition that is true at least for every text that contains a name. `text` must be lower case. SQLite folds
 * only ASCII letters, so every text with other characters passes.
 */
export function mayName(text: string): string {
  return `(octet_length(${text}) <> length(${text}) or exists (select 1 from name where instr(${text}, piece)))`;
}

/** The best match of any name; an email address matches anywhere, also inside a longer one. */
function best(text: string, names: Iterable<string>): 'word' | 'address' | 'inside' | null {
  let found: 'address' | 'inside' | null = null;
  for (const name of names) {
    const one = occurrence(text, name);
    if (one === 'word') return 'word';
    if (one === 'inside' && found !== 'address') found = name.includes('@') ? 'address' : 'inside';
  }
  return found;
}

/** Folds a name for comparison. */
export function foldName(name: string): string {
  return foldAddress(fold(name));
}

/** No email address ends in a dot; the sentence it was copied from did. */
function foldAddress(folded: string): string {
  return folded.includes('@') && !folded.includes(' ') ? folded.replace(/\.+$/, '') : folded;
}

/** A string in a value, and its path, e.g. `metadata.a[0]`. */
export interface Leaf {
  readonly field: string;
  readonly text: string;
  readonly number?: true;
}

/** All strings in a JSON value, including member names, which can be email addresses too; numbers only if asked for. */
export function* stringsIn(value: unknown, field: string, numbers = false): Generator<Leaf> {
  // An explicit stack: deep values would overflow the call stack.
  const waiting: { value: unknown; field: string }[] = [{ value, field }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, field } = next;
    if (typeof value === 'string') yield { field, text: value };
    else if (typeof value === 'number' && numbers) yield { field, text: String(value), number: true };
    else if (Array.isArray(value)) {
      for (let n = value.length - 1; n >= 0; n--) waiting.push({ value: value[n], field: `${field}[${n}]` });
    } else if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).map(([name, value]) => ({ value, field: `${field}.${name}`, name }));
      for (const { field, name } of members) yield { field, text: name };
      waiting.push(...members.reverse());
    }
  }
}
