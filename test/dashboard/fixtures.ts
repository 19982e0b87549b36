// Resources as the control plane describes them, for tests of what the dashboard makes of them.
import type { Test } from 'tap';
import type { Entry, Receipt, Resource } from '../../src/dashboard/model/answers.ts';
import { testServer } from '../harness.ts';

/** The resources of a fresh sandbox, from the server itself. */
export async function resourcesOf(t: Test): Promise<readonly Resource[]> {
  const { call } = await testServer(t);
  return (await call('GET', '/__admin/resources')).body.resources;
}

/** A receipt with the parts that matter to a test. */
export function receipt(parts: Partial<Receipt>): Receipt {
  return {
    requestId: 'r1',
    at: '2030-01-01T00:00:00.000Z',
    provider: 'pagecall',
    operation: 'DeleteUser',
    root: { resource: 'users', id: 'user-42' },
    deleted: [],
    detached: [],
    counts: { users: 1 },
    dryRun: false,
    answered: true,
    ...parts,
  };
}

/** A journal entry with the parts that matter to a test. */
export function entry(id: string, parts: Partial<Entry> = {}): Entry {
  return {
    id,
    at: '2030-01-01T00:00:00.000Z',
    provider: 'pagecall',
    operation: 'GetUser',
    durationMs: 1,
    request: { method: 'GET', url: '/pagecall/v1/users/user-42', headers: {}, body: null },
    response: { status: 200, headers: {}, body: { name: 'Alice' } },
    ...parts,
  };
}
