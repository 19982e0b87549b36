// Exit codes, and the one sentence that an error is reported with.
import { isOutOfDescriptors } from '../core/storage/descriptors.ts';
import { ExploreError } from '../explore/explore-error.ts';
import { ControlPlaneError } from '../library/control-plane.ts';
import { printable } from './page.ts';

/** How every command exits, as grep and diff do. */
export const EXIT = {
  /** Done, or the answer is yes. */
  yes: 0,
  /** The answer is no: something is left, there are changes, a verification failed, or a wait timed out. */
  no: 1,
  /** Wrong usage, no connection, the server refused, or it cannot start. */
  trouble: 2,
} as const;

/** Wrong usage: a flag, variable, argument or command; the message names it and says what is accepted. */
export class UsageError extends Error {}

/** The server cannot start; the message says why, and what to do about it. */
export class StartError extends Error {}

/** What to do when descriptors ran out. */
export const TOO_MANY_OPEN =
  'Too many files and connections are open (ulimit -n); raise the limit, e.g. ulimit -n 4096.';

/** Errors whose message is a sentence for people. */
const EXPECTED = [UsageError, StartError, ControlPlaneError, ExploreError];

/** The message of an error that ends a command: a sentence where the user can act on it, else the stack. */
export function sentenceOf(error: Error): string {
  if (isOutOfDescriptors(error)) return TOO_MANY_OPEN;
  const expected = EXPECTED.some((kind) => error instanceof kind);
  // A server's message may quote what a client chose.
  return expected ? printable(error.message) : String(error.stack);
}
