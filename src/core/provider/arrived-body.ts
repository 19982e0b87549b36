// The body of a request before it is parsed.

/** What arrived as body: bytes, or why there are none. */
export type ArrivedBody = Buffer | 'too-large' | 'not-json' | undefined;
