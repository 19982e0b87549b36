// Objects of any resource for tests that do the same with all of them.
import { another } from '../../../../src/providers/conductor/quickbooks/examples.ts';
import type { ResourceEntry } from '../../../../src/providers/conductor/quickbooks/resource-entry.ts';
import { type Node, withIds } from './company-file.ts';

let count = 0;

/** A short text that is used once: tax codes have three letters. */
export function serial(): string {
  count += 1;
  return count.toString(36);
}

/** A body that creates an object of its own. */
export function fresh({ example }: ResourceEntry): Node {
  return withIds(another(example?.create ?? {}, serial())) as Node;
}
