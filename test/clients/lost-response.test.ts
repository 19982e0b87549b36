// A delete whose response is lost, as Conductor's official SDK handles it.
import Conductor from 'conductor-node';
import t from 'tap';
import { listening } from '../harness.ts';

const ALICE = 'end_usr_alice000000042';

t.test("the SDK's retry of a delete that took effect fails with a NotFoundError", async (t) => {
  const { url, call } = await listening(t);
  const rule = {
    match: { operation: 'endUsers.delete' },
    mode: { times: 1 },
    effect: { fault: 'reset' },
    phase: 'after-commit',
  };
  t.equal((await call('POST', '/__admin/faults', { json: rule })).status, 201);
  const conductor = new Conductor({ apiKey: 'sk_conductor_test', baseURL: `${url}/conductor/v1` });
  t.equal(conductor.maxRetries, 2, 'the default');
  const error = await conductor.endUsers.delete(ALICE).catch((error: unknown) => error);
  t.ok(error instanceof Conductor.NotFoundError);

  const { requests } = (await call('GET', '/__admin/requests?operation=endUsers.delete')).body;
  t.equal(requests.length, 2, 'the delete and its retry');
  const [repeat, lost] = requests;
  t.match(repeat, {
    request: { method: 'DELETE', headers: { 'x-stainless-retry-count': '1' } },
    response: { status: 404 },
  });
  t.match(lost, { request: { method: 'DELETE', headers: { 'x-stainless-retry-count': '0' } }, fault: String });
  t.match((await call('GET', '/__admin/deletions')).body, {
    deletions: [
      { requestId: lost.id, operation: 'endUsers.delete', root: { resource: 'endUsers', id: ALICE }, answered: false },
    ],
    meta: { total: 1 },
  });
});
