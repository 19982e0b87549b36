// Memory over a day of a team's use in a bounded run: the resident size stays below a stated limit.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { startProcess } from '../process.ts';
import { Team } from '../soak-team.ts';

const SECONDS = Number(process.env.DAY_SECONDS ?? 90);
const CLIENTS = 4;
/** The heap limit in MiB: the limits of journals, snapshots, webhooks and faults are shares of it. */
const HEAP = 1024;
/** Users of one state import, and the size of a large field in characters. */
const IMPORTED = 5000;
const LARGE_TEXT = 200_000;
/** Sandboxes that nobody deletes. */
const FORGOTTEN = 700;
/**
 * The most resident memory, in MiB: the sandboxes with their snapshots, the rows of the large bodies, and the copies of
 * what is written.
 */
const MOST_RESIDENT = 1100;

const AUTH = { authorization: 'Bearer sk_test' };

t.test(`a day of a team's use stays below ${MOST_RESIDENT} MiB`, { timeout: SECONDS * 1000 + 120_000 }, async (t) => {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  t.teardown(() => receiver.close());
  await new Promise((resolve) => receiver.once('listening', resolve));
  const hook = `http://127.0.0.1:${(receiver.address() as { port: number }).port}/`;
  const { url, process: server } = await startProcess(t, [], {}, { node: [`--max-old-space-size=${HEAP}`] });
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;
  const until = performance.now() + SECONDS * 1000;
  const over = () => performance.now() > until;
  const done: Record<string, number> = {};
  const failed: string[] = [];
  const ask = async (kind: string, method: string, path: string, sandbox: string, json?: object): Promise<unknown> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...AUTH,
        'x-understudy-sandbox': sandbox,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const body = await response.text();
    done[kind] = (done[kind] ?? 0) + 1;
    if (!response.ok) failed.push(`${method} ${path} ${response.status} ${body.slice(0, 200)}`);
    return body;
  };

  const team = new Team(url, hook, CLIENTS);
  const routine = async () => {
    for (let requests = 200; !over(); requests += 200) await team.work(requests);
  };
  /** Sandboxes of test workers that nobody deletes. */
  const forgotten = async () => {
    for (let n = 0; n < FORGOTTEN && !over(); n++) {
      await ask('forgotten sandboxes', 'DELETE', '/pagecall/v1/users/user-42', `forgotten-${n}`);
      await ask('snapshots of forgotten sandboxes', 'POST', '/__admin/snapshots', `forgotten-${n}`, { name: 'before' });
    }
  };
  const largeBodies = async () => {
    for (let n = 0; !over(); n++) {
      const metadata = { text: `${n} `.repeat(LARGE_TEXT / `${n} `.length) };
      const sandbox = `bodies-${Math.floor(n / 50) % 20}`;
      await ask('large bodies', 'POST', '/pagecall/v1/users', sandbox, { user_id: `large-${n}`, metadata });
      if (n % 50 === 49) await ask('resets', 'POST', '/__admin/reset', sandbox);
    }
  };
  const imports = async () => {
    const endUsers = Array.from({ length: IMPORTED }, (_, n) => ({
      id: `end_usr_${String(n).padStart(14, '0')}`,
      createdAt: '2025-06-01T10:00:00.000Z',
      companyName: 'Imported',
      sourceId: `imported-${n}`,
      email: `imported-${n}@example.com`,
    }));
    for (let n = 0; !over(); n++) {
      const sandbox = `imported-${n % 10}`;
      await ask('state imports', 'PUT', '/__admin/state', sandbox, { conductor: { endUsers } });
      await ask('snapshots', 'POST', '/__admin/snapshots', sandbox, { name: `s${n}` });
      await ask('erasure checks', 'POST', '/__admin/erasure-checks', sandbox, {
        subjects: [`imported-${n}@example.com`],
        include: ['state', 'journal', 'webhooks', 'snapshots'],
      });
      await ask('states', 'GET', '/__admin/state', sandbox);
      if (n % 3 === 2) await ask('deleted sandboxes', 'DELETE', `/__admin/sandboxes/${sandbox}`, sandbox);
    }
  };
  let most = resident();
  const start = most;
  const watch = async () => {
    while (!over()) {
      most = Math.max(most, resident());
      await setTimeout(100);
    }
  };
  await Promise.all([routine(), forgotten(), largeBodies(), imports(), watch()]);
  const metrics = await (await fetch(`${url}/__admin/metrics`)).text();
  t.comment(`${team.requests} requests of the team; ${JSON.stringify(done)}`);
  t.comment(
    metrics
      .split('\n')
      .filter((line) => /^understudy_kept_(bytes|limit_bytes)/.test(line))
      .join('\n'),
  );
  t.comment(`${Math.round(start)} MiB resident at the start, at most ${Math.round(most)} MiB`);
  t.strictSame([failed.slice(0, 3), team.surprises.slice(0, 3)], [[], []], 'every response was expected');
  t.equal(server.exitCode, null, 'the server runs');
  t.ok(most < MOST_RESIDENT, `${Math.round(most)} MiB resident`);
  await team.leave();
});
