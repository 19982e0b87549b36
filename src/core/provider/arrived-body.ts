// The body of a request before it is parsed.

/** A body as it arrived: its bytes, undefined when there are none, or the reason it was rejected. */
export type ArrivedBody = Buffer | 'too-large' | 'not-json' | 'unsupported-encoding' | undefined;
