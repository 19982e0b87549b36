// A set of names, and how texts hold them: plainly, or as base64 of the whole name.
import { type Base64Name, base64At, base64Names } from './base64-names.ts';
import { foldAddress, foldName, isAscii, isWord, occurrence } from './caseless.ts';

/** How a text holds a name: as a whole, as a word, anywhere since it is an email address, or in a longer identifier. */
export type Occurrence = 'whole' | 'word' | 'address' | 'inside';

/** The longest piece of a name that a text is filtered by. */
const LONGEST_PIECE = 100;

/** Names to search for. */
export class SubjectNames {
  readonly #names = new Set<string>();
  readonly #base64: (Base64Name & { readonly start: RegExp })[] = [];
  /** Matches where any name in base64 may start; null until it is needed. */
  #start: RegExp | null = null;

  /** Adds a name. */
  add(raw: string): void {
    this.#names.add(foldName(raw));
    this.#base64.push(...base64Names(raw).map((form) => ({ ...form, start: new RegExp(form.prefix, 'g') })));
    this.#start = null;
  }

  /** Whether this is one of the names, apart from case and normal form. */
  has(text: string): boolean {
    return this.#names.has(foldName(text));
  }

  /**
   * How a folded text holds one of the names at best. In a text that is `decodable`, an escape after a name may stand
   * for a letter.
   */
  plainIn(folded: string, decodable: boolean): Occurrence | null {
    if (this.#names.has(foldAddress(folded))) return 'whole';
    let found: Occurrence | null = null;
    for (const name of this.#names) {
      const one = occurrence(folded, name, decodable);
      if (one === 'word') return 'word';
      if (one === 'inside' && found !== 'address') found = outside(name);
    }
    return found;
  }

  /** How a text, not folded, holds one of the names in base64 at best. */
  base64In(text: string, decodable: boolean): Occurrence | null {
    this.#start ??= new RegExp([...new Set(this.#base64.map(({ prefix }) => prefix))].join('|') || '(?!)');
    if (!this.#start.test(text)) return null;
    let found: Occurrence | null = null;
    for (const form of this.#base64) {
      for (const { index } of text.matchAll(form.start)) {
        const token = base64At(text, index, form);
        if (token === null) continue;
        if (text.trim().replace(/={1,2}$/, '') === token) return 'whole';
        if (isWord(text, index, token, decodable)) found = 'word';
        else if (found === null || found === 'inside') found = outside(form.name);
      }
    }
    return found;
  }

  /**
   * Regular expressions, for any letter case, one of which matches every ASCII text that holds a name: the longest
   * piece of each name without white space and what JSON escapes, and the starts of its base64 forms.
   */
  get filters(): string[] {
    const pieces = [...this.#names].filter(isAscii).map((name) => {
      const [piece] = name.split(/[ ,"\\/]/).sort((a, b) => b.length - a.length) as [string];
      return piece.slice(0, LONGEST_PIECE).replace(/[$()*+.?[\]^{|}]/g, '\\$&');
    });
    return [...pieces, ...this.#base64.map(({ prefix }) => prefix)];
  }
}

/** How a longer identifier holds a name: an email address matches anywhere. */
function outside(name: string): Occurrence {
  return name.includes('@') ? 'address' : 'inside';
}
