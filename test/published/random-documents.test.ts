// Twenty random documents; `npm run test:long -- published` checks a thousand.
import fc from 'fast-check';
import t from 'tap';
import { checkDocument, randomDocuments } from './random-documents.ts';

t.test('every operation of a random valid document answers something that its schema accepts', async (t) => {
  const folder = t.testdir();
  await fc.assert(
    fc.asyncProperty(randomDocuments, (one) => checkDocument(one, folder)),
    { seed: 1, numRuns: 20, endOnFailure: true },
  );
});
