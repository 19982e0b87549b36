// A server for tests of barriers: requests over sockets, and what waits.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { listening } from '../../harness.ts';

export const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';
export const USERS = '/pagecall/v1/users';
export const GONE = { id: 'end_usr_alice000000042', objectType: 'end_user', deleted: true };
export const remove = { operation: 'endUsers.delete' };
export const read = { operation: 'endUsers.retrieve' };

export async function server(t: Test, options = {}) {
  const running = await listening(t, options);
  const { call, url } = running;
  /** Sends a request over a socket. */
  const ask = async (method: string, path: string, headers: Record<string, string> = {}, json?: object) => {
    const key = path.startsWith('/pagecall') ? 'pk_x' : 'sk_x';
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const id = String(response.headers.get('x-understudy-request'));
    return {
      id,
      status: response.status,
      barrier: response.headers.get('x-understudy-barrier'),
      body: await response.text(),
    };
  };
  const get = async (path: string) => (await call('GET', path)).body;
  const entries = async () => (await get('/__admin/requests')).requests.reverse();
  return {
    ...running,
    ask,
    get,
    entries,
    plan: async (barrier: object, sandbox = 'default'): Promise<string> =>
      (await call('POST', `/__admin/barriers?sandbox=${sandbox}`, { json: barrier })).body.id,
    barrier: (id: string) => get(`/__admin/barriers/${id}`),
    /** Resolves when so many requests wait. */
    waiting: async (count: number) => {
      for (let tries = 0; tries < 3000; tries++) {
        const pending = (await entries()).filter((one: { pending?: true }) => one.pending === true);
        if (pending.length === count) return pending;
        await sleep(10);
      }
      throw new Error(`there are not ${count} requests that wait`);
    },
  };
}

/** What a promise has come to after a moment. */
export const after = async (ms: number, pending: Promise<unknown>) => {
  let done = false;
  void pending.then(() => (done = true));
  await sleep(ms);
  return done;
};

/** A barrier of two deletes that nobody has come to, as a response shows it. */
export const unmet = (id: string) => ({
  mode: 'meet',
  first: remove,
  timeoutMs: 5000,
  times: 1,
  second: remove,
  id,
  state: 'waiting',
  pairs: [],
});
