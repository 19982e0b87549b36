// Whom an erasure check looks for, and how a text is held against them.
import { fold, isAscii, occurrence } from './caseless.ts';

/**
 * How a text has to do with a subject, without regard to case and composition: it is one (`exact`), it has one in it
 * as a word (`contains`), the same with a value that is linked to a subject (`linked`), it points at a row that is
 * one's (`reference`), or it has one inside a longer identifier (`inside`, which decides nothing).
 */
export type Match = 'exact' | 'contains' | 'linked' | 'reference' | 'inside';

/** What a text was found to be. */
export interface Matched {
  readonly match: 'exact' | 'contains' | 'linked' | 'inside';
  /** The name is the whole value or a word in it, not a part of somebody else's name or address. */
  readonly named: boolean;
}

/** The persons to search for, by all their names. */
export class Subjects {
  readonly given: readonly string[];
  /** Matches inside longer identifiers are wanted too. */
  readonly #contains: boolean;
  readonly #given: ReadonlySet<string>;
  readonly #linked = new Set<string>();

  constructor(given: readonly string[], { contains = false }: { readonly contains?: boolean } = {}) {
    this.given = given;
    this.#contains = contains;
    this.#given = new Set(given.map(foldName));
  }

  /** Looks for this value as well; false when it is looked for already. */
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

  /** What a text was found to be; a number is somebody's only as a whole. */
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

  /** What `NAMES` takes: the longest word of each name, which is in one column, also as a JSON text writes it. */
  get sought(): string {
    const names = [...this.#given, ...this.#linked].filter(isAscii);
    const pieces = names.flatMap((name) => {
      const [piece] = name.split(/[ ,]/).sort((a, b) => b.length - a.length) as [string];
      return [piece, JSON.stringify(piece).slice(1, -1)];
    });
    return JSON.stringify([...new Set(pieces)]);
  }
}

/** A table of an SQL statement (`with …`) that `mayName` looks into. */
export const NAMES = 'name (piece) as materialized (select value from json_each(?))';

/**
 * An SQL condition that lets through at least every text with a name in it; the text has to be in lower case. SQLite
 * folds ASCII letters alone, so a text with any other character is let through.
 */
export function mayName(text: string): string {
  return `(octet_length(${text}) <> length(${text}) or exists (select 1 from name where instr(${text}, piece)))`;
}

/** The best that any of the names is in a text; an address counts inside a longer one too. */
function best(text: string, names: Iterable<string>): 'word' | 'address' | 'inside' | null {
  let found: 'address' | 'inside' | null = null;
  for (const name of names) {
    const one = occurrence(text, name);
    if (one === 'word') return 'word';
    if (one === 'inside' && found !== 'address') found = name.includes('@') ? 'address' : 'inside';
  }
  return found;
}

/** A name as it is compared. */
export function foldName(name: string): string {
  return foldAddress(fold(name));
}

/** No address ends in a dot; the sentence it was copied from did. */
function foldAddress(folded: string): string {
  return folded.includes('@') && !folded.includes(' ') ? folded.replace(/\.+$/, '') : folded;
}

/** A string in a value, and its path, e.g. `metadata.a[0]`. */
export interface Leaf {
  readonly field: string;
  readonly text: string;
  readonly number?: true;
}

/** Every string in a JSON value at any depth; names of members too, for an email address can be one; numbers if wanted. */
export function* stringsIn(value: unknown, field: string, numbers = false): Generator<Leaf> {
  // A stack of its own: values may be nested deeper than calls can be.
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
