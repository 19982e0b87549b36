// The refusal of a published document that cannot be served.

/** A reason why a document cannot be served, as the end of a sentence, with its place. */
export class Unservable extends Error {
  readonly at: readonly PropertyKey[];

  constructor(at: readonly PropertyKey[], why: string) {
    super(why);
    this.at = at;
  }
}
