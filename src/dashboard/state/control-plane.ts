// Asks the control plane; what it refuses is thrown as one sentence with the fields it is about.
import type { Problem } from '../model/answers.ts';

/** Where the control plane is. */
export const ADMIN = '/__admin';

/** A refusal, or no answer at all. */
export class RequestError extends Error {
  /** 0 where nothing answered. */
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? `The control plane answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

/** What a call may carry. */
export interface RequestOptions {
  readonly body?: unknown;
  /** Values that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Calls the control plane, `path` below `/__admin`, and gives the answer's JSON; undefined where there is none.
 *
 * @throws RequestError, or the signal's AbortError
 */
export async function callControl<T = undefined>(
  method: string,
  path: string,
  { body, query = {}, signal }: RequestOptions = {},
): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`${ADMIN}${path}${queryOf(query)}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof TypeError
      ? new RequestError(0, { detail: 'Understudy does not answer. Is it still running?' })
      : error;
  }
  const text = await answer.text();
  const value = text === '' ? undefined : JSON.parse(text);
  if (!answer.ok) throw new RequestError(answer.status, value as Problem);
  return value as T;
}

/** The address of something a link leads to. */
export function controlUrl(path: string, query: RequestOptions['query'] = {}): string {
  return `${ADMIN}${path}${queryOf(query)}`;
}

/** What to tell a person of something that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function queryOf(query: NonNullable<RequestOptions['query']>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
