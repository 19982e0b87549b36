// A QuickBooks company file through Conductor's official Node SDK, and what holds for each object of a list.
import Conductor from 'conductor-node';
import type { Test } from 'tap';
import { listening } from '../harness.ts';

/** The end-user whose company file the tests use. */
export const end = { conductorEndUserId: 'end_usr_larkspur000001' };

/** A client of a server of its own, and the ids of accounts by name. */
export async function connect(t: Test) {
  const { url } = await listening(t);
  const client = new Conductor({ apiKey: 'sk_conductor_test', baseURL: `${url}/conductor/v1`, maxRetries: 0 });
  const accounts = (await client.qbd.accounts.list(end)).data;
  const account = (name: string) => accounts.find((one) => one.name === name)?.id as string;
  return { client, qbd: client.qbd, account };
}

export interface Row {
  readonly id: string;
  readonly revisionNumber: string;
}

/** Reads an object back, finds it in its list, changes it, and meets the refusal of a stale revision. */
export async function lives<One extends Row>(
  t: Test,
  name: string,
  made: One,
  use: {
    retrieve(id: string): Promise<One>;
    list(): Promise<{ data: readonly One[] }>;
    update?(id: string, revisionNumber: string): Promise<One>;
  },
): Promise<void> {
  await t.test(name, async (t) => {
    t.strictSame(await use.retrieve(made.id), made, 'it is read as it was made');
    t.strictSame(
      (await use.list()).data.find(({ id }) => id === made.id),
      made,
      'the list has it',
    );
    const missing = await use.retrieve('80FFFFFF-1735722000').catch((error: unknown) => error);
    t.ok(
      missing instanceof Conductor.InternalServerError && missing.status === 502,
      'an unknown id is an error of QuickBooks',
    );
    if (use.update === undefined) return;
    const changed = await use.update(made.id, made.revisionNumber);
    t.ok(Number(changed.revisionNumber) > Number(made.revisionNumber));
    t.strictSame(await use.retrieve(made.id), changed);
    const stale = await use.update(made.id, made.revisionNumber).catch((error: unknown) => error);
    t.match(stale, { status: 502, error: { error: { code: 'QBD_REQUEST_ERROR', integrationCode: '3200' } } });
  });
}
