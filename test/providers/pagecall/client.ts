// A client of Pagecall in a fresh sandbox, at a fixed real time, for tests of its operations.
import type { Test } from 'tap';
import { testServer } from '../../harness.ts';

/** Calls of Pagecall's API, calls of its helpers in the control plane, and its rows. */
export async function pagecall(t: Test, now: string) {
  t.capture(Date, 'now', () => Date.parse(now));
  const { call } = await testServer(t);
  return {
    ask: (method: string, path: string, json?: unknown) =>
      call(method, `/pagecall/v1${path}`, { headers: { authorization: 'Bearer anything' }, json }),
    act: (path: string, json?: unknown) => call('POST', `/__admin/pagecall${path}`, { json }),
    rows: async () => (await call('GET', '/__admin/state?provider=pagecall')).body.pagecall,
  };
}
