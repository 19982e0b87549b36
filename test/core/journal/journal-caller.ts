// A caller whose requests the journal keeps: its key, and the id it knows an answer by.
import type { Answer } from '../../harness.ts';

export const key = { authorization: 'Bearer sk_secret_value' };

/** The id an answer is known by. */
export const idOf = ({ headers }: Answer) => headers['x-understudy-request'] as string;
