// The strings in a JSON value, each with its path.

/** A string in a value, and its path, e.g. `metadata.a[0]`. */
export interface Leaf {
  readonly field: string;
  readonly text: string;
  readonly number?: true;
}

/** All strings in a JSON value, including member names, which can be email addresses too; numbers only if requested. */
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
