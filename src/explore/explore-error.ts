// The error of an exploration that cannot be made.

/** The command cannot be explored; the message says why, and what to do. */
export class ExploreError extends Error {
  override readonly name = 'ExploreError';
}
