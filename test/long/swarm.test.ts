// Isolation of two hundred concurrent sandboxes, used by sixty-four clients over sockets and selected by key suffix.
import t, { type Test } from 'tap';
import { Sandboxes } from '../../src/core/sandbox/sandboxes.ts';
import { listening } from '../harness.ts';

const SANDBOXES = 200;
const CLIENTS = 64;

/** Isolation errors of many sandboxes: rows, faults, clock, journal, ids. */
async function isolationBreaches(t: Test, sandboxes: number): Promise<string[]> {
  const { url } = await listening(t);
  const found: string[] = [];
  const ids = new Map<string, string>();
  const names = Array.from({ length: sandboxes }, (_, n) => `swarm-${n}`);
  const one = async (name: string, n: number) => {
    const ask = async (method: string, path: string, json?: object, more: Record<string, string> = {}) => {
      const answer = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer k_sbx_${name}`,
          ...(json ? { 'content-type': 'application/json' } : {}),
          ...more,
        },
        ...(json ? { body: JSON.stringify(json) } : {}),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers: answer.headers };
    };
    const admin = (method: string, path: string, json?: object) =>
      ask(method, `/__admin/${path}${path.includes('?') ? '&' : '?'}sandbox=${name}`, json);
    const expect = (what: string, fact: boolean) => fact || found.push(`${name}: ${what}`);
    const year = 2100 + n;
    await admin('PUT', 'clock', { action: 'freeze', instant: `${year}-01-01T00:00:00Z` });
    await admin('POST', 'faults', {
      match: { operation: 'GetUser', id: `only-${name}` },
      mode: { times: 1 },
      effect: { status: 503 },
    });
    const made = await ask('POST', '/pagecall/v1/users', { user_id: `only-${name}` });
    expect('its own clock', made.body.user?.created_at === `${year}-01-01T00:00:00.000Z`);
    expect('an id of its own', !ids.has(made.body.user?.id));
    ids.set(made.body.user?.id, name);
    expect('its own fault', (await ask('GET', `/pagecall/v1/users/only-${name}`)).status === 503);
    expect('its fault only once', (await ask('GET', `/pagecall/v1/users/only-${name}`)).status === 200);
    expect('its delete', (await ask('DELETE', '/pagecall/v1/users/user-42')).status === 200);
    const { users } = (await ask('GET', '/pagecall/v1/users')).body;
    expect('no rows of others', users.filter(({ user_id }: any) => user_id.startsWith('only-')).length === 1);
    expect('its journal', (await admin('GET', 'requests')).body.meta.total === 5);
    expect('its receipts', (await admin('GET', 'deletions')).body.meta.total === 1);
    expect('its faults', (await admin('GET', 'faults')).body.meta.total === 1);
    expect('its reset', (await admin('POST', 'reset')).status === 204);
    expect('everything back', (await ask('GET', '/pagecall/v1/users/user-42')).status === 200);
    expect('nothing left', (await ask('GET', `/pagecall/v1/users/only-${name}`)).status === 400);
  };
  let next = 0;
  const client = async () => {
    while (next < names.length) {
      const n = next++;
      await one(names[n] as string, n).catch((error) => found.push(`${names[n]}: ${error}`));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return found;
}

t.test(`${SANDBOXES} sandboxes and ${CLIENTS} concurrent clients are isolated`, async (t) => {
  t.same(await isolationBreaches(t, SANDBOXES), []);
});

t.test('with one shared sandbox, the same scenario finds isolation errors', async (t) => {
  const find = Sandboxes.prototype.find;
  Sandboxes.prototype.find = function (this: Sandboxes) {
    return find.call(this, 'default');
  };
  t.teardown(() => {
    Sandboxes.prototype.find = find;
  });
  t.ok((await isolationBreaches(t, CLIENTS)).length > CLIENTS);
});
