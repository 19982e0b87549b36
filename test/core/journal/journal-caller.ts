// A client for journal tests: its key, and the request id of a response.
import type { TestResponse } from '../../harness.ts';

export const key = { authorization: 'Bearer sk_secret_value' };

/** The request id of a response. */
export const idOf = ({ headers }: TestResponse) => headers['x-understudy-request'] as string;
