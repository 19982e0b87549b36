// Kills a server in the middle of deletes and checks the consistency of its files afterwards.
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Test } from 'tap';
import { OWNED, userId, writeLargeFixtures } from './large-fixtures.ts';
import { startProcess } from './process.ts';

/** The result of one kill. */
export interface CrashReport {
  /** Deletes with a response before the kill. */
  answered: number;
  /** Deletes sent without a response. */
  unanswered: number;
  /** Deleted users. */
  gone: number;
  /** Inconsistencies: partly deleted users, acknowledged deletes that were lost, receipts that contradict the rows. */
  contradictions: string[];
}

const AUTH = { proficient: 'Bearer sk_test', pagecall: 'Bearer k', conductor: 'Bearer sk_test' };
const PATH = {
  proficient: '/proficient/users/',
  pagecall: '/pagecall/v1/users/',
  conductor: '/conductor/v1/end-users/',
};
const SIZE = 60;

type Name = keyof typeof OWNED;

/**
 * Starts a server on files, deletes many users at all three providers concurrently, and kills it after a number of
 * responses.
 */
export async function crash(t: Test, answers: number, restart = true): Promise<CrashReport> {
  const dir = t.testdir({});
  writeLargeFixtures(join(dir, 'fixtures'), SIZE);
  const args = ['--fixtures', join(dir, 'fixtures'), '--data', join(dir, 'data')];
  const server = await startProcess(t, args);
  const answered: [Name, number][] = [];
  let sent = 0;
  let kill = () => {};
  const enough = new Promise<void>((resolve) => {
    kill = resolve;
  });
  const remove = async (name: Name) => {
    for (let n = 0; n < SIZE; n++) {
      sent++;
      const answer = await fetch(server.url + PATH[name] + userId[name](n), {
        method: 'DELETE',
        headers: { authorization: AUTH[name] },
      });
      await answer.arrayBuffer();
      answered.push([name, n]);
      if (answered.length === answers) kill();
    }
  };
  const running = Promise.allSettled([remove('proficient'), remove('pagecall'), remove('conductor')]);
  await enough;
  await server.end('SIGKILL');
  await running;
  // The log of a killed process is replayed when the file is next opened, by a server or by SQLite itself.
  if (restart) {
    const again = await startProcess(t, args);
    await again.end('SIGTERM');
  }
  const db = new Sqlite(join(dir, 'data', 'default.sqlite'));
  const contradictions = inspect(db, answered);
  const gone = (['proficient', 'pagecall', 'conductor'] as const).reduce(
    (sum, name) => sum + SIZE - presentUsers(db, name).size,
    0,
  );
  db.close();
  return { answered: answered.length, unanswered: sent - answered.length, gone, contradictions };
}

const USERS: Record<Name, [string, string]> = {
  proficient: ['proficient_users', 'id'],
  pagecall: ['pagecall_users', 'user_id'],
  conductor: ['conductor_endUsers', 'id'],
};

/** SQL that finds the user of each row, by resource. */
const OWNER: Record<string, string> = {
  interactions: 'select user_id as owner from proficient_interactions',
  messages:
    'select i.user_id as owner from proficient_messages m join proficient_interactions i on i.id = m.interaction_id',
  members: 'select user_id as owner from pagecall_members',
  sessions: 'select user_id as owner from pagecall_sessions where user_id is not null',
  integrationConnections: 'select endUserId as owner from conductor_integrationConnections',
  authSessions: 'select endUserId as owner from conductor_authSessions',
};

function presentUsers(db: Sqlite.Database, name: Name): Set<string> {
  const [table, key] = USERS[name];
  return new Set(
    db
      .prepare(`select "${key}" as id from "${table}"`)
      .all()
      .map((row) => (row as { id: string }).id),
  );
}

function inspect(db: Sqlite.Database, answered: readonly [Name, number][]): string[] {
  const found: string[] = [];
  for (const name of Object.keys(OWNED) as Name[]) {
    const present = presentUsers(db, name);
    for (const [resource, expected] of Object.entries(OWNED[name])) {
      const counts = new Map<string, number>();
      for (const { owner } of db.prepare(OWNER[resource] as string).all() as { owner: string }[])
        counts.set(owner, (counts.get(owner) ?? 0) + 1);
      for (let n = 0; n < SIZE; n++) {
        const id = userId[name](n);
        const count = counts.get(id) ?? 0;
        if (count !== (present.has(id) ? expected : 0))
          found.push(`${name} ${id} is ${present.has(id) ? 'there' : 'gone'} and owns ${count} ${resource}`);
      }
    }
    const receipts = db
      .prepare(
        `select l.id from ledger l join deletions d on d.seq = l.deletion where l.provider = ? and l.via is null and l.detached is null`,
      )
      .all(name)
      .map((row) => (row as { id: string }).id);
    if (new Set(receipts).size !== receipts.length) found.push(`${name}: a user has two receipts`);
    for (let n = 0; n < SIZE; n++) {
      const id = userId[name](n);
      if (receipts.includes(id) === present.has(id)) found.push(`${name} ${id}: the ledger and the rows disagree`);
    }
    for (const [, n] of answered.filter(([one]) => one === name)) {
      if (present.has(userId[name](n))) found.push(`${name}: the delete of ${n} was acknowledged and lost`);
    }
  }
  const broken = db.pragma('foreign_key_check') as unknown[];
  if (broken.length > 0) found.push('a row has a dangling reference');
  return found;
}
