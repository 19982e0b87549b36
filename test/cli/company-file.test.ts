// `understudy company-file`: what a customer does at the desk, typed.
import t, { type Test } from 'tap';
import { listening } from '../harness.ts';
import { printed, typed, typing } from './shell.ts';

const LARKSPUR = 'end_usr_larkspur000001';
const HARBOR = '8000002B-1735722000';
const INVOICE = '101-1736503200';

async function start(t: Test) {
  const { url, call } = await listening(t);
  const headers = { authorization: 'Bearer sk_conductor_test', 'conductor-end-user-id': LARKSPUR };
  const books = async (path: string, method = 'GET') => {
    const { status, body } = await call(method, `/conductor/v1/quickbooks-desktop/${path}`, { headers });
    return { status, body, code: body.error?.integrationCode ?? body.error?.code };
  };
  return { url, books, type: typing(url) };
}

t.test('records are edited, locked, unlocked and deleted', async (t) => {
  const { url, books, type } = await start(t);
  const word = `company-file edit ${LARKSPUR} ${HARBOR}`;
  t.strictSame(await type(word, '{"phone":"555-0199"}'), printed(''));
  const { body } = await books(`customers/${HARBOR}`);
  t.equal(body.phone, '555-0199');
  t.strictSame(await type(word), printed(''), 'saved as it is');
  const saved = await typed([...word.split(' '), '-', '--json', '--url', url], { input: '{"fax":"555-0198"}' });
  t.match(JSON.parse(saved.out), { phone: '555-0199', fax: '555-0198' });
  t.not(JSON.parse(saved.out).revisionNumber, body.revisionNumber);
  t.match(await type(word, '{'), { code: 2, err: /The argument is not JSON/ });

  t.strictSame(await type(`company-file lock ${LARKSPUR} ${INVOICE}`), printed(''));
  t.match(await books(`invoices/${INVOICE}`, 'DELETE'), { status: 502, code: '3175' });
  t.strictSame(await type(`company-files unlock ${LARKSPUR} ${INVOICE}`), printed(''), 'in the other number');
  t.strictSame(await type(`company-file delete ${LARKSPUR} ${INVOICE}`), printed(''));
  t.match(await books(`invoices/${INVOICE}`), { status: 502, code: '500' });
  t.match(await type(`company-file rm ${LARKSPUR} ${HARBOR}`), { code: 2, err: /3160/ });
});

t.test('the computer goes offline, times out and comes back; show says which, and what is locked', async (t) => {
  const { books, type } = await start(t);
  const show = async () => (await type(`company-file show ${LARKSPUR}`)).out;
  t.equal(await show(), 'COMPUTER  LOCKED\nonline    none\n');
  await type(`company-file offline ${LARKSPUR}`);
  t.match(await books('company'), { status: 409, code: 'INTEGRATION_CONNECTION_NOT_ACTIVE' });
  t.strictSame(await type(`company-file time-out ${LARKSPUR}`), printed(''));
  t.match(await show(), /timing-out \(before\)/);
  t.match(await books('company'), { status: 504, code: 'QBD_REQUEST_TIMEOUT' });
  await type(`company-file time-out ${LARKSPUR} --phase after-commit`);
  await type(`company-file lock ${LARKSPUR} ${INVOICE}`);
  t.equal(await show(), `COMPUTER                   LOCKED\ntiming-out (after-commit)  ${INVOICE}\n`);
  t.match(await books(`invoices/${INVOICE}`, 'DELETE'), { status: 502 });
  await type(`company-file online ${LARKSPUR}`);
  t.strictSame(JSON.parse((await type(`company-file ${LARKSPUR} --json`.replace('file ', 'file show '))).out), {
    computer: { state: 'online', phase: 'before' },
    locked: [INVOICE],
  });
  t.match(await books('company'), { status: 200 });
  t.match(await type('company-file show end_usr_nobody'), { code: 2, err: /end_usr_nobody/ });
  t.match(await type(`company-file time-out ${LARKSPUR} --phase later`), { code: 2, err: /before, after-commit/ });
});

t.test('preferences are changed', async (t) => {
  const { books, type } = await start(t);
  const line = `company-file preferences ${LARKSPUR}`;
  t.strictSame(await type(line, '{"accounting":{"closingDate":"2025-01-31"}}'), printed(''));
  t.match(await books(`invoices/${INVOICE}`, 'DELETE'), { status: 502, code: '3161' });
  const { out } = await type(line, '{"salesTax":null}', '--json');
  t.match(JSON.parse(out), { salesTax: null, accounting: { closingDate: '2025-01-31' } });
  t.match(await type(line), { code: 2, err: /Missing required argument 'changes\|-'/ });
});
