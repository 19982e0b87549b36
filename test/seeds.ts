// Seeds of random tests, and how much the short tests do of what the long ones do in full; both from the environment.
import type { Test } from 'tap';

/**
 * The integer in an environment variable, or a default.
 *
 * @throws Error when the variable holds something else
 */
export function fromEnvironment(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (!/^-?\d+$/.test(text)) throw new Error(`${name}=${text} is not an integer.`);
  return Number(text);
}

/** The seed in an environment variable, or a new one. */
export function seedFrom(name: string): number {
  return fromEnvironment(name, Math.floor(Math.random() * 2 ** 31));
}

/** Which part of what all QuickBooks resources do in the same way is tested: one in so many; the long tests set 1. */
const QUICKBOOKS_PART = fromEnvironment('QUICKBOOKS_PART', 5);
export const QUICKBOOKS_SEED = seedFrom('QUICKBOOKS_SEED');

/** The part of a list that this run tests. */
export function partOf<T>(all: readonly T[]): T[] {
  return all.filter((_, n) => (n + QUICKBOOKS_SEED) % QUICKBOOKS_PART === 0);
}

/** Of the operations of a provider, the QuickBooks ones in part. */
export function partOfOperations<T extends { readonly operation: string }>(operations: readonly T[]): T[] {
  const chosen = new Set(partOf(operations.filter(({ operation }) => operation.startsWith('qbd.'))));
  return operations.filter((one) => !one.operation.startsWith('qbd.') || chosen.has(one));
}

/** Whether every case is tested, or a part of them; the long tests set 1. */
const EVERY_CASE = fromEnvironment('EVERY_CASE', 0) === 1;

/** What the short tests take, or what the long tests take. */
export function shortOrLong<T>(short: T, long: T): T {
  return EVERY_CASE ? long : short;
}

/** Of a list every second one in the short tests, from the first (kind 0) or from the second (kind 1); all in the long. */
export function everySecond<T>(all: readonly T[], kind: number): T[] {
  return all.filter((_, n) => EVERY_CASE || (n + kind) % 2 === 0);
}

/**
 * Declares the tests of a loop over two kinds: all in the long tests; in the short ones, each test for one kind, the
 * first for kind 0, the second for kind 1, and so on.
 */
export function everyOther(t: Test, kind: number): (name: string, test: (t: Test) => Promise<void>) => void {
  let n = kind;
  return (name, test) => {
    if (n++ % 2 === 0 || EVERY_CASE) t.test(name, test);
  };
}
