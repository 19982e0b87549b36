// Measures a DELETE by database size: from a thousand to a million end-users.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { loadFixtures } from '../src/core/sandbox/fixtures.ts';
import { PROVIDERS } from '../src/providers/index.ts';
import { userId } from '../test/large-fixtures.ts';
import { BUILT_IN } from './fixtures.ts';
import { load, type Measured, request } from './load.ts';
import { median } from './numbers.ts';
import { EXAMPLE, KEY, ROOT, UNDERSTUDY } from './peers.ts';
import { freePort, launch, type Running } from './processes.ts';
import type { Extent, Found, Say } from './results.ts';

const SMALL = 1000;

/** Measures sequential DELETEs in databases of a thousand, a hundred thousand and a million end-users. */
export async function measureRows({ most, rounds, samples }: Extent, scratch: string, say: Say): Promise<Found> {
  const sizes = [...new Set([SMALL, most / 10, most])];
  const servers = new Map<number, Running>();
  const measured = new Map<number, Measured[]>(sizes.map((size) => [size, []]));
  for (const size of sizes) {
    say(`rows: a database of ${size.toLocaleString('en-US')} end-users`);
    servers.set(size, await start(join(scratch, `rows-${size}`), size));
  }
  // At most half of the smallest database is deleted, so that its size stays similar.
  const turn = Math.min(samples, Math.floor(SMALL / 2 / (rounds + 1)));
  for (let round = 0; round <= rounds; round++) {
    for (const [size, { port }] of servers) {
      const one = (n: number) => {
        if (n >= turn) return null;
        // Spread over the whole database, without repetition.
        const user = ((round * turn + n) * PRIME) % size;
        return request('DELETE', `/conductor/v1/end-users/${userId.conductor(user)}`, KEY);
      };
      const found = await load({ port, request: one, status: 200, warm: 0, seconds: 300, connections: 1 });
      if (round > 0) measured.get(size)?.push(found);
    }
  }
  for (const server of servers.values()) await server.end();
  const middle = (size: number) => median((measured.get(size) ?? []).map(({ p50 }) => p50));
  const table = {
    part: 'rows',
    title: 'DELETE in a database of so many end-users',
    columns: ['p50, ms', 'p99, ms', `times that of ${SMALL.toLocaleString('en-US')}`],
    rows: sizes.map((size) => ({
      name: size.toLocaleString('en-US'),
      values: [middle(size), median((measured.get(size) ?? []).map(({ p99 }) => p99)), middle(size) / middle(SMALL)],
    })),
    notes: [
      `Each end-user has a connection and an auth session, which go along. ${turn} DELETEs a round all over the database, one after the other; files of \`--data\`.`,
    ],
  };
  const what = `time of a DELETE at ${most.toLocaleString('en-US')} users, against ${SMALL.toLocaleString('en-US')}`;
  const goal = { part: 'rows', what, value: middle(most) / middle(SMALL), unit: 'times', most: 1.5 };
  return { tables: [table], goals: [goal] };
}

/** Coprime to the sizes. */
const PRIME = 7919;

/** Starts a server with a database of that size in its `--data` folder. */
async function start(dir: string, size: number): Promise<Running> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'default.sqlite');
  writeFileSync(file, loadFixtures(BUILT_IN, BUILT_IN, PROVIDERS).image);
  fill(file, size);
  const port = await freePort();
  const command = [process.execPath, join(ROOT, 'dist/main.js'), '--port', `${port}`, '--data', dir];
  return launch(command, port, { path: `${UNDERSTUDY.base}/end-users/${EXAMPLE}`, headers: KEY });
}

/** Adds end-users with a connection and an auth session each, directly with SQL. */
function fill(file: string, size: number): void {
  const db = new Sqlite(file);
  db.pragma('page_size = 4096');
  db.exec('vacuum');
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  const padded = "printf('%014d', value)";
  const all = `with recursive counted (value) as (select 0 union all select value + 1 from counted where value < ${size - 1})`;
  db.exec(`begin;
${all} insert into conductor_endUsers (id, createdAt, companyName, sourceId, email)
  select 'end_usr_' || ${padded}, '2024-01-01T00:00:00.000Z', 'Crowd', 'crowd-' || value, value || '@example.com' from counted;
${all} insert into conductor_integrationConnections (id, endUserId, createdAt, integrationSlug)
  select 'int_conn_' || ${padded}, 'end_usr_' || ${padded}, '2024-01-01T00:00:00.000Z', 'quickbooks_desktop' from counted;
${all} insert into conductor_authSessions (id, endUserId, createdAt, clientSecret, publishableKey, expiresAt)
  select 'auth_sess_' || ${padded}, 'end_usr_' || ${padded}, '2024-01-01T00:00:00.000Z',
    'auth_sess_client_secret_' || ${padded}, 'pk_conductor_test', '2024-01-01T00:00:00.000Z' from counted;
commit;`);
  db.close();
}
