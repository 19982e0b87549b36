// Finding the operation of a request: the root of a provider, ids that are too long, and several servers in a process.
import t from 'tap';
import { readContracts } from '../../../src/library/contracts.ts';
import { buildServer } from '../../../src/server.ts';
import { testServer } from '../../harness.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';
const key = { authorization: 'Bearer sk_conductor_test' };

t.test('servers of a process find the same operations, each in its own rows', async (t) => {
  const [one, other] = [await testServer(t), await testServer(t)];
  t.equal((await one.call('DELETE', ALICE, { headers: key })).status, 200);
  t.equal((await one.call('GET', ALICE, { headers: key })).status, 404);
  t.match(await other.call('GET', ALICE, { headers: key }), { status: 200, body: { id: 'end_usr_alice000000042' } });
});

t.test('an id of 5,000 characters is looked up, and a longer one is refused', async (t) => {
  const { call } = await testServer(t);
  const get = (length: number) => call('GET', `/pagecall/v1/users/${'x'.repeat(length)}`, { headers: key });
  const [longest, longer] = [await get(5000), await get(5001)];
  t.strictSame([longest.status, longer.status], [400, 400]);
  t.notSame(longer.body, longest.body);
  t.match(JSON.stringify(longer.body), /too long/);
});

t.test('an operation at the root of a provider is there with and without a slash', async (t) => {
  const file = `${t.testdir({
    'contract.json': JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Root', version: '1' },
      paths: { '/': { get: { responses: { 200: { description: 'OK' } } } } },
    }),
  })}/contract.json`;
  const app = buildServer({ contracts: await readContracts([{ provider: 'proficient', file }]) });
  t.teardown(() => app.close());
  const status = async (url: string) =>
    (await app.inject({ url, headers: { host: 'localhost', authorization: 'Bearer sk_test' } })).statusCode;
  t.strictSame(
    [await status('/proficient'), await status('/proficient/'), await status('/proficient/?a=b')],
    [200, 200, 200],
  );
  t.equal(await status('/proficient/x'), 404);
});
