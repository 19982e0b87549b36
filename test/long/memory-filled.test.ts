// A process with a small heap stays alive while everything it keeps is filled at once, and says which limit was reached.
import t from 'tap';
import { startProcess } from '../process.ts';
import { sendRaw } from '../raw-socket.ts';

const ISO = '2024-01-01T00:00:00.000Z';
const ID = '0'.repeat(24);
const KIB = 1024;

t.test('journals, receipts, webhooks, faults, retry tests, snapshots and event streams fill up at once', async (t) => {
  // Node 24 has a larger young generation, which counts towards the heap: a fixed one gives the same limits everywhere.
  const server = await startProcess(t, [], {}, { node: ['--max-old-space-size=80', '--max-semi-space-size=16'] });
  const { port } = new URL(server.url);
  const call = async (method: string, path: string, json?: unknown, sandbox = 'default') => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer sk_x',
        'x-understudy-sandbox': sandbox,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
  /** Repeats a POST until it is refused; returns the refusal. */
  const fill = async (path: string, json: (n: number) => unknown) => {
    for (let n = 0; n < 400; n++) {
      const { status, body } = await call('POST', path, json(n), `f${n % 10}`);
      if (status !== 201) return body;
    }
    return { detail: `${path} is never refused` };
  };

  /** 70 sandboxes with 80 responses of 15.7 KB: 88 MB. */
  const journals = async () => {
    for (let n = 0; n < 70; n++) {
      const end = { sourceId: 'a', email: 'a@example.com', companyName: 'x'.repeat(15_500) };
      const { id } = (await call('POST', '/conductor/v1/end-users', end, `j${n}`)).body;
      const get = (more: string) =>
        `GET /conductor/v1/end-users/${id} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sk_x\r\nx-understudy-sandbox: j${n}\r\n${more}\r\n`;
      await sendRaw(port, get('').repeat(79) + get('connection: close\r\n'));
    }
  };
  /** 13 deletions of 10,000 rows each. */
  const receipts = async () => {
    await call('POST', '/__admin/sandboxes', {}, 'r');
    const agent = (await call('GET', '/__admin/state?provider=proficient', undefined, 'r')).body.proficient.agents[0];
    for (let n = 0; n < 13; n++) {
      const user = { id: `u_${ID}`, external_id: 'x', live_mode: true, created_at: 0, updated_at: 0 };
      const interactions = Array.from({ length: 10_000 }, (_, at) => ({
        id: `int_${String(at).padStart(36, '0')}`,
        agent_id: agent.id,
        user_id: user.id,
        archived: false,
        initial_turn: 'user',
        name: '',
        created_at: 0,
        updated_at: 0,
      }));
      const rows = { proficient: { users: [user], interactions } };
      t.equal((await call('POST', '/__admin/state', rows, 'r')).status, 201);
      t.equal((await call('DELETE', `/proficient/users/${user.id}`, undefined, 'r')).status, 200);
    }
  };
  /** 200 webhooks of 100 kB each. */
  const webhooks = async () => {
    const webhook = { url: 'http://127.0.0.1:9/', headers: { x: 'x'.repeat(100_000) } };
    const room = { id: ID, type: 'public', name: 'Hall', webhook, created_at: ISO, updated_at: ISO };
    const user = { id: ID, user_id: 'one', default_member_type: 'guest', access_token: 'a'.repeat(32), metadata: {} };
    const users = [{ ...user, created_at: ISO, updated_at: ISO }];
    const sessions = Array.from({ length: 200 }, (_, n) => ({
      id: String(n).padStart(24, '0'),
      room_id: ID,
      user_id: 'one',
      member_id: ID,
      connected_at: ISO,
      disconnected_at: null,
    }));
    const members = [{ id: ID, room_id: ID, user_id: 'one', type: 'guest', is_blocked: false }];
    const rows = {
      rooms: [room],
      users,
      members: members.map((one) => ({ ...one, created_at: ISO, updated_at: ISO })),
    };
    t.equal((await call('PUT', '/__admin/state', { pagecall: { ...rows, sessions } }, 'w')).status, 204);
    t.equal((await call('DELETE', `/pagecall/v1/rooms/${ID}`, undefined, 'w')).status, 200);
    return (await call('GET', '/__admin/webhooks?limit=1', undefined, 'w')).body.webhooks[0];
  };
  /** 60 readers that read nothing. */
  const streams = async () => {
    const opened = Array.from({ length: 60 }, async () => {
      const response = await fetch(`${server.url}/__admin/events`);
      return response.status === 200 ? null : ((await response.json()) as { detail: string }).detail;
    });
    return (await Promise.all(opened)).filter((detail) => detail !== null)[0];
  };

  const [webhook, stream, rule, retryTest, snapshot] = await Promise.all([
    webhooks(),
    streams(),
    fill('/__admin/faults', () => ({
      match: { body: { text: 'x'.repeat(900 * KIB) } },
      effect: { status: 503 },
    })),
    fill('/__admin/retry-tests', () => ({ instructions: { DeleteUser: Array(1000).fill('delay:1@after-commit') } })),
    fill('/__admin/snapshots', (n) => ({ name: `n${n}` })),
    journals(),
    receipts(),
  ]);
  t.match(webhook.attempts, [{ error: /^not sent: Webhooks that wait to be sent take/ }]);
  t.match(stream, /^There are \d+ open event streams, as many as there may be/);
  t.match(rule, { status: 507, detail: /^Fault rules, retry tests and barriers take/ });
  t.match(retryTest, { status: 507, detail: /^Fault rules, retry tests and barriers take/ });
  t.match(snapshot, { status: 507, detail: /^Snapshots in memory take/ });
  const { body: metrics } = await call('GET', '/__admin/metrics');
  const value = (name: string, kind: string) =>
    Number(new RegExp(`^understudy_${name}\\{kind="${kind}"\\} (\\S+)$`, 'm').exec(metrics)?.[1]);
  for (const kind of ['journal', 'webhooks', 'snapshots', 'faults']) {
    const [used, limit] = [value('kept_bytes', kind), value('kept_limit_bytes', kind)];
    t.ok(used > limit * 0.7 && used <= limit, `${kind}: ${used} of ${limit} bytes`);
  }
  const { meta } = (await call('GET', '/__admin/deletions?limit=1', undefined, 'r')).body;
  t.ok(meta.total >= 9 && meta.total < 12, `${meta.total} receipts are kept, of 10,001 rows each`);
  const rss = Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1]) / KIB / KIB;
  t.comment(`resident memory ${Math.round(rss)} MiB`);
  t.ok(rss < 500, `${rss} MiB`);
  t.equal((await server.end('SIGTERM')).code, 0, 'it is still alive, and ends as usual');
});
