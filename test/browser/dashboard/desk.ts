// Story of the customer's desk: a record is locked and deleted there, and the computer goes offline.
import type { Story } from './dashboard-page.ts';

const LARKSPUR = { 'conductor-end-user-id': 'end_usr_larkspur000001' };
const INVOICES = '/conductor/v1/quickbooks-desktop/invoices';
const INVOICE = `${INVOICES}/101-1736503200`;

export const deskStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('desk');
  const status = async (method: string, path: string) => (await dashboard.send(method, path, name, LARKSPUR)).status;
  await dashboard.visit(name, '#rows/conductor/invoices/101-1736503200');
  await dashboard.button('Details of 101-1736503200').click();
  await dashboard.button('Lock').click();
  await page.getByText('It is open in a window').waitFor();
  t.equal(await status('DELETE', INVOICE), 502);

  await dashboard.go(name, '#rows/conductor/customers/8000002B-1735722000');
  await dashboard.button('Details of 8000002B-1735722000').click();
  await dashboard.button('Delete at the desk').click();
  await page.getByRole('alert').getByText('3160').waitFor();

  await dashboard.go(name, '#rows/conductor/companyFiles/larkspur');
  await dashboard.button('Details of end_usr_larkspur000001').click();
  await dashboard.button('Go offline').click();
  await page.getByText('The computer is offline: requests fail at once.').waitFor();
  t.equal(await status('GET', INVOICES), 409);
  await dashboard.button('Go online').click();
  await page.getByText('The computer is online.').waitFor();
  t.equal(await status('GET', INVOICES), 200);
  // The browser reports the refusal of the control plane too.
  t.strictSame(dashboard.complaintsBut(/409/), []);
};
