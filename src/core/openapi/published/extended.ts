// A provider with the operations of a fuller published document beside its own; what reads documents is not loaded for it.
import type { Operation, Provider } from '../../provider/provider.ts';
import type { Node } from './source.ts';

/** A provider's published document, ready to be served. */
export interface Published {
  readonly file: string;
  readonly document: Node;
  /** Those that no handler answers. */
  readonly operations: readonly Operation[];
}

/** The provider with the document's operations beside its own; faults, journal and errors know them all. */
export function extended(provider: Provider, published: Published): Provider {
  return { ...provider, operations: [...provider.operations, ...published.operations], published };
}
