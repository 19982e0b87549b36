// What a report of an erasure check is made of, and the receipts of the deletions that led there.
import type { ErasureResult } from '../erasure.ts';
import type { Place } from '../erasure-findings.ts';
import { foldName } from '../erasure-subjects.ts';
import type { Receipt } from '../receipts.ts';

/** One check, as a reviewer wants to see it. */
export interface ErasureReport {
  readonly sandbox: string;
  readonly include: readonly Place[];
  readonly result: ErasureResult;
  /** Of the deletions that took rows of the subjects, newest first. */
  readonly receipts: readonly Receipt[];
}

/** The receipts of deletions, not of dry runs, that name a subject, or what is linked to one, by its id. */
export function receiptsOf({ subjects, linked }: ErasureResult, receipts: readonly Receipt[]): Receipt[] {
  const names = new Set([...subjects, ...(linked || []).map(({ value }) => value)].map(foldName));
  return receipts.filter(
    ({ dryRun, root, deleted, detached }) =>
      !dryRun && [root, ...deleted, ...detached].some(({ id }) => names.has(foldName(id))),
  );
}

/** A deletion in a line: when, which operation, of what, and how many rows went. */
export function receiptLine({ at, provider, operation, root, counts, answered, requestId }: Receipt): string {
  const rows = Object.entries(counts).map(([resource, rows]) => `${rows} ${resource}`);
  const lost = answered ? '' : '; its response was lost';
  return `${at} ${provider} ${operation}: ${root.resource} ${root.id} (${rows.join(', ')}${lost}), request ${requestId}`;
}
