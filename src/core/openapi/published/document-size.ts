// Limits the size of a published document: with YAML aliases, a small file can stand for billions of values.
import { Unservable } from '../unservable.ts';

/** Most values in a document, each YAML alias counted as a copy. */
const MOST_VALUES = 2_000_000;

/** The size of a value that is being measured. */
const UNFINISHED = -1;

/** @throws Unservable at the innermost value that is too large, or that contains itself */
export function checkDocumentSize(document: unknown): void {
  const sizes = new Map<object, number>();
  /** Where the walk is. */
  const at: PropertyKey[] = [];
  const measured = (node: unknown): number => {
    if (typeof node !== 'object' || node === null) return 1;
    const known = sizes.get(node);
    if (known === UNFINISHED) throw new Unservable([...at], 'it contains itself, through an alias');
    if (known !== undefined) return known;
    sizes.set(node, UNFINISHED);
    const list = Array.isArray(node);
    let size = 1;
    for (const key of Object.keys(node)) {
      at.push(list ? Number(key) : key);
      size += measured((node as Record<string, unknown>)[key]);
      if (size > MOST_VALUES) {
        throw new Unservable(
          [...at],
          `its aliases stand for more than ${MOST_VALUES} values; write them out, or use $ref`,
        );
      }
      at.pop();
    }
    sizes.set(node, size);
    return size;
  };
  measured(document);
}
