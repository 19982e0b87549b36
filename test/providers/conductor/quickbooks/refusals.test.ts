// What QuickBooks and Conductor refuse: the whole envelope, and nothing is changed.
import t from 'tap';
import { expectError } from '../fixtures.ts';
import type { State } from './audit.ts';
import { type Books, type Json, openBooks, story } from './books.ts';
import { scene } from './refusal-scene.ts';
import { REFUSED_DOCUMENTS } from './refused-documents.ts';
import { REFUSED_INPUT } from './refused-input.ts';
import { REFUSED_OBJECTS } from './refused-objects.ts';

const REFUSALS = { ...REFUSED_INPUT, ...REFUSED_OBJECTS, ...REFUSED_DOCUMENTS };

/** Everything stored, without the times of requests, which a refused request moves as well. */
async function stored(books: Books): Promise<State> {
  const { integrationConnections: _, ...rest } = await books.state();
  return rest;
}

t.test('bad requests are refused with Conductor’s envelope, and change nothing', async (t) => {
  const books = await openBooks(t);
  let parent: string | undefined;
  for (const name of ['A', 'B', 'C', 'D', 'E']) {
    parent = (await books.make('classes', { name, ...(parent && { parentId: parent }) })).id;
  }
  const set = await scene(books);
  const before = await stored(books);
  for (const [situation, request] of Object.entries(REFUSALS)) {
    const [method, path, json, first, text] = request(set);
    const answer = await books.ask(method, path, json);
    await t.test(situation, async (t) => {
      if (text === undefined) expectError(t, answer, 400, 'INVALID_REQUEST_ERROR', 'PARAMETER_INVALID', first);
      else {
        const message = `QBD Request Error (${first}): ${text}`;
        expectError(t, answer, 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', message, first);
      }
    });
  }
  t.strictSame(await stored(books), before, 'nothing is changed');
  t.strictSame(await books.faults(), []);
});

story('what is dated on or before the closing date stays as it is', async (t, books) => {
  const state = await books.state();
  const files = (state.companyFiles as Json[]).map((file) => ({
    ...file,
    preferences: { ...file.preferences, accounting: { ...file.preferences.accounting, closingDate: '2025-01-11' } },
  }));
  const put = await books.server.call('PUT', '/__admin/state', {
    json: { conductor: { ...state, companyFiles: files } },
  });
  t.equal(put.status, 204);
  const [first, second] = (await books.list('invoices')) as [Json, Json];
  const why = 'The date of the transaction is on or before the closing date of the company.';
  const modifying = `There was an error when modifying a Invoice. QuickBooks error message: ${why}`;
  await books.refused(
    'DELETE',
    `invoices/${first.id}`,
    undefined,
    '3161',
    `Cannot delete the object specified by the id = "${first.id}". ${why}`,
  );
  await books.refused(
    'POST',
    `invoices/${first.id}/void`,
    undefined,
    '3161',
    `Cannot void the object specified by the id = "${first.id}". ${why}`,
  );
  const { revisionNumber } = first;
  await books.refused('POST', `invoices/${first.id}`, { revisionNumber, memo: 'x' }, '3171', modifying);
  await books.refused(
    'POST',
    `invoices/${first.id}`,
    { revisionNumber, transactionDate: '2025-02-01' },
    '3171',
    modifying,
  );
  const backdated = { revisionNumber: second.revisionNumber, transactionDate: '2025-01-11' };
  await books.refused('POST', `invoices/${second.id}`, backdated, '3171', modifying);
  t.equal(
    (await books.change('invoices', second.id, { memo: 'after the closing date' })).memo,
    'after the closing date',
  );
});

t.end();
