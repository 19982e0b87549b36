// The content of an erasure report: the result of a check, and the receipts of the subjects' deletions.

import type { Place } from '../erasure-findings.ts';
import type { ErasureResult } from '../erasure-result.ts';
import { Subjects } from '../erasure-subjects.ts';
import type { Receipt } from '../receipt-schema.ts';

/** The content of a report. */
export interface ErasureReport {
  readonly sandbox: string;
  readonly include: readonly Place[];
  readonly result: ErasureResult;
  /** Receipts of deletions that name a subject, newest first. */
  readonly receipts: readonly Receipt[];
}

/** The receipts that name a subject or a linked identity by its id; dry runs are left out. */
export function receiptsOf({ subjects, linked }: ErasureResult, receipts: readonly Receipt[]): Receipt[] {
  const names = new Subjects([...subjects, ...(linked || []).map(({ value }) => value)]);
  return receipts.filter(
    ({ dryRun, root, deleted, detached }) =>
      !dryRun && [root, ...deleted, ...detached].some(({ id }) => names.include(id)),
  );
}

/** A receipt as one line: time, operation, root, rows deleted. */
export function receiptLine({ at, provider, operation, root, counts, answered, requestId }: Receipt): string {
  const rows = Object.entries(counts).map(([resource, rows]) => `${rows} ${resource}`);
  const lost = answered ? '' : '; its response was lost';
  return `${at} ${provider} ${operation}: ${root.resource} ${root.id} (${rows.join(', ')}${lost}), request ${requestId}`;
}
