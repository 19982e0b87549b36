// 10,000 random sequences of sales and payments on a company file: the books and their model agree after every step.
import t from 'tap';
import { companyFile } from '../model/company-file.ts';
import { agrees, disagreement } from '../model/model-runner.ts';
import { fromEnvironment } from '../seeds.ts';

const sequences = fromEnvironment('COMPANY_FILE_SEQUENCES', 10_000);

t.test(`a company file agrees with its model in ${sequences} sequences`, { timeout: 3_500_000 }, (t) =>
  agrees(t, companyFile, { sequences, steps: 10 }),
);

t.test('a wrong model, in which an invoice stays paid when its payment is deleted, is detected', async (t) => {
  t.match((await disagreement(t, companyFile))?.at(-1), /^delete a transaction/);
});
