// Understudy's own errors (RFC 9457 problem+json), as opposed to the errors of a provider.

/** An error of the sandbox itself; `detail` says what is wrong, where, and how to fix it. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    type: string,
    title: string,
    detail: string,
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.status = status;
    this.type = type;
    this.title = title;
    this.extra = extra;
  }

  /** The problem+json document; `extra` members follow the standard ones. */
  toJSON(): Record<string, unknown> {
    return {
      type: `urn:understudy:${this.type}`,
      title: this.title,
      status: this.status,
      detail: this.message,
      ...this.extra,
    };
  }
}

/** Content type of a provider's JSON responses. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** Content type of the sandbox's own errors. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
