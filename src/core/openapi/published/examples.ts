// The examples that a published document gives for a body, a parameter or a header.
import { follow, type Node } from '../document-parts.ts';

/** The values of `example` and `examples` beside a schema. */
export function examplesOf(document: Node, described: Node): unknown[] {
  const one = described.example === undefined ? [] : [described.example];
  const named = Object.values((described.examples ?? {}) as Node).flatMap((example) => {
    const { value } = follow(document, example, []).node;
    return value === undefined ? [] : [value];
  });
  return [...one, ...named];
}
