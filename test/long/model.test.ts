// 10,000 random sequences of provider calls, and 10,000 on a company file: server and model agree after every step.
import t from 'tap';
import { companyFile } from '../model/company-file.ts';
import { conductor } from '../model/conductor.ts';
import { agrees, disagreement } from '../model/model-runner.ts';
import { pagecall } from '../model/pagecall.ts';
import { proficient } from '../model/proficient.ts';
import { fromEnvironment } from '../seeds.ts';

const LONG = { timeout: 300_000 };

t.test('Proficient agrees with its model in 3,000 sequences', LONG, (t) =>
  agrees(t, proficient, { sequences: 3000, steps: 14 }),
);

t.test('Pagecall agrees with its model in 2,500 sequences', LONG, (t) =>
  agrees(t, pagecall, { sequences: 2500, steps: 14 }),
);

t.test('Conductor agrees with its model in 4,500 sequences', LONG, (t) =>
  agrees(t, conductor, { sequences: 4500, steps: 14 }),
);

t.test('A QuickBooks company file agrees with its model in 10,000 sequences', { timeout: 1_100_000 }, (t) =>
  agrees(t, companyFile, { sequences: fromEnvironment('COMPANY_FILE_SEQUENCES', 10_000), steps: 14 }),
);

t.test('a wrong model, in which interactions outlive their user, is detected', async (t) => {
  t.match((await disagreement(t, proficient))?.at(-1), /^delete a user/);
});

t.test('a wrong model, in which sessions are deleted with their user, is detected', async (t) => {
  t.match((await disagreement(t, pagecall))?.at(-1), /^delete a user/);
});

t.test('a wrong model, in which auth sessions outlive their end-user, is detected', async (t) => {
  t.match((await disagreement(t, conductor))?.at(-1), /^delete an end-user/);
});

t.test('a wrong model, in which an invoice stays paid when its payment is deleted, is detected', async (t) => {
  t.match((await disagreement(t, companyFile))?.at(-1), /^delete a transaction/);
});
