// Two processes behind nginx with deploy/nginx.conf: every request to a sandbox reaches the same process.
import { connect } from 'node:net';
import Conductor from 'conductor-node';
import t from 'tap';
import { hasNginx } from '../nginx.ts';
import { runProcess } from '../process.ts';
import { bearer, inParallel, type SendRequest, startProcesses, waysOf } from '../processes.ts';

const SANDBOXES = 200;
const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';

t.test('two processes behind nginx share the sandboxes', async (t) => {
  if (!hasNginx(t)) return;
  const { url, ask, processes, hosts, direct, held, home } = await startProcesses(t);

  await t.test('every way to name a sandbox reaches the same process, and both processes are used', async (t) => {
    const names = Array.from({ length: SANDBOXES }, (_, n) => `team-${n}`);
    await inParallel(names, async (name) => {
      const homes = new Set<unknown>();
      for (const [method, path, headers] of waysOf(name)) {
        const answer = await ask(method, path, headers);
        homes.add(answer.headers['x-understudy-process']);
        const says = answer.headers['x-understudy-sandbox'];
        if (says !== undefined ? says !== name : answer.status >= 500)
          t.fail(`${method} ${path}: ${answer.status}, ${says}`);
      }
      if (homes.size !== 1) t.fail(`${name} was routed to ${[...homes]}`);
    });
    const [first, second] = [await held(hosts[0]), await held(hosts[1])];
    t.strictSame([...first, ...second].sort(), [...names].sort(), 'each sandbox is in exactly one process');
    t.ok(Math.min(first.length, second.length) >= SANDBOXES / 4, `${first.length} and ${second.length}`);
  });

  await t.test('control requests reach the same sandbox as provider requests', async (t) => {
    for (const name of ['control-1', 'control-2', 'control-3', 'control-4']) {
      const admin = (method: string, path: string, json?: unknown) =>
        ask(method, `/__admin/${path}${path.includes('?') ? '&' : '?'}sandbox=${name}`, {}, json);
      const key = bearer(`sk_sbx_${name}`);
      const rule = { match: { operation: 'endUsers.delete' }, mode: { times: 1 }, effect: { status: 503 } };
      t.equal((await admin('POST', 'faults', rule)).status, 201);
      t.equal((await admin('POST', 'snapshots', { name: 'before' })).status, 201);
      t.equal((await ask('DELETE', ALICE, key)).status, 503);
      t.equal((await ask('DELETE', ALICE, key)).status, 200);
      t.match((await admin('GET', 'deletions')).body, {
        meta: { total: 1 },
        deletions: [{ operation: 'endUsers.delete' }],
      });
      t.match((await admin('POST', 'requests/count', { operation: 'endUsers.delete' })).body, { count: 2 });
      t.equal((await admin('POST', 'snapshots/before/restore')).status, 204);
      t.equal((await ask('GET', ALICE, key)).status, 200);
      t.equal((await ask('DELETE', ALICE, key)).status, 200);
      t.equal((await admin('POST', 'reset')).status, 204);
      t.equal((await ask('GET', ALICE, key)).status, 200);
      const [here] = [await home(name)];
      const state = `/__admin/state?sandbox=${name}`;
      t.strictSame((await ask('GET', state)).body, (await (direct.get(here) as SendRequest)('GET', state)).body);
      t.equal((await ask('DELETE', `/__admin/sandboxes/${name}`)).status, 204);
      t.notOk([...(await held(hosts[0])), ...(await held(hosts[1]))].includes(name));
    }
  });

  await t.test('a new sandbox is in the process that its keys reach, with or without a given name', async (t) => {
    const make = (path: string, headers: Record<string, string>, json?: unknown) =>
      ask('POST', `/__admin/sandboxes${path}`, headers, json);
    const ways = [
      ...Array.from({ length: 8 }, () => () => make('', {})),
      () => make('', {}, { from: 'empty' }),
      () => make('', { 'x-understudy-sandbox': 'made-1' }, { name: 'made-1' }),
      () => make('', { 'x-understudy-sandbox': 'made-2' }),
      () => make('?sandbox=made-3', {}, { name: 'made-3' }),
      () => make('?sandbox=made-4', {}),
    ];
    for (const way of ways) {
      const { status, headers, body } = await way();
      t.equal(status, 201);
      const used = await ask('GET', '/pagecall/v1/users', bearer(body.providers.pagecall.apiKey));
      t.equal(used.headers['x-understudy-process'], headers['x-understudy-process']);
      t.ok((await held(String(headers['x-understudy-process']))).includes(body.name));
    }
    const before = [await held(hosts[0]), await held(hosts[1])];
    const refused = await make('', {}, { name: 'nobody-knows-where' });
    t.match(refused, { status: 400, body: { type: 'urn:understudy:sandbox-names-differ' } });
    t.match(refused.body.detail, 'send the name in the body as X-Understudy-Sandbox too');
    t.strictSame([await held(hosts[0]), await held(hosts[1])], before, 'none was created');

    const made = await runProcess(['sandboxes', 'create', 'by-command', '--url', url]);
    t.strictSame(made, { code: 0, out: 'by-command\n', err: '' });
    t.ok((await held(await home('by-command'))).includes('by-command'));
  });

  await t.test('requests about all sandboxes must be sent to each process', async (t) => {
    for (const host of hosts) {
      const answer = await ask('GET', '/__admin/sandboxes', { 'x-understudy-process': host });
      t.equal(answer.headers['x-understudy-process'], host);
      t.equal(answer.body.meta.total, (await held(host)).length + 1);
      t.equal((await ask('GET', '/__admin/metrics', { 'x-understudy-process': host })).status, 200);
    }
    const lost = ['', '127.0.0.1:1'].map((host) => ({ 'x-understudy-process': host }));
    for (const headers of lost) {
      const answer = await ask('POST', '/__admin/reset?sandbox=*', headers);
      t.match(answer, { status: 400, body: { type: 'urn:understudy:process' } }, 'not only half of them');
    }
    const elsewhere = { 'x-understudy-process': hosts[0] };
    t.equal(
      (await ask('GET', '/__admin/state?sandbox=team-1', elsewhere)).status,
      400,
      'a sandbox belongs to one process',
    );
    t.equal(
      (await ask('GET', '/__admin/state?sandbox=team%2D1')).status,
      400,
      'an encoded name, which nginx does not decode',
    );

    await ask('DELETE', ALICE, bearer('sk_sbx_team-1'));
    const host = await home('team-1');
    t.equal((await ask('POST', '/__admin/reset?sandbox=*', { 'x-understudy-process': host })).status, 204);
    t.equal((await ask('GET', ALICE, bearer('sk_sbx_team-1'))).status, 200);
  });

  await t.test('wire faults reach the client, and nginx does not retry', async (t) => {
    const seen = async (prefer: string, patience = 5000) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let bytes = '';
      let code = '';
      socket.on('data', (data) => (bytes += data.toString('latin1')));
      socket.on('error', (error: NodeJS.ErrnoException) => (code = String(error.code)));
      socket.write(
        `DELETE ${ALICE} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk_sbx_wire\r\nprefer: ${prefer}\r\n\r\n`,
      );
      const timer = setTimeout(() => socket.destroy(), patience);
      await new Promise((resolve) => socket.once('close', resolve));
      clearTimeout(timer);
      return { bytes, code };
    };
    const reset = { bytes: '', code: 'ECONNRESET' };
    t.strictSame(await seen('fault=reset'), reset);
    t.strictSame(await seen('fault=empty'), reset, 'a proxy does not distinguish an empty response from a reset');
    t.strictSame(await seen('fault=malformed', 300), { bytes: 'this is not HTTP\r\n\r\n', code: '' });
    const truncated = await seen('fault=truncated, phase=after-commit');
    const [head = '', body = ''] = truncated.bytes.split('\r\n\r\n');
    t.match(head, /^HTTP\/1\.1 200 OK/);
    t.ok(body.length > 0 && body.length < Number(/content-length: (\d+)/i.exec(head)?.[1]));
    t.strictSame(await seen('fault=hang', 300), { bytes: '', code: '' });
    const journal = '/__admin/requests?sandbox=wire';
    t.equal((await ask('GET', journal)).body.meta.total, 5, 'one each');

    await ask('POST', '/__admin/reset?sandbox=wire');
    t.strictSame(await seen('fault=reset, phase=after-commit'), reset);
    t.equal((await ask('GET', journal)).body.meta.total, 1);
    t.match((await ask('GET', '/__admin/deletions?sandbox=wire')).body, { deletions: [{ answered: false }] });
    const ordered = await ask('GET', ALICE, { ...bearer('sk_sbx_other-wire'), prefer: 'code=502, handling=lenient' });
    t.match(ordered, { status: 502, headers: { 'x-understudy-fault': String } }, 'an injected 502 is passed on');
    const { 'x-understudy-process': ours, ...headers } = ordered.headers;
    t.notOk('server' in headers, 'nginx adds only the process header');
    t.ok(ours);
  });

  await t.test('large states are passed, and events are streamed', async (t) => {
    const users = Array.from({ length: 4000 }, (_, n) => ({
      ...{ id: `end_usr_large${n}`, createdAt: '2024-01-01T00:00:00.000Z', companyName: 'x'.repeat(500) },
      ...{ sourceId: `large-${n}`, email: `${n}@example.com` },
    }));
    const state = { conductor: { endUsers: users, integrationConnections: [], authSessions: [] } };
    t.equal((await ask('PUT', '/__admin/state?sandbox=large', {}, state)).status, 204);
    const kept = await ask('GET', '/__admin/state?sandbox=large&provider=conductor&resource=endUsers');
    t.equal(kept.body.conductor.endUsers.length, users.length);

    const stream = await fetch(`${url}/__admin/events?sandbox=large`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader() as ReadableStreamDefaultReader<string>;
    t.equal((await reader.read()).value, ': understudy\n\n', 'at once');
    await ask('GET', '/conductor/v1/end-users/end_usr_large1', bearer('sk_sbx_large'));
    let told = '';
    while (!told.includes('\n\n')) {
      const { done, value } = await reader.read();
      if (done) break;
      told += value;
    }
    t.match(told, /^event: request\ndata: \{"sandbox":"large"/);
    await reader.cancel();
  });

  await t.test("Conductor's official SDK works through nginx, also with a lost response", async (t) => {
    const conductor = new Conductor({ apiKey: 'sk_sbx_sdk', baseURL: `${url}/conductor/v1` });
    const user = await conductor.endUsers.create({ companyName: 'Acme', sourceId: 'sdk-1', email: 'a@example.com' });
    t.strictSame(await conductor.endUsers.retrieve(user.id), user);
    await ask(
      'POST',
      '/__admin/faults?sandbox=sdk',
      {},
      {
        match: { operation: 'endUsers.delete' },
        mode: { times: 1 },
        effect: { fault: 'reset' },
        phase: 'after-commit',
      },
    );
    const error = await conductor.endUsers.delete(user.id).catch((error: unknown) => error);
    t.ok(error instanceof Conductor.NotFoundError);
  });

  await t.test('when a process is killed, the sandboxes of the other are unaffected', async (t) => {
    const [kept, lost] = [await held(hosts[0]), await held(hosts[1])];
    await processes[1].end('SIGKILL');
    await inParallel(lost, async (name) => {
      const answer = await ask('GET', '/pagecall/v1/users', bearer(`sbx_${name}`));
      if (answer.status !== 502 || answer.body.type !== 'urn:understudy:process-down')
        t.fail(`${name}: ${answer.status}`);
    });
    await inParallel(kept, async (name) => {
      const answer = await ask('GET', '/pagecall/v1/users', bearer(`sbx_${name}`));
      if (answer.status !== 200 || answer.headers['x-understudy-sandbox-restarted'] !== undefined)
        t.fail(`${name}: ${answer.status}`);
    });
    t.strictSame((await held(hosts[0])).sort(), kept.sort(), 'no sandbox moved');
  });
});
