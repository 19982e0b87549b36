// The subjects of an erasure check, and how texts are matched against them.
import { fold } from './caseless.ts';
import { decodedTexts, readingsOf } from './encodings.ts';
import type { Encoding, Residue } from './erasure-result.ts';
import { type Occurrence, SubjectNames } from './subject-names.ts';

/** The match of a text. */
export interface Matched {
  readonly match: Exclude<Residue['match'], 'reference'>;
  /** The name is the whole value or a word of it, not part of a longer name or address. */
  readonly named: boolean;
  /** The encodings that the name stands in, outermost first. */
  readonly encodings: readonly Encoding[];
}

/** Matches, the strongest first. */
const STRENGTH: readonly Matched['match'][] = ['exact', 'contains', 'linked', 'inside'];

/** The persons to search for, by all their names. */
export class Subjects {
  readonly given: readonly string[];
  /** Report matches inside longer identifiers too. */
  readonly #contains: boolean;
  readonly #given = new SubjectNames();
  readonly #linked = new SubjectNames();
  /** The filter; null until it is needed. */
  #compiled: RegExp | null = null;

  constructor(given: readonly string[], { contains = false }: { readonly contains?: boolean } = {}) {
    this.given = given;
    this.#contains = contains;
    for (const name of given) this.#given.add(name);
  }

  /** Adds a linked identity; returns false if it is empty or already among the names. */
  link(value: string): boolean {
    if (fold(value) === '' || this.#isName(value)) return false;
    this.#linked.add(value);
    this.#compiled = null;
    return true;
  }

  /** Whether this is one of the names, also in an encoding. */
  include(text: string): boolean {
    return readingsOf(text).some(
      ({ text }) =>
        this.#isName(text) || [this.#given, this.#linked].some((names) => names.base64In(text, false) === 'whole'),
    );
  }

  /** The strongest match of a text in all its encodings; a number matches only as a whole. */
  match(text: string, number = false): Matched | null {
    if (number && !this.#isName(text)) return null;
    let best: Matched | null = null;
    for (const { text: reading, encodings, decodable } of readingsOf(text)) {
      if (!this.#filter().test(reading)) continue;
      const folded = fold(reading);
      for (const names of [this.#given, this.#linked]) {
        const plain = this.#matched(names, names.plainIn(folded, decodable), encodings);
        if (plain !== null && isStronger(plain, best)) best = plain;
        const base64 = this.#matched(names, names.base64In(reading, decodable), [...encodings, 'base64']);
        if (base64 !== null && isStronger(base64, best)) best = base64;
      }
    }
    return best;
  }

  /** False only for a text, or several as JSON or apart from each other, without a name in any encoding; fast. */
  mayBeIn(text: string): boolean {
    const filter = this.#filter();
    return filter.test(text) || decodedTexts(text).some((decoded) => filter.test(decoded));
  }

  /** Matches every text that contains a name, once its escapes are decoded. */
  #filter(): RegExp {
    const filters = () => ['[^\\x00-\\x7f]', ...this.#given.filters, ...this.#linked.filters];
    this.#compiled ??= new RegExp([...new Set(filters())].join('|'), 'i');
    return this.#compiled;
  }

  #isName(text: string): boolean {
    return this.#given.has(text) || this.#linked.has(text);
  }

  #matched(names: SubjectNames, found: Occurrence | null, encodings: readonly Encoding[]): Matched | null {
    if (found === null) return null;
    const named = found === 'whole' || found === 'word';
    if (found === 'inside')
      return this.#contains && names === this.#given ? { match: 'inside', named, encodings } : null;
    if (names === this.#linked) return { match: 'linked', named, encodings };
    return { match: found === 'whole' ? 'exact' : 'contains', named, encodings };
  }
}

function isStronger(one: Matched, other: Matched | null): boolean {
  if (other === null) return true;
  if (one.named !== other.named) return one.named;
  return STRENGTH.indexOf(one.match) < STRENGTH.indexOf(other.match);
}
