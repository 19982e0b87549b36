// What Understudy is measured against: node:http alone, with the same SQL on the same schema, triggers included.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Database, openClone } from '../src/core/database.ts';
import { loadFixtures } from '../src/core/fixtures.ts';
import { PROVIDERS } from '../src/providers/index.ts';

const [, , dir = ''] = process.argv;
const builtIn = fileURLToPath(new URL('../fixtures', import.meta.url));
const { image } = loadFixtures(dir, builtIn, PROVIDERS);
let db: Database = openClone(image);

/** The statements a delete runs in Understudy, and the body it answers with. */
const DELETES: Record<string, { operation: string; provider: string; run(id: string, now: string): object }> = {
  '/proficient/users/': {
    provider: 'proficient',
    operation: 'users_delete',
    run(id) {
      const row = db.get<{ live_mode: number }>('select * from proficient_users where id = ?', id) as Record<
        string,
        unknown
      >;
      db.run('delete from proficient_users where id = ?', id);
      return {
        id: row.id,
        object: 'user',
        created_at: row.created_at,
        external_id: row.external_id,
        first_name: row.first_name,
        last_name: row.last_name,
        live_mode: row.live_mode === 1,
        updated_at: row.updated_at,
      };
    },
  },
  '/pagecall/v1/users/': {
    provider: 'pagecall',
    operation: 'DeleteUser',
    run(id) {
      const row = db.get('select * from pagecall_users where user_id = ?', id) as Record<string, unknown>;
      db.all('select * from pagecall_sessions where user_id = ? and disconnected_at is null', id);
      db.run('delete from pagecall_users where user_id = ?', id);
      return {
        user: {
          user_id: row.user_id,
          default_member_type: row.default_member_type,
          access_token: row.access_token,
          created_at: row.created_at,
          updated_at: row.updated_at,
          id: row.id,
          application_id: '000000000000000000000a01',
          organization_id: '000000000000000000000b01',
          metadata: {},
        },
      };
    },
  },
  '/conductor/v1/end-users/': {
    provider: 'conductor',
    operation: 'endUsers.delete',
    run(id) {
      db.run('delete from conductor_endUsers where id = ?', id);
      return { id, objectType: 'end_user', deleted: true };
    },
  },
};

let counter = 0;
const server = createServer((request, response) => {
  const url = request.url as string;
  if (url === '/reset') {
    db.close();
    db = openClone(image);
    response.end();
    return;
  }
  const at = url.lastIndexOf('/') + 1;
  const { provider, operation, run } = DELETES[url.slice(0, at)] as (typeof DELETES)[string];
  const now = new Date().toISOString();
  db.run('begin immediate');
  const { seq } = db.get<{ seq: number }>(
    'insert into deletions (request_id, at, provider, operation, provider_request_id) values (?, ?, ?, ?, ?) returning seq',
    `bare-${counter++}`,
    now,
    provider,
    operation,
    null,
  ) as { seq: number };
  db.run('update current_request set deletion = ?', seq);
  const body = JSON.stringify(run(url.slice(at), now));
  db.run('update current_request set deletion = null');
  if (seq > 1000) db.run('delete from deletions where seq <= ?', seq - 1000);
  db.run('commit');
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`));
