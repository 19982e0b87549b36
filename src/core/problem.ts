// Understudy's own refusals (RFC 9457 problem+json), wherever the sandbox speaks and not a provider.

/** A refusal in the sandbox's own words; `detail` names the thing, the place and the way out. */
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

  /** The problem+json document. */
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

/** What every JSON answer of a provider is sent as. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** What the sandbox's own refusals are sent as. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
