// The subjects of an erasure check, and how texts are matched against them.

/** How a text matches a subject: it is equal to one, contains one, or refers to a row of one. */
export type Match = 'exact' | 'contains' | 'reference';

/** The persons to search for, by all their names. */
export class Subjects {
  readonly given: readonly string[];
  readonly #exact: ReadonlySet<string>;
  readonly #folded: ReadonlySet<string>;

  constructor(given: readonly string[]) {
    this.given = given;
    this.#exact = new Set(given);
    this.#folded = new Set(given.map(fold));
  }

  /** The lower-case substrings that preselect texts and JSON texts. */
  get needles(): string[] {
    return [...new Set([...this.#folded].flatMap((name) => [name, JSON.stringify(name).slice(1, -1)]))];
  }

  /** Whether a text is one of the names, case-insensitively. */
  include(text: string): boolean {
    return this.#folded.has(fold(text));
  }

  match(text: string): 'exact' | 'contains' | null {
    if (this.#exact.has(text)) return 'exact';
    const folded = fold(text);
    for (const name of this.#folded) if (folded.includes(name)) return 'contains';
    return null;
  }
}

/** Lower case as in SQLite's `lower`: ASCII letters only. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A string in a value, and its path, e.g. `metadata.a[0]`. */
export interface Leaf {
  readonly field: string;
  readonly text: string;
}

/** All strings in a JSON value at any depth, including member names, which can be email addresses too. */
export function* stringsIn(value: unknown, field: string): Generator<Leaf> {
  // An explicit stack: deep values would overflow the call stack.
  const waiting: { value: unknown; field: string }[] = [{ value, field }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, field } = next;
    if (typeof value === 'string') yield { field, text: value };
    else if (Array.isArray(value)) {
      for (let n = value.length - 1; n >= 0; n--) waiting.push({ value: value[n], field: `${field}[${n}]` });
    } else if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).map(([name, value]) => ({ value, field: `${field}.${name}`, name }));
      for (const { field, name } of members) yield { field, text: name };
      waiting.push(...members.reverse());
    }
  }
}
