// Ends a server in the middle of a DELETE of very many rows, and looks at what is left of it.
import { setTimeout } from 'node:timers/promises';
import type { Test } from 'tap';
import { LARGE_CASES, type LargeCase, padding } from './core/deletions/large-cases.ts';
import { testServer } from './harness.ts';
import { startProcess } from './process.ts';

const ROOM = LARGE_CASES.deleteRoom as LargeCase;
const OF_LARGE = { 'x-understudy-sandbox': 'large' };

/** What was left: the exit, the response (null when there was none), and the file after a restart. */
export interface EndedDeletion {
  readonly code: number | null;
  readonly status: number | null;
  readonly found: 'nothing done' | 'all done' | 'a mixture';
}

/** Starts a server on files, sends the DELETE of a room of thousands of rows, and sends it a signal after `ms`. */
export async function endDuringDeletion(
  t: Test,
  { signal, ms, dry }: { readonly signal: NodeJS.Signals; readonly ms: number; readonly dry: boolean },
): Promise<EndedDeletion> {
  const data = t.testdir({});
  const server = await startProcess(t, ['--data', data]);
  const send = (method: string, path: string, headers: Record<string, string>, json?: object) =>
    fetch(server.url + path, {
      method,
      headers: { ...OF_LARGE, ...headers, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
  await (await send('PUT', '/__admin/state', {}, ROOM.state)).arrayBuffer();
  await (await send('POST', '/__admin/state', {}, padding(ROOM.provider, true))).arrayBuffer();
  const deletion = send('DELETE', ROOM.url, { ...ROOM.headers, ...(dry ? { prefer: 'dry-run' } : {}) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => null,
  );
  await setTimeout(ms);
  const { code } = await server.end(signal);
  const status = await deletion;

  const { app, call } = await testServer(t, { data });
  const get = async (path: string) => (await call('GET', `/__admin/${path}`, { headers: OF_LARGE })).body;
  const { pagecall } = await get('state?provider=pagecall');
  const { deletions } = await get('deletions');
  await app.close();
  const seen = JSON.stringify([
    ['rooms', 'members', 'sessions', 'pages'].map((name) => pagecall[name].length),
    deletions.map(({ counts, dryRun }: { counts: object; dryRun: boolean }) => [counts, dryRun]),
  ]);
  const counts = { rooms: 1, members: 1200, sessions: 1200, pages: 3000 };
  const before = [2, 1200, 1200, 3000];
  if (seen === JSON.stringify([before, []])) return { code, status, found: 'nothing done' };
  const done = JSON.stringify([dry ? before : [1, 0, 0, 0], [[counts, dry]]]);
  return { code, status, found: seen === done ? 'all done' : 'a mixture' };
}
