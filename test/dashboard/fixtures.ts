// Test data for the dashboard: resources from a server, receipts and journal entries.
import type { Test } from 'tap';
import type { JournalEntry, Receipt, Resource } from '../../src/control/schemas.ts';
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
export function entry(id: string, parts: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id,
    at: '2030-01-01T00:00:00.000Z',
    provider: 'pagecall',
    operation: 'GetUser',
    durationMs: 1,
    request: { method: 'GET', url: '/pagecall/v1/users/user-42', headers: {}, body: null },
    response: { status: 200, headers: {}, body: { name: 'Alice' } },
    delivered: true,
    ...parts,
  };
}
