// Conductor's official SDK without a socket, given nothing but the library's fetch.
import Conductor, { type ClientOptions } from 'conductor-node';
import t from 'tap';
import { ALICE, open, WAYS } from './open.ts';

/** This SDK's types are those of node-fetch, so that not even Node's own fetch has one of them. */
const typed = (fetch: typeof globalThis.fetch) => fetch as unknown as NonNullable<ClientOptions['fetch']>;

for (const { way, port } of WAYS) {
  t.test(`${way}: the SDK deletes an end-user; after a lost response its own retry gets a 404`, async (t) => {
    const { fetch, sandbox } = await open(t, { port });
    const one = await sandbox();
    const { baseUrl, secretKey } = one.conductor;
    const conductor = new Conductor({ apiKey: secretKey, baseURL: baseUrl, fetch: typed(fetch) });
    t.equal((await conductor.endUsers.list()).data.length, 9);
    const passthrough = { CustomerQueryRq: { MaxReturned: 5 } };
    t.ok(await conductor.endUsers.passthrough(ALICE, 'quickbooks_desktop', passthrough));
    await one.faults.add({
      match: { operation: 'endUsers.delete' },
      mode: { times: 1 },
      effect: { fault: 'reset' },
      phase: 'after-commit',
    });
    const error = await conductor.endUsers.delete(ALICE).catch((error: unknown) => error);
    t.ok(error instanceof Conductor.NotFoundError);
    t.match(await one.requests({ operation: 'endUsers.delete' }), [
      { request: { headers: { 'x-stainless-retry-count': '1' } }, response: { status: 404 } },
      { request: { headers: { 'x-stainless-retry-count': '0' } }, fault: String },
    ]);
    t.match(await one.deletions(), [{ root: { id: ALICE }, answered: false }]);
    t.equal((await one.erasureCheck(ALICE, { linked: false })).clean, true);
  });

  t.test(`${way}: no base URL is needed: the provider's own host leads to the sandbox`, async (t) => {
    const { fetch, sandbox } = await open(t, { port });
    const one = await sandbox();
    const conductor = new Conductor({ apiKey: one.conductor.secretKey, fetch: typed(fetch) });
    t.strictSame(await conductor.endUsers.delete(ALICE), { id: ALICE, objectType: 'end_user', deleted: true });
    t.match(await one.deletions(), [{ root: { id: ALICE }, answered: true }]);
  });

  t.test(`${way}: the SDK's own timeout ends a response that hangs`, async (t) => {
    const { fetch, sandbox } = await open(t, { port });
    const { conductor: access, faults } = await sandbox();
    await faults.add({ effect: { fault: 'hang' } });
    const conductor = new Conductor({
      apiKey: access.secretKey,
      baseURL: access.baseUrl,
      fetch: typed(fetch),
      timeout: 50,
      maxRetries: 0,
    });
    const error = await conductor.endUsers.delete(ALICE).catch((error: unknown) => error);
    t.ok(error instanceof Conductor.APIConnectionTimeoutError);
  });
}
