// What a test says and hears of an erasure check: its options, and the error that lists what is left.
import type { ErasureResult } from '../core/deletions/erasure.ts';
import type { Place as ErasurePlace } from '../core/deletions/erasure-findings.ts';
import { textOf } from '../core/deletions/reports/text.ts';

/** What an erasure check looks for beside the subjects, and where. */
export interface ErasureOptions {
  /** Where to look; by default in the providers' state alone. */
  readonly include?: readonly ErasurePlace[];
  /** Whether what is linked to the subjects is looked for too; true by default. */
  readonly linked?: boolean;
  /** Whether matches inside longer identifiers are told, which decide nothing; false by default. */
  readonly contains?: boolean;
}

/** Something of a person is left; the message is the list of it. */
export class NotErasedError extends Error {
  override readonly name = 'NotErasedError';
  readonly result: ErasureResult;

  constructor(sandbox: string, result: ErasureResult) {
    super([`Not erased in sandbox ${sandbox}.`, ...textOf(result)].join('\n'));
    this.result = result;
  }
}
