// Residues of a person: run an erasure check, send the call that removes a residue, write residues into a database
// file.
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Test } from 'tap';
import { type TestServer, testServer } from '../../harness.ts';

export const KEYS: Record<string, Record<string, string>> = {
  proficient: { authorization: 'Bearer sk_test_understudy' },
  pagecall: { authorization: 'Bearer pagecall_test_key' },
  conductor: { authorization: 'Bearer sk_conductor_test' },
};
export const ALICE = ['alice@example.com', 'user-42'];

export interface Found {
  provider: string;
  resource: string;
  id: string;
  field: string;
  match: string;
  encodings?: string[];
  erasableBy: string | null;
}

/** The response of a check. */
export interface Checked {
  clean: boolean;
  residues: Found[];
  searched: object;
  at: string;
  linked: { value: string; linkedBy: { provider: string; resource: string; id: string; field: string; at: string } }[];
  plan: string[];
  unerasable: { provider: string; resource: string; id: string; fields: string[]; instead: string }[];
  truncated?: boolean;
  linksForgotten?: number;
  linkedTruncated?: boolean;
}

export async function check(call: TestServer['call'], subjects: string[], more: object = {}, sandbox = 'default') {
  const { status, body } = await call('POST', `/__admin/erasure-checks?sandbox=${sandbox}`, {
    json: { subjects, ...more },
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as Checked;
}

/** Sends the request that a residue's `erasableBy` names. */
export async function erase(call: TestServer['call'], { erasableBy }: Found, sandbox = 'default') {
  return await carryOut(call, erasableBy as string, sandbox);
}

/** Sends a request of a plan, with the credentials it needs. */
export async function carryOut(call: TestServer['call'], planned: string, sandbox = 'default') {
  const [method, url] = planned.split(' ') as [string, string];
  const provider = url.split('/')[1] as string;
  const headers = { ...KEYS[provider], 'x-understudy-sandbox': sandbox };
  const [, interaction] = /^\/proficient\/interactions\/(.*)$/.exec(url) ?? [];
  if (interaction === undefined) return await call(method, url, { headers });
  // An interaction can be deleted by its own user only.
  const { interactions, users } = (await call('GET', `/__admin/state?sandbox=${sandbox}`)).body.proficient;
  const { user_id } = interactions.find(({ id }: { id: string }) => id === interaction);
  const { external_id } = users.find(({ id }: { id: string }) => id === user_id);
  return await call(method, url, {
    headers: {
      'x-understudy-sandbox': sandbox,
      'x-proficient-api-key': 'pk_test_understudy',
      'x-proficient-user-external-id': external_id,
    },
  });
}

/** Starts on a folder, stops, runs `change` on the files of these sandboxes, and starts again. */
export async function changed(t: Test, sandboxes: string[], change: (db: Sqlite.Database, sandbox: string) => void) {
  const data = t.testdir();
  const first = await testServer(t, { data });
  for (const name of sandboxes)
    if (name !== 'default') await first.call('POST', '/__admin/sandboxes', { json: { name } });
  await first.app.close();
  for (const sandbox of sandboxes) {
    const db = new Sqlite(join(data, `${sandbox}.sqlite`));
    db.pragma('foreign_keys = off');
    change(db, sandbox);
    db.close();
  }
  return await testServer(t, { data });
}
