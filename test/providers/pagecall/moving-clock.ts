// A server with a frozen clock that the test moves, and shortcuts for meeting requests.
import type { Test } from 'tap';
import { testServer } from '../../harness.ts';

export const START = Date.parse('2025-06-01T10:00:00.000Z');
export const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();

/** A server whose clock the test moves, and its request functions. */
export async function pagecall(t: Test, fixtures?: string) {
  const clock = { seconds: 0 };
  t.capture(Date, 'now', () => START + clock.seconds * 1000);
  const { call } = await testServer(t, fixtures === undefined ? {} : { fixtures });
  const ask = (method: string, path: string, json?: unknown) =>
    call(method, `/pagecall/v1${path}`, { headers: { authorization: 'Bearer anything' }, json });
  const act = (path: string, json: unknown) => call('POST', `/__admin/pagecall${path}`, { json });
  return {
    clock,
    ask,
    make: async (room: object): Promise<string> =>
      (await ask('POST', '/rooms', { name: 'x', type: 'open', ...room })).body.room.id,
    room: async (id: string) => (await ask('GET', `/rooms/${id}`)).body.room,
    join: async (id: string, user_id?: string) =>
      (await act(`/rooms/${id}/join`, user_id === undefined ? {} : { user_id })).body.session,
    leave: async (id: string, session: { id: string }) =>
      (await act(`/rooms/${id}/leave`, { session_id: session.id })).body.session,
    act,
  };
}
