// The company file in the library: the customer's side of a test, over a socket and in process.
import t from 'tap';
import { ControlPlaneError } from '../../src/index.ts';
import { keyed, open, WAYS } from './open.ts';

const LARKSPUR = 'end_usr_larkspur000001';
const HARBOR = '8000002B-1735722000';
const INVOICE = '101-1736503200';

for (const { way, port } of WAYS) {
  t.test(`${way}: a test does what the customer does in QuickBooks`, async (t) => {
    const { fetch, sandbox } = await open(t, { port });
    const one = await sandbox();
    const { baseUrl, secretKey } = one.conductor;
    const books = async (path: string, method = 'GET') => {
      const headers = { ...keyed(secretKey), 'conductor-end-user-id': LARKSPUR };
      const response = await fetch(`${baseUrl}/quickbooks-desktop/${path}`, { method, headers });
      const body = (await response.json()) as { error?: { code: string; integrationCode?: string } };
      return [response.status, body.error?.integrationCode ?? body.error?.code];
    };
    const file = one.companyFile(LARKSPUR);
    const before = await file.edit(HARBOR);
    const after = await file.edit(HARBOR, { phone: '555-0199' });
    t.strictSame(
      { ...after, revisionNumber: 0, updatedAt: 0 },
      { ...before, phone: '555-0199', revisionNumber: 0, updatedAt: 0 },
    );
    t.not(after.revisionNumber, before.revisionNumber);

    t.strictSame(await file.lock(INVOICE), { computer: { state: 'online', phase: 'before' }, locked: [INVOICE] });
    t.strictSame(await books(`invoices/${INVOICE}`, 'DELETE'), [502, '3175']);
    t.strictSame(await file.unlock(INVOICE), { computer: { state: 'online', phase: 'before' }, locked: [] });

    t.strictSame((await file.goOffline()).computer.state, 'offline');
    t.strictSame(await books('company'), [409, 'INTEGRATION_CONNECTION_NOT_ACTIVE']);
    t.strictSame((await file.timeOut()).computer, { state: 'timing-out', phase: 'before' });
    t.strictSame(await books(`invoices/${INVOICE}`, 'DELETE'), [504, 'QBD_REQUEST_TIMEOUT']);
    t.strictSame((await file.goOnline()).computer.state, 'online');
    t.strictSame(await books(`invoices/${INVOICE}`), [200, undefined], 'without effect');
    t.strictSame((await file.timeOut('after-commit')).computer, { state: 'timing-out', phase: 'after-commit' });
    t.strictSame(await books(`invoices/${INVOICE}`, 'DELETE'), [504, 'QBD_REQUEST_TIMEOUT']);
    await file.goOnline();
    t.strictSame(await books(`invoices/${INVOICE}`), [502, '500'], 'with effect');

    t.match(await file.changePreferences({ accounting: { closingDate: '2025-01-31' } }), {
      accounting: { closingDate: '2025-01-31' },
    });
    await file.changePreferences({ accounting: { closingDate: null } });
    await t.rejects(file.deleteRecord(HARBOR), { constructor: ControlPlaneError, status: 409, message: /3160/ });
    await file.deleteRecord('8000002C-1735722000');
    t.strictSame(await books('customers/8000002C-1735722000'), [502, '500']);
  });
}
