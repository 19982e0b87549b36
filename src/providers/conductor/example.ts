// Example mode, for SDK test suites generated from the published document: the document's example end-user always
// exists.
import type { Database } from '../../core/storage/database.ts';

const EXAMPLE_TIME = '2024-01-01T12:34:56.789Z';

/** The end-user of the published examples (documented). */
export const EXAMPLE = {
  id: 'end_usr_1234567abcdefg',
  companyName: 'Acme Inc.',
  sourceId: '12345678-abcd-abcd-example-1234567890ab',
  email: 'bob@acme.com',
  connectionId: 'int_conn_1234567abcdefg',
} as const;

/** Recreates the example end-user and its connection if it was deleted (our choice). */
export function restoreExample(db: Database): void {
  db.transaction(() => {
    const added = db.run(
      `insert into conductor_endUsers (id, createdAt, companyName, sourceId, email) values (?, ?, ?, ?, ?)
       on conflict (id) do nothing`,
      EXAMPLE.id,
      EXAMPLE_TIME,
      EXAMPLE.companyName,
      EXAMPLE.sourceId,
      EXAMPLE.email,
    );
    if (added === 0) return;
    db.run(
      `insert into conductor_integrationConnections
         (id, endUserId, createdAt, integrationSlug, lastRequestAt, lastSuccessfulRequestAt)
       values (?, ?, ?, 'quickbooks_desktop', ?, ?) on conflict do nothing`,
      EXAMPLE.connectionId,
      EXAMPLE.id,
      EXAMPLE_TIME,
      EXAMPLE_TIME,
      EXAMPLE_TIME,
    );
  });
}
