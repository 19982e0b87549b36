// The sandbox of the library: every method, over a socket and in process.
import t from 'tap';
import { ControlPlaneError, RequestsTimeoutError } from '../../src/index.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ALICE, keyed, open, requestAlice, WAYS } from './open.ts';

const USER = { id: 'end_usr_x', createdAt: '2025-06-01T10:00:00.000Z', companyName: 'A', sourceId: 's', email: 'e' };

for (const { way, port } of WAYS) {
  t.test(`${way}: a sandbox has a name, and base URL and keys for each provider that work at once`, async (t) => {
    const understudy = await open(t, { port, settings: { auth: 'strict' } });
    const sandbox = await understudy.sandbox();
    const { name, proficient, pagecall, conductor } = sandbox;
    const url = understudy.url ?? 'http://understudy.test';
    t.match(name, /^[0-9a-z]{16}$/);
    t.strictSame(
      { proficient, pagecall, conductor },
      Object.fromEntries(
        PROVIDERS.map((one) => [one.name, { baseUrl: url + one.mount + one.base, ...one.sampleKeys(name) }]),
      ),
      'all providers there are, and no other',
    );
    const read = async (place: string, key: string) =>
      (await understudy.fetch(place, { headers: keyed(key) })).headers.get('x-understudy-sandbox');
    t.equal(await read(`${proficient.baseUrl}/users`, proficient.secretKey), name);
    t.equal(await read(`${pagecall.baseUrl}/users`, pagecall.apiKey), name);
    t.equal(await read(`${conductor.baseUrl}/end-users`, conductor.secretKey), name);
  });

  t.test(`${way}: one is fresh, or has the name it is asked by, or is made as it is told`, async (t) => {
    const { sandbox } = await open(t, { port });
    t.not((await sandbox()).name, (await sandbox()).name);
    const empty = await sandbox({ from: 'empty', settings: { seed: 'x' }, ttlSeconds: 60 });
    t.strictSame(await empty.state({ provider: 'pagecall', resource: 'users' }), { pagecall: { users: [] } });
    const first = await sandbox('worker-1');
    await first.addState({ conductor: { endUsers: [USER] } });
    const again = await sandbox('worker-1');
    t.strictSame(await again.state(), await first.state(), 'the same one');
    const fork = await sandbox({ name: 'fork', from: { sandbox: 'worker-1' } });
    t.strictSame(await fork.state(), await first.state(), 'what it holds, in another one');
    t.equal((await sandbox('default')).name, 'default');
    const errors = [sandbox({ name: 'fork' }), sandbox('no name'), sandbox({ from: { sandbox: 'nobody' } })];
    t.match(
      await Promise.all(errors.map((one) => one.catch((error) => [error.constructor, error.status, error.message]))),
      [
        [ControlPlaneError, 409, /Sandbox fork already exists/],
        [ControlPlaneError, 400, /"no name" is not a sandbox name/],
        [ControlPlaneError, 404, /There is no sandbox nobody/],
      ],
    );
  });

  t.test(`${way}: it is put back, kept, compared and restored`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox();
    const before = await sandbox.state();
    t.match(await sandbox.snapshot('before'), { name: 'before', createdAt: /^\d{4}-.*Z$/ });
    t.strictSame(await sandbox.diff('before'), {});
    await requestAlice(understudy, sandbox);
    t.match(await sandbox.diff('before'), { conductor: { endUsers: { inserts: [], deletes: [{ id: ALICE }] } } });
    await sandbox.restore('before');
    t.strictSame(await sandbox.state(), before);
    await requestAlice(understudy, sandbox);
    await sandbox.reset({ scope: ['requests'] });
    t.strictSame([await sandbox.requests(), (await sandbox.deletions()).length], [[], 1]);
    await sandbox.reset({ to: { snapshot: 'before' } });
    t.strictSame([await sandbox.state(), await sandbox.deletions()], [before, []]);
    await requestAlice(understudy, sandbox);
    await sandbox.reset();
    t.strictSame(await sandbox.state(), before);
    await t.rejects(sandbox.reset({ to: 'nowhere' as 'empty' }), {
      status: 400,
      message: /to: "nowhere" is none of "fixtures", "empty", {"snapshot":"before"}\.$/,
    });
    await t.rejects(sandbox.reset({ to: { snapshot: 'nowhere' } }), {
      status: 404,
      message: /has no snapshot nowhere; it has before\.$/,
    });
    await t.rejects(sandbox.restore('nowhere'), { message: /has no snapshot nowhere; it has before\.$/ });
  });

  t.test(`${way}: faults are planned, read, replaced and removed`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox();
    const { faults } = sandbox;
    const lost = await faults.add({
      match: { operation: 'endUsers.delete' },
      mode: { times: 1 },
      effect: { status: 503, retryAfter: 1 },
      phase: 'after-commit',
    });
    t.match(lost, { id: String, hits: 0, spent: false, phase: 'after-commit' });
    const slow = await faults.add({ match: { provider: 'pagecall' }, delay: { fixedMs: 1 } });
    t.strictSame(await faults.list(), [slow, lost]);
    t.equal((await requestAlice(understudy, sandbox)).status, 503);
    t.strictSame(await faults.get(lost.id), { ...lost, hits: 1, spent: true });
    t.match(await faults.replace(lost.id, { effect: { fault: 'reset' } }), { id: lost.id, hits: 0, mode: 'always' });
    await faults.remove(lost.id);
    t.strictSame(await faults.list(), [slow]);
    await faults.clear();
    t.strictSame(await faults.list(), []);
    await t.rejects(faults.get(lost.id), { message: /No fault .* is planned in this sandbox\.$/ });
    await t.rejects(faults.add({ match: { operation: 'endUsers.delte' }, effect: { status: 503 } }), {
      message: /match\.operation: .*did you mean endUsers\.delete\?/,
    });
  });

  t.test(`${way}: barriers bring two requests together`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox();
    const { barriers } = sandbox;
    const reads = { operation: 'endUsers.retrieve' };
    const planned = await barriers.add({ first: reads });
    const state = { mode: 'meet', first: reads, second: reads, timeoutMs: 5000, times: 1, id: planned.id };
    t.strictSame(planned, { ...state, state: 'waiting', pairs: [] });
    const read = () => requestAlice(understudy, sandbox, 'GET');
    const [one, two] = await Promise.all([read(), read()]);
    t.strictSame([one.status, two.status], [200, 200]);
    const [first, second] = [one, two].map(({ headers }) => headers.get('x-understudy-request'));
    t.strictSame(await barriers.get(planned.id), { ...state, state: 'met', pairs: [{ state: 'met', first, second }] });
    const other = await barriers.add({ mode: 'order', first: { method: 'POST' }, second: reads, times: 2 });
    t.strictSame(
      (await barriers.list()).map(({ id }) => id),
      [other.id, planned.id],
    );
    await barriers.remove(planned.id);
    t.strictSame(await barriers.list(), [other]);
    await barriers.clear();
    t.strictSame(await barriers.list(), []);
    await t.rejects(barriers.get(other.id), { message: /There is no barrier .* in this sandbox\.$/ });
  });

  t.test(`${way}: requests and deletions say what happened`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox();
    const answer = await requestAlice(understudy, sandbox);
    const id = answer.headers.get('x-understudy-request');
    t.equal((await requestAlice(understudy, sandbox)).status, 404);
    t.match(await sandbox.requests(), [{ response: { status: 404 } }, { id, response: { status: 200 } }]);
    t.match(await sandbox.requests({ method: 'delete', status: 200 }), [
      { id, provider: 'conductor', operation: 'endUsers.delete', request: { method: 'DELETE' } },
    ]);
    const [receipt, ...others] = await sandbox.deletions();
    t.strictSame(others, []);
    t.match(receipt, {
      requestId: id,
      root: { resource: 'endUsers', id: ALICE },
      counts: { endUsers: 1, integrationConnections: 1 },
      answered: true,
    });
    t.strictSame(await sandbox.deletions({ provider: 'conductor', operation: 'endUsers.delete' }), [receipt]);
    t.strictSame(await sandbox.deletions({ provider: 'pagecall' }), []);
    t.strictSame(await sandbox.deletions({ provider: undefined } as object), [receipt], 'as if it were not given');
    const waiting = sandbox.waitForRequests({ operation: 'endUsers.delete' }, { count: 3, timeoutMs: 10_000 });
    await requestAlice(understudy, sandbox);
    t.strictSame(await waiting, { passed: true, count: 3, nearMisses: [], extra: [] });
  });

  t.test(`${way}: a wait that runs out of time throws, and says what came instead`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox('late');
    const missed = (pattern: object, count?: number) =>
      sandbox.waitForRequests(pattern, { timeoutMs: 0, ...(count === undefined ? {} : { count }) }).then(
        () => 'it resolved',
        (error) => [error.constructor, error.message],
      );
    const url = `/conductor/v1/end-users/${ALICE}`;
    t.strictSame(await missed({ operation: 'endUsers.list' }), [
      RequestsTimeoutError,
      '0 of 1 requests that match {"operation":"endUsers.list"} arrived in sandbox late within 0 ms; its journal is empty.',
    ]);
    await requestAlice(understudy, sandbox);
    t.strictSame(await missed({ operation: 'endUsers.delete', status: 404 }, 2), [
      RequestsTimeoutError,
      `0 of 2 requests that match {"operation":"endUsers.delete","status":404} arrived in sandbox late within 0 ms; nearest: DELETE ${url} 200 (status is 200, not 404).`,
    ]);
    t.strictSame(await missed({ operation: 'endUsers.list', status: 404 }), [
      RequestsTimeoutError,
      `0 of 1 requests that match {"operation":"endUsers.list","status":404} arrived in sandbox late within 0 ms; no request comes near; the latest are DELETE ${url} 200.`,
    ]);
    t.strictSame(await missed({ operation: 'endUsers.delete' }, 2), [
      RequestsTimeoutError,
      `1 of 2 requests that match {"operation":"endUsers.delete"} arrived in sandbox late within 0 ms; the others differ; the latest are DELETE ${url} 200.`,
    ]);
  });

  t.test(`${way}: after delete() its object refuses every call, and no sandbox is made by one`, async (t) => {
    const understudy = await open(t, { port });
    const sandbox = await understudy.sandbox('gone');
    const { faults, clock } = sandbox;
    await sandbox.delete();
    const calls: (() => Promise<unknown>)[] = [
      () => sandbox.reset(),
      () => sandbox.snapshot('s'),
      () => sandbox.restore('s'),
      () => sandbox.diff('s'),
      () => sandbox.requests(),
      () => sandbox.waitForRequests({}, { timeoutMs: 0 }),
      () => sandbox.deletions(),
      () => sandbox.erasureCheck('x'),
      () => sandbox.state(),
      () => sandbox.addState({}),
      () => sandbox.replaceState({}),
      () => sandbox.delete(),
      () => faults.add({ effect: { fault: 'reset' } }),
      () => faults.get('x'),
      () => faults.list(),
      () => faults.replace('x', { effect: { fault: 'reset' } }),
      () => faults.remove('x'),
      () => faults.clear(),
      () => clock.now(),
      () => clock.freeze(),
      () => clock.set(new Date(0)),
      () => clock.advance(1),
      () => clock.reset(),
    ];
    for (const call of calls) {
      t.match(await call().catch((error) => error), {
        constructor: ControlPlaneError,
        status: null,
        message: 'Sandbox gone was deleted through this object; get a new one from sandbox().',
      });
    }
    const known = await (await understudy.fetch('/__admin/sandboxes')).json();
    t.strictSame(
      (known as { sandboxes: { name: string }[] }).sandboxes.map(({ name }) => name),
      ['default'],
    );
    const again = await understudy.sandbox('gone');
    t.equal((await again.state()).conductor !== undefined, true, 'a new object works');
    const twin = await understudy.sandbox('gone');
    await again.delete();
    await t.rejects(twin.delete(), { status: 404, message: /There is no sandbox gone/ });
    await understudy.sandbox('gone');
    await twin.delete();
  });

  t.test(`${way}: its clock stands still, is set, moves on and goes back`, async (t) => {
    const { clock } = await (await open(t, { port })).sandbox();
    t.ok(Math.abs((await clock.now()).getTime() - Date.now()) < 60_000);
    const noon = '2030-01-31T12:00:00.000Z';
    t.match(await clock.freeze(new Date(noon)), { now: noon, frozen: true, offsetMs: Number });
    t.match(await clock.advance('PT2H'), { now: '2030-01-31T14:00:00.000Z', frozen: true, due: [] });
    t.match(await clock.advance(1500), { now: '2030-01-31T14:00:01.500Z' });
    t.strictSame(await clock.now(), new Date('2030-01-31T14:00:01.500Z'));
    t.match(await clock.set('2031-01-01T00:00:00Z'), { now: /^2031-01-01T00:00:0/, frozen: false });
    t.match(await clock.freeze(), { now: /^2031-01-01T00:00:0/, frozen: true });
    t.match(await clock.reset(), { frozen: false, offsetMs: 0 });
    await t.rejects(clock.advance('P1M'), { message: /duration: takes weeks or days/ });
  });

  t.test(`${way}: rows are read, added and replaced`, async (t) => {
    const { sandbox } = await open(t, { port });
    const one = await sandbox({ from: 'empty' });
    t.strictSame(await one.addState({ conductor: { endUsers: [USER] } }), { conductor: { endUsers: [USER] } });
    const endUsers = { provider: 'conductor', resource: 'endUsers' } as const;
    t.strictSame(await one.state(endUsers), { conductor: { endUsers: [USER] } });
    await one.replaceState({ conductor: { endUsers: [{ ...USER, email: 'other' }] } });
    t.strictSame(await one.state(endUsers), { conductor: { endUsers: [{ ...USER, email: 'other' }] } });
    await t.rejects(one.addState({ conductor: { endUsers: [USER] } }), {
      message: /conductor\.endUsers\[0\]\.\w+: "\w+" is used by an earlier row\.$/,
    });
  });

  t.test(`${way}: it ends when it is deleted, or at the end of its block`, async (t) => {
    const { sandbox, fetch } = await open(t, { port });
    const there = async (name: string) => (await fetch(`/__admin/sandboxes/${name}`)).status === 200;
    const one = await sandbox();
    t.ok(await there(one.name));
    await one.delete();
    t.notOk(await there(one.name));
    await one[Symbol.asyncDispose]();
    await t.rejects(one.delete(), { name: 'ControlPlaneError', message: /was deleted through this object/ });
    const other = await sandbox();
    await other[Symbol.asyncDispose]();
    t.notOk(await there(other.name));
    await t.rejects((await sandbox('default')).delete(), { message: /The sandbox default cannot be deleted/ });
  });

  t.test(`${way}: two sandboxes at once do not see each other`, async (t) => {
    const understudy = await open(t, { port });
    const sandboxes = await Promise.all(Array.from({ length: 8 }, () => understudy.sandbox()));
    await Promise.all(
      sandboxes.map(async (sandbox, n) => {
        if (n % 2 === 0) await sandbox.faults.add({ effect: { status: 503 } });
        if (n % 2 === 1) await sandbox.clock.freeze('2030-01-01T00:00:00Z');
        for (let call = 0; call < n; call++) await requestAlice(understudy, sandbox);
      }),
    );
    for (const [n, sandbox] of sandboxes.entries()) {
      const deleted = n % 2 === 1;
      t.equal((await sandbox.requests()).length, n);
      t.equal((await sandbox.requests({ status: 503 })).length, deleted ? 0 : n);
      t.equal((await sandbox.deletions()).length, deleted ? 1 : 0);
      t.equal((await sandbox.clock.now()).getUTCFullYear() === 2030, deleted);
      t.equal((await requestAlice(understudy, sandbox, 'GET')).status, deleted ? 404 : 503);
    }
  });
}
