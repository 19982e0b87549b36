// Understudy's own errors (RFC 9457 problem+json), as opposed to the errors of a provider.

/** Titles of the types whose words do not make one: `unknown-row` is an "Unknown row" without an entry. */
const TITLES: Readonly<Record<string, string>> = {
  'content-encoding': 'Unsupported content encoding',
  crash: 'Understudy failed',
  'data-folder': 'Data folder unusable',
  'headers-too-large': 'Request Header Fields Too Large',
  'invalid-json': 'Invalid JSON',
  'media-type': 'Unsupported media type',
  'memory-limit': 'Memory limit reached',
  'no-https': 'No HTTPS',
  'not-let-in': 'Forbidden',
  page: 'Page failed',
  'quickbooks-refuses': 'QuickBooks refuses',
  'sandbox-name': 'Bad sandbox name',
  'snapshot-name': 'Bad snapshot name',
  'snapshot-version': 'Snapshot of another version',
  'too-large': 'Body too large',
  'too-many-files': 'Too many files open',
  'url-too-long': 'URI Too Long',
};

/** An error of the sandbox itself; `detail` says what is wrong, where, and how to fix it. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, type: string, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.type = type;
    this.extra = extra;
  }

  /** The problem+json document; `extra` members follow the standard ones. */
  toJSON(): Record<string, unknown> {
    return {
      type: `urn:understudy:${this.type}`,
      title: TITLES[this.type] ?? this.type.slice(0, 1).toUpperCase() + this.type.slice(1).replaceAll('-', ' '),
      status: this.status,
      detail: this.message,
      ...this.extra,
    };
  }
}

/** The refusal of one invalid value; `path` is where it is in the input, e.g. `match.status`. */
export function invalidInput(path: string, message: string): Problem {
  return new Problem(400, 'invalid-input', `${path}: ${message}.`, { errors: [{ path, message }] });
}

/** Content type of a provider's JSON responses. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** Content type of the sandbox's own errors. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
