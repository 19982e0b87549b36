// HTTP client of the control plane; an error response is thrown with its problem document.
import type { ProblemDocument } from '../../control/schemas.ts';

const BASE = '/__admin';

/** An error response, or no response at all. */
export class RequestError extends Error {
  /** The problem document of the response; null where there was no response. */
  readonly problem: ProblemDocument | null;

  constructor(message: string, problem: ProblemDocument | null) {
    super(message);
    this.problem = problem;
  }
}

/** What a request may carry. */
export interface RequestOptions {
  readonly body?: unknown;
  /** Undefined values are left out; those of an array are sent one after the other. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request to the control plane; `path` is below `/__admin`. Resolves to the JSON of the response, or to
 * undefined where it has no body.
 *
 * @throws RequestError, or the signal's AbortError
 */
export async function callControl<T = undefined>(
  method: string,
  path: string,
  { body, query, signal }: RequestOptions = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(controlUrl(path, query), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    throw new RequestError('Understudy does not respond. Is it still running?', null);
  }
  const text = await response.text();
  const value = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return value as T;
  const problem = value as ProblemDocument;
  throw new RequestError(problem.detail, problem);
}

/** The URL of a control plane path. */
export function controlUrl(path: string, query: NonNullable<RequestOptions['query']> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => [name, String(one)]),
  );
  return `${BASE}${path}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`;
}

/** The message of anything that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
