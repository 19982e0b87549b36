// Sends a few requests to two providers, for tests of the journal.
import type { TestServer } from '../harness.ts';

export const key = { authorization: 'Bearer sk_test' };

/** Sends a few requests; returns their ids, oldest first. */
export async function sendRequests({ call }: TestServer): Promise<string[]> {
  const answers = [
    await call('GET', '/pagecall/v1/users', { headers: key }),
    await call('POST', '/pagecall/v1/users', {
      headers: key,
      json: { user_id: 'ann@example.com', name: 'Ann', metadata: { tags: ['a', 'b'], size: 1 } },
    }),
    await call('DELETE', '/pagecall/v1/users/ann%40example.com', { headers: { ...key, 'X-Trace': 'one' } }),
    await call('DELETE', '/pagecall/v1/users/ann%40example.com', { headers: { ...key, 'X-Trace': 'two' } }),
    await call('DELETE', '/conductor/v1/end-users/end_usr_1234567abcdefg', { headers: key }),
    await call('GET', '/conductor/v1/nowhere', { headers: key }),
  ];
  return answers.map(({ headers }) => headers['x-understudy-request'] as string);
}
