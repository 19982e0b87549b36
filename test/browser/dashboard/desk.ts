// Story of the customer's desk: records are edited, locked and deleted there, the computer goes offline, books are closed.
import type { Story } from './dashboard-page.ts';

const LARKSPUR = 'end_usr_larkspur000001';
const INVOICES = '/conductor/v1/quickbooks-desktop/invoices';
const INVOICE = '101-1736503200';
const HARBOR = '8000002B-1735722000';

export const deskStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('desk');
  const send = (method: string, path: string) =>
    dashboard.send(method, path, name, { 'conductor-end-user-id': LARKSPUR });
  const file = async () =>
    (await call('GET', `/__admin/resources/conductor/companyFiles/${LARKSPUR}?sandbox=${name}`)).body.row;
  await dashboard.visit(name, `#rows/conductor/invoices/${INVOICE}`);
  await dashboard.button(`Details of ${INVOICE}`).click();
  await page.getByRole('link', { name: 'Open in the company file' }).click();
  await page.getByRole('heading', { name: 'Invoice 1001' }).waitFor();
  const revision = async () =>
    ((await (await send('GET', `${INVOICES}/${INVOICE}`)).json()) as { revisionNumber: string }).revisionNumber;
  const before = await revision();

  await dashboard.button('Edit').click();
  await page.getByLabel('Changes').fill('memo');
  await dashboard.button('Save').click();
  await page.getByRole('alert').getByText('JSON').waitFor();
  await page.getByLabel('Changes').fill('{"memo": "Checked by phone"}');
  await dashboard.button('Save').click();
  await page.getByText('It is saved and has a new revision number.').waitFor();
  await page.getByRole('region', { name: 'Fields' }).getByText('Checked by phone').waitFor();
  t.not(await revision(), before);

  await dashboard.button('Lock').click();
  await page.getByText('It is open in a window: the API').waitFor();
  await page.getByText('in a window at the desk').waitFor();
  t.equal((await send('DELETE', `${INVOICES}/${INVOICE}`)).status, 502);
  await page.getByRole('link', { name: 'At the desk' }).click();
  await dashboard.button(`Unlock ${INVOICE}`).click();
  await page.getByText('No record is; each has a button that opens it in one.').waitFor();

  await dashboard.button('Go offline').click();
  await page.getByText('The computer is offline: requests fail at once.').waitFor();
  await page.getByText('computer offline', { exact: true }).waitFor();
  t.equal((await send('GET', INVOICES)).status, 409);
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('link', { name: 'Harbor Cafe' }).waitFor();
  await page.getByRole('link', { name: 'At the desk' }).click();
  await dashboard.button('Time out after commit').click();
  await page.getByText('computer times out after the commit', { exact: true }).waitFor();
  t.equal((await send('GET', INVOICES)).status, 504);
  await dashboard.button('Go online').click();
  await page.getByText('The computer is online.').waitFor();
  t.equal((await send('GET', INVOICES)).status, 200);

  await page.getByLabel('Closing date').fill('2025-01-31');
  await dashboard.button('Close the books').click();
  await page.getByText('The books are closed until 2025-01-31.').waitFor();
  await page.getByText('closed until 2025-01-31', { exact: true }).waitFor();
  t.equal((await send('DELETE', `${INVOICES}/${INVOICE}`)).status, 502);
  await dashboard.button('Open them').click();
  await page.getByText('The books are open.').waitFor();
  t.equal(await page.getByLabel('Closing date').inputValue(), '');
  await page.getByLabel('sales tax').uncheck();
  await page.getByText('Sales tax is off.').waitFor();
  await page.getByLabel('apps may read personal data').check();
  await page.getByText('Apps may read personal data.').waitFor();
  t.match((await file()).preferences, {
    ...{ salesTax: null, appAccessRights: { isPersonalDataAccessAllowed: true }, accounting: { closingDate: null } },
  });
  await page.getByLabel('sales tax').check();
  await page.getByText('Sales tax is on.').waitFor();

  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('link', { name: 'Harbor Cafe' }).click();
  await page.getByRole('heading', { name: 'Harbor Cafe' }).waitFor();
  await dashboard.button('Delete there').click();
  await dashboard.button('Delete').click();
  await page.getByRole('alert').getByText('3160').waitFor();
  t.equal((await call('GET', `/__admin/resources/conductor/customers/${HARBOR}?sandbox=${name}`)).status, 200);
  await dashboard.go(name, `#books/${LARKSPUR}/record/${INVOICE}`);
  await page.getByRole('heading', { name: 'Invoice 1001' }).waitFor();
  await dashboard.button('Delete there').click();
  await dashboard.button('Delete').click();
  await page.getByText('It is no longer there; this is how it was.').waitFor();
  t.equal((await send('GET', `${INVOICES}/${INVOICE}`)).status, 502);
  // The browser reports the refusals of the control plane too.
  t.strictSame(dashboard.complaintsBut(/40[49]/), []);
};
