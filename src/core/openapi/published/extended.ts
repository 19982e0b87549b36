// Extends a provider with the operations of a published document; does not load the code that reads documents.
import type { Operation, Provider } from '../../provider/provider.ts';
import type { Node } from '../document-parts.ts';
import type { Contradictions } from './contradictions.ts';

/** A provider's published document, ready to be served. */
export interface Published {
  readonly file: string;
  readonly document: Node;
  /** The operations without a handler. */
  readonly operations: readonly Operation[];
  /** Its examples that contradict their own schema. */
  readonly contradictions: Contradictions;
}

/** The provider with the document's operations in addition to its own, so that faults, journal and errors cover all. */
export function extended(provider: Provider, published: Published): Provider {
  return { ...provider, operations: [...provider.operations, ...published.operations], published };
}
