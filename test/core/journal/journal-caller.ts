// A caller whose requests the journal keeps: its key, and the id it knows an answer by.
import type { TestResponse } from '../../harness.ts';

export const key = { authorization: 'Bearer sk_secret_value' };

/** The id an answer is known by. */
export const idOf = ({ headers }: TestResponse) => headers['x-understudy-request'] as string;
