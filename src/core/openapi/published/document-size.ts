// Limits the size of a published document: with YAML aliases, a small file can stand for billions of values.
import { Unservable } from '../unservable.ts';

/** Most values in a document, each YAML alias counted as a copy. */
const MOST_VALUES = 2_000_000;

/** @throws Unservable at the innermost value that is too large, or that contains itself */
export function checkDocumentSize(document: unknown): void {
  const sizes = new Map<object, number>();
  const measured = (node: unknown, at: readonly PropertyKey[]): number => {
    if (typeof node !== 'object' || node === null) return 1;
    const known = sizes.get(node);
    if (Number.isNaN(known)) throw new Unservable(at, 'it contains itself, through an alias');
    if (known !== undefined) return known;
    sizes.set(node, Number.NaN);
    let size = 1;
    for (const [key, value] of Object.entries(node)) {
      const place = [...at, Array.isArray(node) ? Number(key) : key];
      size += measured(value, place);
      if (size > MOST_VALUES) {
        throw new Unservable(
          place,
          `its aliases stand for more than ${MOST_VALUES} values; write them out, or use $ref`,
        );
      }
    }
    sizes.set(node, size);
    return size;
  };
  measured(document, []);
}
