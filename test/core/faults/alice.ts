// A server and the DELETE of Alice at one provider, for tests of faults on deletions.
import type { Test } from 'tap';
import { type RequestOptions, type TestResponse, type TestServer, testServer } from '../../harness.ts';

export const key = { authorization: 'Bearer sk_test' };
export const USERS = {
  proficient: { path: '/proficient/users/', id: 'u_Alice0000000000000000042', operation: 'users_delete' },
  pagecall: { path: '/pagecall/v1/users/', id: 'user-42', operation: 'DeleteUser' },
  conductor: { path: '/conductor/v1/end-users/', id: 'end_usr_alice000000042', operation: 'endUsers.delete' },
} as const;

type Name = keyof typeof USERS;
export const NAMES = Object.keys(USERS) as Name[];

/** A server, a DELETE of Alice with given headers, and whether she still exists. */
export async function alice(t: Test, name: Name) {
  const server = await testServer(t);
  const { path, id } = USERS[name];
  const remove = (headers: Record<string, string> = {}, which: string = id) =>
    server.call('DELETE', path + which, { headers: { ...key, ...headers } });
  const there = async () => (await server.call('GET', path + id, { headers: key })).status === 200;
  return { ...server, remove, there };
}

export const plan = ({ call }: TestServer, rule: object): Promise<TestResponse> =>
  call('POST', '/__admin/faults', { json: rule } as RequestOptions);
