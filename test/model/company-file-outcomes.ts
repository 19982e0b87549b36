// What steps on a company file have in common: days, amounts by what is open, ids, and the outcome of a request.
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import type { TestResponse } from '../harness.ts';

/** The month of the model; a day follows. */
export const DAY = '2025-05-';

/** Amounts by what is open: nothing, a cent, half, all of it, a cent too much. */
export const share = fc.constantFrom('none', 'cent', 'half', 'all', 'all', 'more');

/** An amount by what is open. */
export type Share = 'none' | 'cent' | 'half' | 'all' | 'more';

/** An amount in cents, by the cents that are open. */
export function amountOf(open: number, one: Share): number {
  return { none: 0, cent: 1, half: Math.floor(open / 2), all: open, more: open + 1 }[one];
}

/** Expects a refusal of QuickBooks with a code; null for success. */
export function expectOutcome(answer: TestResponse, code: string | null): void {
  deepStrictEqual(
    [answer.status, answer.body.error?.integrationCode ?? null],
    code === null ? [200, null] : [502, code],
    answer.body.error?.message,
  );
}

/** Ids of list objects. */
export const LIST_ID = /^8[0-9A-F]{7}-\d+$/;

/** Ids of transactions. */
export const TRANSACTION_ID = /^[0-9A-F]+-\d+$/;
