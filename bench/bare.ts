// The upper limit: a bare node:http server that runs Understudy's SQL statements on the same schema and triggers.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { BASE36, draw, pooledBytes } from '../src/core/random-ids.ts';
import { loadFixtures } from '../src/core/sandbox/fixtures.ts';
import { type Database, openClone } from '../src/core/storage/database.ts';
import { PROVIDERS } from '../src/providers/index.ts';

const [, , port = '', mode = '', dir = ''] = process.argv;
const builtIn = fileURLToPath(new URL('../fixtures', import.meta.url));
const { image } = loadFixtures(dir, builtIn, PROVIDERS);
const triggers = mode === 'triggers';
let db = open();

type Row = Record<string, string | number | null>;

function open(): Database {
  const opened = openClone(image);
  if (!triggers) {
    for (const { name } of opened.all<{ name: string }>("select name from sqlite_master where type = 'trigger'"))
      opened.execute(`drop trigger "${name}"`);
  }
  return opened;
}

/** The statements of a delete in Understudy, and the response body. */
const DELETES: Record<string, { operation: string; provider: string; run(id: string): object }> = {
  '/proficient/users/': {
    provider: 'proficient',
    operation: 'users_delete',
    run(id) {
      const row = db.get<Row>('select * from proficient_users where id = ?', id) as Row;
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
      const row = db.get<Row>('select * from pagecall_users where user_id = ?', id) as Row;
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
      db.get('select * from conductor_endUsers where id = ?', id);
      db.run('delete from conductor_endUsers where id = ?', id);
      return { id, objectType: 'end_user', deleted: true };
    },
  },
};

let counter = 0;

function remove(path: string): object {
  const at = path.lastIndexOf('/') + 1;
  const { provider, operation, run } = DELETES[path.slice(0, at)] as (typeof DELETES)[string];
  const id = path.slice(at);
  return db.transaction(() => {
    if (!triggers) return run(id);
    const before = db.get<{ last: number | null }>('select max(seq) as last from ledger')?.last ?? 0;
    const seq = db.insert(
      'insert into deletions (request_id, at, provider, operation, provider_request_id, ledger_after) values (?, ?, ?, ?, ?, ?)',
      `bare-${counter++}`,
      new Date().toISOString(),
      provider,
      operation,
      null,
      before,
    );
    db.run('update current_request set deletion = ?', seq);
    const body = run(id);
    db.run('update current_request set deletion = null');
    db.get('select max(seq) as last from ledger');
    if (seq > 1000 && seq % 50 === 0) {
      db.run('delete from ledger where seq <= (select ledger_after from deletions where seq = ?)', seq - 999);
      db.run('delete from deletions where seq <= ?', seq - 1000);
    }
    return body;
  });
}

function show(row: Row, connections: readonly Row[]): object {
  const integrationConnections = connections.map(({ seq: _, endUserId: __, ...connection }) => ({
    ...connection,
    objectType: 'integration_connection',
  }));
  const { seq: _, ...user } = row;
  return { ...user, objectType: 'end_user', integrationConnections };
}

function retrieve(id: string): object {
  const row = db.get('select * from conductor_endUsers where id = ?', id) as Row;
  return show(
    row,
    db.all('select * from conductor_integrationConnections where endUserId = ? order by createdAt, seq', id),
  );
}

function list(): object {
  const connections = new Map<unknown, Row[]>();
  for (const row of db.all('select * from conductor_integrationConnections order by createdAt, seq')) {
    const own = connections.get(row.endUserId);
    if (own === undefined) connections.set(row.endUserId, [row]);
    else own.push(row);
  }
  const rows = db.all('select * from conductor_endUsers order by createdAt desc, seq desc');
  return {
    objectType: 'list',
    url: '/v1/end-users',
    data: rows.map((row) => show(row, connections.get(row.id) ?? [])),
  };
}

function create(text: string): object {
  const { companyName, sourceId, email } = JSON.parse(text);
  return db.transaction(() => {
    db.get('select * from conductor_endUsers where sourceId = ?', sourceId);
    const id = `end_usr_${draw(14, BASE36, pooledBytes)}`;
    const row = { id, createdAt: new Date().toISOString(), companyName, sourceId, email };
    db.run(
      'insert into conductor_endUsers (id, createdAt, companyName, sourceId, email) values (?, ?, ?, ?, ?)',
      ...Object.values(row),
    );
    return show(row, []);
  });
}

function answer(method: string, path: string, body: string): object {
  if (method === 'DELETE') return remove(path);
  if (method === 'POST') return create(body);
  return path.endsWith('/end-users') ? list() : retrieve(path.slice(path.lastIndexOf('/') + 1));
}

createServer((request, response) => {
  const path = request.url as string;
  if (path === '/reset') {
    db.close();
    db = open();
    response.end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const text = JSON.stringify(answer(request.method as string, path, Buffer.concat(chunks).toString()));
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
}).listen(Number(port), '127.0.0.1');
