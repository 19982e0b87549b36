// Contacts and notes of a customer: updates change those that are there, in any order, and add none.
import { story } from './books.ts';

const gone = (id: string) => `Object "${id}" specified in the request cannot be found.`;

story('contacts and notes are changed in any order', async (t, books) => {
  const made = await books.make('customers', {
    name: 'Chandlery',
    additionalNotes: [{ note: 'one' }, { note: 'two' }, { note: 'three' }],
    additionalContacts: [{ firstName: 'Ada' }, { firstName: 'Bo', lastName: 'Lind' }],
  });
  const [ada, bo] = made.additionalContacts;
  const changed = await books.change('customers', made.id, {
    additionalContacts: [
      { id: bo.id, revisionNumber: bo.revisionNumber, lastName: 'Lund' },
      { id: ada.id, revisionNumber: ada.revisionNumber, firstName: 'Ida' },
    ],
    additionalNotes: [
      { id: 3, note: 'drei' },
      { id: 1, note: 'eins' },
    ],
  });
  const revisionNumber = String(Number(ada.revisionNumber) + 1);
  t.strictSame(changed.additionalContacts, [
    { ...ada, firstName: 'Ida', name: 'Ida', revisionNumber },
    { ...bo, lastName: 'Lund', name: 'Bo Lund', revisionNumber },
  ]);
  t.strictSame(changed.additionalNotes, [
    { id: 1, date: '2025-02-20', note: 'eins' },
    { id: 2, date: '2025-02-20', note: 'two' },
    { id: 3, date: '2025-02-20', note: 'drei' },
  ]);
});

story('an update adds neither contacts nor notes', async (t, books) => {
  const { id, revisionNumber } = await books.named('customers', 'Harbor Cafe');
  const refused = (json: object, missing: string) =>
    books.refused('POST', `customers/${id}`, { revisionNumber, ...json }, '3120', gone(missing));
  await refused({ additionalContacts: [{ id: '-1', revisionNumber: '1', firstName: 'New' }] }, '-1');
  await refused({ additionalNotes: [{ id: -1, note: 'New' }] }, '-1');
  t.match(await books.get(`customers/${id}`), { revisionNumber, additionalContacts: [], additionalNotes: [] });
});
