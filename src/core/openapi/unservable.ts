// The refusal of a document, or a part of one, that cannot be served.
import type { ErrorObject } from 'ajv';

/** A reason why a document cannot be served, as the end of a sentence, with its place. */
export class Unservable extends Error {
  readonly at: readonly PropertyKey[];

  constructor(at: readonly PropertyKey[], why: string) {
    super(why);
    this.at = at;
  }
}

/** An Ajv error as the end of a sentence. */
export function errorText({ message, params }: ErrorObject): string {
  const { allowedValues, additionalProperty, unevaluatedProperty } = params as Record<string, unknown>;
  const extra = additionalProperty ?? unevaluatedProperty;
  if (extra !== undefined) return `${JSON.stringify(extra)} does not belong there`;
  return `it ${message}${Array.isArray(allowedValues) ? ` (${allowedValues.join(', ')})` : ''}`;
}
