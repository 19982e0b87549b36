// The machine's clock is set forwards and back while a server runs.
import t from 'tap';
import { startProcess } from '../process.ts';

const DAY = 24 * 3600 * 1000;
const JUMPS = [2 * DAY, -12 * DAY, 0, 400 * DAY];

/** Each SIGUSR2 sets the clock of the process to another distance from the true one. */
const SETTABLE = `
  const { now } = Date;
  const jumps = ${JSON.stringify(JUMPS)};
  let offset = 0;
  process.on('SIGUSR2', () => { offset = jumps.shift(); });
  globalThis.Date = class extends Date {
    constructor(...values) { if (values.length === 0) super(now() + offset); else super(...values); }
    static now() { return now() + offset; }
  };
`;
const node = ['--import', `data:text/javascript,${encodeURIComponent(SETTABLE)}`];

for (const where of ['memory', 'files']) {
  t.test(`sandboxes in ${where} keep their lifetimes, ids and order`, async (t) => {
    const args = where === 'files' ? ['--data', t.testdir({})] : [];
    const { url, process: server } = await startProcess(t, args, {}, { node });
    const ask = async (method: string, path: string, json?: object, headers: Record<string, string> = {}) => {
      const answer = await fetch(url + path, {
        method,
        headers: { authorization: 'Bearer k', ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(json ? { body: JSON.stringify(json) } : {}),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
    };
    const now = async () => Date.parse((await ask('GET', '/__admin/health')).body.timestamp);
    await ask('POST', '/__admin/sandboxes', { name: 'asked', ttlSeconds: 3600 });
    await ask('POST', '/__admin/sandboxes', { name: 'standing' });
    await ask('PUT', '/__admin/clock?sandbox=standing', { action: 'freeze', instant: '2030-01-01T00:00:00Z' });
    const names = ['default', 'asked', 'passing', 'standing'];
    const made = new Map<string, string[]>(names.map((name) => [name, []]));
    const ids = new Set<string>();
    let users = 0;
    const use = async () => {
      for (const name of names) {
        const user_id = `made-${users++}`;
        const answer = await ask('POST', '/pagecall/v1/users', { user_id }, { 'x-understudy-sandbox': name });
        t.equal(answer.status, 200, `${name} takes ${user_id}`);
        t.equal(answer.headers.get('x-understudy-sandbox-restarted'), null);
        ids.add(answer.body.user.id);
        const { status } = await ask('DELETE', `/pagecall/v1/users/${user_id}`, undefined, {
          'x-understudy-sandbox': name,
          prefer: 'delay=5',
        });
        t.equal(status, 200);
        made.get(name)?.push(user_id);
      }
    };
    await use();
    for (const jump of JUMPS) {
      server.kill('SIGUSR2');
      while (Math.abs((await now()) - Date.now() - jump) > DAY / 2) await new Promise(setImmediate);
      const { sandboxes } = (await ask('GET', '/__admin/sandboxes')).body;
      t.same(
        sandboxes.map(({ name }: { name: string }) => name).sort(),
        [...names].sort(),
        `all are there after ${jump}`,
      );
      await use();
    }
    t.equal(ids.size, users, 'no id twice');
    for (const name of names) {
      const expected = [...(made.get(name) as string[])].reverse();
      const { requests } = (await ask('GET', `/__admin/requests?sandbox=${name}&limit=1000`)).body;
      const order = expected.flatMap((id) => [`DELETE /pagecall/v1/users/${id}`, 'POST /pagecall/v1/users']);
      t.same(
        requests.map(({ request }: any) => `${request.method} ${request.url}`),
        order,
        `${name}: the journal is in the order of what happened`,
      );
      t.ok(requests.every(({ durationMs }: any) => durationMs >= 0));
      const third = requests[2].id;
      const since = (await ask('GET', `/__admin/requests?sandbox=${name}&since=${third}`)).body.requests;
      t.same(
        since.map(({ id }: any) => id),
        requests.slice(0, 2).map(({ id }: any) => id),
      );
      const { deletions } = (await ask('GET', `/__admin/deletions?sandbox=${name}`)).body;
      t.same(
        deletions.map(({ root }: any) => root.id),
        expected,
        `${name}: so are the receipts`,
      );
    }
    const frozen = (await ask('GET', '/__admin/clock?sandbox=standing')).body;
    t.match(frozen, { now: '2030-01-01T00:00:00.000Z', frozen: true }, 'a clock that stands still stands still');
    await ask('POST', '/__admin/sandboxes', { name: 'short', ttlSeconds: 0.2 });
    server.kill('SIGUSR2');
    while ((await ask('GET', '/__admin/sandboxes/short')).status === 200) await new Promise(setImmediate);
    t.equal((await ask('GET', '/__admin/sandboxes/asked')).status, 200);
  });
}
