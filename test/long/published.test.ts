// A thousand random documents: each loads, and each response holds by a validator that the program does not use.
import fc from 'fast-check';
import t from 'tap';
import { checkDocument, randomDocuments } from '../published/random-documents.ts';
import { fromEnvironment, seedFrom } from '../seeds.ts';

const seed = seedFrom('PUBLISHED_SEED');
const documents = fromEnvironment('PUBLISHED_DOCUMENTS', 1000);

t.test(`${documents} random documents answer what their schemas accept`, { timeout: 600_000 }, async (t) => {
  t.comment(`PUBLISHED_SEED=${seed}`);
  const folder = t.testdir();
  await fc.assert(
    fc.asyncProperty(randomDocuments, (one) => checkDocument(one, folder)),
    { seed, numRuns: documents, endOnFailure: true },
  );
});
