// Erasure checks in the library: their options, and the error that lists what is left.
import type { ErasureResult } from '../control/schemas.ts';
import type { Place as ErasurePlace } from '../core/deletions/erasure-findings.ts';
import { textOf } from '../core/deletions/reports/text.ts';

/** Options of an erasure check. */
export interface ErasureOptions {
  /** Where to search; by default only the providers' state. */
  readonly include?: readonly ErasurePlace[];
  /** Search for linked identities too; true by default. */
  readonly linked?: boolean;
  /** Report matches inside longer identifiers, which never decide the result; false by default. */
  readonly contains?: boolean;
}

/** Something of a person is left; the message lists it. */
export class NotErasedError extends Error {
  override readonly name = 'NotErasedError';
  readonly result: ErasureResult;

  constructor(sandbox: string, result: ErasureResult) {
    super([`Not erased in sandbox ${sandbox}.`, ...textOf(result)].join('\n'));
    this.result = result;
  }
}
