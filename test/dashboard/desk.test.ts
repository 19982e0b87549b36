// What the dashboard offers to do at the customer's desk, by row.
import t from 'tap';
import { deskActions } from '../../src/dashboard/model/desk.ts';
import { resourcesOf } from './fixtures.ts';

t.test('records and company files have actions at the desk, and no other rows', async (t) => {
  const resources = await resourcesOf(t);
  const actions = (name: string, row: object) => {
    const resource = resources.find((one) => one.name === name);
    if (resource === undefined) throw new Error(name);
    return deskActions(resource, { ...row }).map(({ label, path, body }) => [label, path, body]);
  };
  const record = { id: 'A/1', endUserId: 'end_usr_1', revisionNumber: '1' };
  const path = '/conductor/end-users/end_usr_1';
  t.strictSame(actions('invoices', record), [
    ['Save at the desk', `${path}/records/A%2F1/edit`, {}],
    ['Lock', `${path}/records/A%2F1/lock`, {}],
    ['Unlock', `${path}/records/A%2F1/unlock`, {}],
    ['Delete at the desk', `${path}/records/A%2F1/delete`, {}],
  ]);
  t.strictSame(actions('companyFiles', { endUserId: 'end_usr_1' }), [
    ['Go online', `${path}/computer`, { state: 'online', phase: 'before' }],
    ['Go offline', `${path}/computer`, { state: 'offline', phase: 'before' }],
    ['Time out', `${path}/computer`, { state: 'timing-out', phase: 'before' }],
    ['Time out after commit', `${path}/computer`, { state: 'timing-out', phase: 'after-commit' }],
  ]);
  t.strictSame(actions('endUsers', { id: 'end_usr_1' }), []);
  t.strictSame(actions('rooms', record), []);
});
