// Whom an erasure check looks for, and how a text is held against them.

/** How a text has to do with a subject: it is one, it has one in it, or it points at a row that is one's. */
export type Match = 'exact' | 'contains' | 'reference';

/** The persons looked for, by all the names they go by. */
export class Subjects {
  readonly given: readonly string[];
  readonly #exact: ReadonlySet<string>;
  readonly #folded: ReadonlySet<string>;

  constructor(given: readonly string[]) {
    this.given = given;
    this.#exact = new Set(given);
    this.#folded = new Set(given.map(fold));
  }

  /** What must occur in a folded text, or a folded JSON text, for it to be worth a closer look. */
  get needles(): string[] {
    return [...new Set([...this.#folded].flatMap((name) => [name, JSON.stringify(name).slice(1, -1)]))];
  }

  /** Whether this is one of the names; a person written in other case is the same person to this check. */
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

/** Lower case as SQLite's `lower` has it: ASCII letters only. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A string somewhere in a value, and the way to it: `metadata.a[0]`. */
export interface Leaf {
  readonly field: string;
  readonly text: string;
}

/** Every string in a JSON value at any depth; names of members too, for an email address can be one. */
export function* stringsIn(value: unknown, field: string): Generator<Leaf> {
  // A stack of its own: values may be nested deeper than calls can be.
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
