// Faults by id, for clients that cannot set headers: a path id that ends in `_fail_<status>` or `_delay_<ms>`.
import { type ErrorWords, type OperationFacts, orderable } from '../provider/errors.ts';
import { LONGEST_DELAY } from './delays.ts';
import { type Wish, wish } from './fault-plan.ts';

const MAGIC = /_(fail|delay)_(\d{1,6})$/;

/** The wish in a path's ids, or null: a status that is not declared there makes it an id like any other. */
export function magicWish(
  parameters: Readonly<Record<string, string>>,
  words: ErrorWords,
  operation: OperationFacts,
): Wish | null {
  for (const name in parameters) {
    const id = parameters[name] as string;
    const [, kind, digits] = MAGIC.exec(id) ?? [];
    if (kind === undefined) continue;
    const number = Number(digits);
    if (kind === 'delay') return number <= LONGEST_DELAY ? wish({ delayMs: number, source: `_delay_${number}` }) : null;
    const entry = orderable(words, operation).find(({ status }) => status === number);
    if (entry !== undefined) return wish({ effect: { kind: 'error', entry }, source: `_fail_${number}` });
  }
  return null;
}
