// `explore --races`: another client calls just before a call of the code, or just after its commit.
import t, { type Test } from 'tap';
import type { ExploredRun, ExploreOptions, Sandbox, Understudy } from '../../../src/index.ts';
import { open } from '../../library/open.ts';

const ALICE = 'end_usr_alice000000042';

/** Calls of one sandbox; a response that is an error throws. */
function calls(understudy: Understudy, { conductor, pagecall, proficient }: Sandbox) {
  const at =
    (baseUrl: string, key: string) =>
    async (method: string, path: string, json?: object, more: object = {}) => {
      const response = await understudy.fetch(baseUrl + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
      return JSON.parse(text);
    };
  return {
    conductor: at(conductor.baseUrl, conductor.secretKey),
    pagecall: at(pagecall.baseUrl, pagecall.apiKey),
    proficient: at(proficient.baseUrl, proficient.secretKey),
  };
}

type Calls = ReturnType<typeof calls>;

/** The races of some code, in the order of their names. */
async function races(t: Test, code: (calls: Calls) => unknown, options: ExploreOptions & { port?: 0 } = {}) {
  const { port = false, ...more } = options;
  const understudy = await open(t, { port });
  const runs: ExploredRun[] = [];
  const exploration = understudy.explore(async (sandbox) => await code(calls(understudy, sandbox)), {
    races: true,
    only: ['race'],
    ...more,
  });
  for await (const run of exploration) runs.push(run);
  return runs.sort((a, b) => titleOf(a).localeCompare(titleOf(b), 'en'));
}

const titleOf = ({ call, failure, phase }: ExploredRun) => {
  const { operation, body, occurrence } = call;
  const which = `${body === null ? '' : ` ${JSON.stringify(body)}`}${occurrence === 1 ? '' : ` #${occurrence}`}`;
  return `${operation}${which} ${failure} ${phase}`;
};
/** The verdicts, and the status of the rival's response. */
const verdictsOf = (runs: readonly ExploredRun[]) =>
  Object.fromEntries(runs.map((run) => [titleOf(run), `${run.verdict}, ${run.rival?.status}`]));

const deleteTwo = async ({ pagecall, conductor }: Calls) => {
  await pagecall('DELETE', '/users/user-42');
  await conductor('DELETE', `/end-users/${ALICE}`);
};

t.test('two clients delete the same: what stops at "not found" leaves the rest', async (t) => {
  for (const port of [undefined, 0] as const) {
    const runs = await races(t, deleteTwo, { subjects: ['alice@example.com'], ...(port === 0 ? { port } : {}) });
    t.strictSame(verdictsOf(runs), {
      'DeleteUser race with the same request after-commit': 'survived, 400',
      'DeleteUser race with the same request before': 'half-done, 200',
      'endUsers.delete race with the same request after-commit': 'survived, 404',
      'endUsers.delete race with the same request before': 'done-but-reported-failed, 200',
    });
    const half = runs[1] as ExploredRun;
    t.match(half, {
      rival: { method: 'DELETE', url: '/pagecall/v1/users/user-42', status: 200 },
      ended: { exit: 1, output: /400 .*User not found/ },
      healsOnRetry: false,
      findings: [{ what: 'left', provider: 'conductor', resource: 'endUsers', id: ALICE }],
      remains: [`conductor endUsers ${ALICE}`],
    });
    t.strictSame(
      half.requests.map(({ request, response, barrier }) => [
        request.headers['x-understudy-client'],
        response.status,
        barrier === half.requests[0]?.barrier,
      ]),
      [
        [undefined, 400, true],
        ['rival', 200, true],
      ],
    );
    t.strictSame(
      half.clients.filter(({ passed }) => !passed),
      [],
    );
  }
});

t.test('code that takes "not found" for done survives a deletion by another client', async (t) => {
  const patient = async ({ pagecall, conductor }: Calls) => {
    await pagecall('DELETE', '/users/user-42').catch(() => {});
    await conductor('DELETE', `/end-users/${ALICE}`).catch(() => {});
  };
  const verdicts = new Set((await races(t, patient)).map(({ verdict }) => verdict));
  t.strictSame([...verdicts], ['survived']);
});

t.test('the owner is deleted while something of it is created', async (t) => {
  const create = ({ conductor }: Calls) =>
    conductor('POST', '/auth-sessions', { endUserId: ALICE, publishableKey: 'pk_conductor_test' });
  const others = {
    'authSessions.create race with endUsers.delete after-commit': 'survived, 200',
    'authSessions.create race with the same request after-commit': 'survived, 200',
    'authSessions.create race with the same request before': 'survived, 200',
  };
  const runs = await races(t, create);
  t.strictSame(verdictsOf(runs), {
    'authSessions.create race with endUsers.delete before': 'failed-cleanly, 200',
    ...others,
  });
  t.equal(runs[0]?.rival?.url, `/conductor/v1/end-users/${ALICE}`);
  t.strictSame(verdictsOf(await races(t, (calls) => create(calls).catch(() => {}))), {
    'authSessions.create race with endUsers.delete before': 'half-done, 200',
    ...others,
  });
});

t.test('two clients create the same: the row of one stands for that of the other', async (t) => {
  const create = async ({ conductor }: Calls) => {
    const person = { companyName: 'A', sourceId: 'order-1', email: 'a@example.com' };
    await conductor('POST', '/end-users', person);
  };
  const after = { 'endUsers.create race with the same request after-commit': 'survived, 400' };
  t.strictSame(verdictsOf(await races(t, create)), {
    ...after,
    'endUsers.create race with the same request before': 'done-but-reported-failed, 200',
  });
  t.strictSame(verdictsOf(await races(t, (calls) => create(calls).catch(() => {}))), {
    ...after,
    'endUsers.create race with the same request before': 'survived, 200',
  });
  t.strictSame(verdictsOf(await races(t, ({ pagecall }) => pagecall('POST', '/users', { user_id: 'ann' }))), {
    'createUser race with DeleteUser after-commit': 'survived, 200',
    'createUser race with DeleteUser before': 'survived, 400',
    'createUser race with the same request after-commit': 'survived, 200',
    'createUser race with the same request before': 'survived, 200',
  });
});

t.test('updates race with each other and with a deletion, and the code with its own calls', async (t) => {
  const path = '/users/user-42';
  const update = async ({ pagecall }: Calls) => {
    await pagecall('PUT', path, { name: 'Anna' });
    await pagecall('PUT', path, { name: 'Arden' });
  };
  const updates = Object.fromEntries(
    ['Anna', 'Arden'].flatMap((name) =>
      ['UpdateUser', 'the same request'].flatMap((rival) =>
        ['after-commit', 'before'].map((phase) => [
          `UpdateUser {"name":"${name}"} race with ${rival} ${phase}`,
          'survived, 200',
        ]),
      ),
    ),
  );
  t.strictSame(verdictsOf(await races(t, update)), {
    ...updates,
    'UpdateUser {"name":"Anna"} race with DeleteUser after-commit': 'failed-cleanly, 200',
    'UpdateUser {"name":"Anna"} race with DeleteUser before': 'failed-cleanly, 200',
    'UpdateUser {"name":"Arden"} race with DeleteUser after-commit': 'survived, 200',
    'UpdateUser {"name":"Arden"} race with DeleteUser before': 'failed-cleanly, 200',
  });
  const andDelete = async (calls: Calls) => {
    await update(calls);
    await calls.pagecall('DELETE', path);
  };
  t.strictSame(verdictsOf(await races(t, andDelete, { skip: ['UpdateUser'] })), {
    'DeleteUser race with UpdateUser after-commit': 'survived, 400',
    'DeleteUser race with UpdateUser before': 'survived, 200',
    'DeleteUser race with the same request after-commit': 'survived, 400',
    'DeleteUser race with the same request before': 'done-but-reported-failed, 200',
  });
});

t.test('what is read is deleted meanwhile; ids may differ in every run, and equal calls are told apart', async (t) => {
  const read = async ({ conductor }: Calls) => {
    const sourceId = `order-${Math.random()}`;
    const { id } = await conductor('POST', '/end-users', { companyName: 'A', sourceId, email: 'a@example.com' });
    await conductor('GET', `/end-users/${id}`);
    await conductor('GET', `/end-users/${id}`);
  };
  t.strictSame(verdictsOf(await races(t, read)), {
    'endUsers.create race with the same request after-commit': 'survived, 400',
    'endUsers.create race with the same request before': 'done-but-reported-failed, 200',
    'endUsers.retrieve #2 race with endUsers.delete after-commit': 'survived, 200',
    'endUsers.retrieve #2 race with endUsers.delete before': 'failed-cleanly, 200',
    'endUsers.retrieve race with endUsers.delete after-commit': 'failed-cleanly, 200',
    'endUsers.retrieve race with endUsers.delete before': 'failed-cleanly, 200',
  });
});

t.test('a call that does not come any more is not reached', async (t) => {
  let runs = 0;
  const twice = async ({ conductor, pagecall }: Calls) => {
    await pagecall('GET', '/users');
    if (runs++ < 2) await conductor('DELETE', `/end-users/${ALICE}`);
  };
  const found = await races(t, twice, { jobs: 1 });
  t.strictSame(
    found.map(({ verdict, rival }) => [verdict, rival]),
    [
      ['not-reached', null],
      ['not-reached', null],
    ],
  );
});

t.test(
  'a change without a body is not repeated by the other client, but deletes and other changes meet it',
  async (t) => {
    const agent = '/agents/ag_Lad8YCGGiDLiqIZPWRXmc2ix';
    const change = async ({ proficient }: Calls) => {
      await proficient('POST', `${agent}/deactivate`);
      await proficient('POST', `${agent}/config`, { temperature: 1 });
      await proficient('DELETE', agent);
    };
    const runs = await races(t, change, { skip: ['after-commit'] });
    t.strictSame(verdictsOf(runs), {
      'agents_deactivate race with agents_delete before': 'done-but-reported-failed, 200',
      'agents_deactivate race with agents_updateConfig before': 'survived, 200',
      'agents_delete race with agents_deactivate before': 'survived, 200',
      'agents_delete race with agents_updateConfig before': 'survived, 200',
      'agents_delete race with the same request before': 'done-but-reported-failed, 200',
      'agents_updateConfig race with agents_deactivate before': 'survived, 200',
      'agents_updateConfig race with agents_delete before': 'done-but-reported-failed, 200',
      'agents_updateConfig race with the same request before': 'survived, 200',
    });
  },
);

t.test('an error tells what the other client sent', async (t) => {
  const understudy = await open(t, { port: false });
  const create = async (sandbox: Sandbox) => {
    const { conductor } = calls(understudy, sandbox);
    await conductor('POST', '/auth-sessions', { endUserId: ALICE, publishableKey: 'pk_conductor_test' });
  };
  await t.rejects(understudy.explore(create, { races: true, only: ['race'] }).assertSurvives(), {
    message: `Not survived.
failed cleanly: authSessions.create /v1/auth-sessions, race with endUsers.delete before
  exit 1, it has changed nothing
  another client sent DELETE /conductor/v1/end-users/${ALICE} just before (200)
  running it again does not heal it`,
  });
});

t.test('without races there are none, and the plan says what it has', async (t) => {
  await t.rejects(races(t, deleteTwo, { races: false }), { message: /^The plan has no race; it has / });
});
