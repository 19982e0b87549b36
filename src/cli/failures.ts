// What keeps a command from doing its work, as one sentence for people, and the exit code that goes with it.
import { isOutOfDescriptors } from '../core/storage/descriptors.ts';
import { ControlPlaneError } from '../library/control-plane.ts';
import { printable } from './page.ts';

/** How every command ends. */
export const EXIT = {
  /** Done, or the answer is yes. */
  done: 0,
  /** The answer is no: something is left, a verification failed, waiting was in vain; or a server could not start. */
  no: 1,
  /** It could not be asked, or nobody understands what was asked. */
  unasked: 2,
} as const;

/** A flag, variable, argument or command that cannot be used; the message says which, and what would do. */
export class UsageError extends Error {}

/** A server that cannot start; the message says what is in the way, and the way out. */
export class StartError extends Error {}

/** What to tell a person of an error that ends a command: a sentence where they can mend it, else the stack. */
export function sentenceOf(error: Error): string {
  if (isOutOfDescriptors(error))
    return 'Too many files and connections are open for this (ulimit -n); raise their limit, e.g. ulimit -n 4096.';
  const expected = error instanceof UsageError || error instanceof StartError || error instanceof ControlPlaneError;
  // What a server says may quote what a client chose.
  return expected ? printable(error.message) : String(error.stack);
}

/** The exit code of a command that such an error ended. */
export function exitCodeOf(error: Error): number {
  return error instanceof StartError || isOutOfDescriptors(error) ? EXIT.no : EXIT.unasked;
}
