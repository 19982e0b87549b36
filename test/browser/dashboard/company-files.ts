// Story of a company file: customers with what is open, an invoice with its links, registers, a void and a delete.
import type { Story } from './dashboard-page.ts';

const LARKSPUR = 'end_usr_larkspur000001';
const HARBOR = '8000002B-1735722000';
const INVOICE = '101-1736503200';
const QBD = '/conductor/v1/quickbooks-desktop';

export const companyFileStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('company-file');
  const send = (method: string, path: string, json?: object) =>
    dashboard.send(method, `${QBD}/${path}`, name, { 'conductor-end-user-id': LARKSPUR }, json);
  const table = (of: string) => page.getByRole('region', { name: `${of}, table` });
  const clock = { action: 'freeze', instant: '2025-03-01T12:00:00Z' };
  await call('PUT', `/__admin/clock?sandbox=${name}`, { json: clock });
  await dashboard.visit(name);
  const card = page.getByRole('region', { name: 'Conductor' });
  t.equal(
    await card.getByRole('listitem').filter({ visible: true }).count(),
    5,
    'what is kept in company files is folded',
  );
  await card.getByText(/^138 rows in 58 of 58 resources$/).click();
  await card.getByRole('link', { name: /^invoices 3$/ }).waitFor();
  await card.getByRole('link', { name: 'Company files' }).click();
  await table('Company files')
    .getByRole('row', { name: `Larkspur Supply Co. online – ${LARKSPUR}` })
    .waitFor();

  // The end-user's row leads there too.
  await dashboard.go(name, `#rows/conductor/endUsers/${LARKSPUR}`);
  await page.getByRole('row', { name: /1 companyFile and \d+ rows in the company file/ }).waitFor();
  await dashboard.button(`Details of ${LARKSPUR}`).click();
  await page.getByText(/^\d+ rows in the company file, deleted with it$/).click();
  await page.getByRole('heading', { name: '2 invoices via invoices.endUserId; deleted with it' }).waitFor();
  await dashboard.button(`Details of ${LARKSPUR}`).nth(1).click();
  await page.getByRole('link', { name: 'Open the company file' }).nth(1).waitFor();
  await page.getByRole('link', { name: 'Open the company file' }).first().click();

  await table('customers').getByRole('row', { name: 'Harbor Cafe 540.00 540.00' }).waitFor();
  t.equal(await table('customers').getByRole('row').count(), 4, 'a head, two customers and a job');
  await page.getByRole('searchbox').fill('refit');
  await page.getByRole('link', { name: 'Harbor Cafe' }).waitFor({ state: 'detached' });
  await table('customers').getByRole('row', { name: 'Kitchen Refit' }).waitFor();
  await page.getByRole('searchbox').fill('nobody');
  await page.getByText('There are no customers with “nobody” in their name.').waitFor();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('link', { name: 'Harbor Cafe' }).click();
  await table('Open invoices').getByRole('row', { name: '1001 2025-01-10 2025-02-09 540.00' }).waitFor();
  await page.getByText('Nothing was paid.').waitFor();

  // A payment comes in while the page is open.
  const pays = { applyToTransactions: [{ transactionId: INVOICE, paymentAmount: '540.00' }], refNumber: '7' };
  const payment = { customerId: HARBOR, transactionDate: '2025-02-01', totalAmount: '540.00', ...pays };
  t.equal((await send('POST', 'receive-payments', payment)).status, 200);
  await table('Payments').getByRole('row', { name: '7 2025-02-01 540.00 0.00' }).waitFor();
  await page.getByText('Nothing is open.').waitFor();
  await table('All transactions').getByRole('link', { name: 'Invoice 1001' }).click();
  await table('Lines').getByRole('row', { name: 'Widget Widget 10 50.00 500.00 Tax' }).waitFor();
  await table('links').getByRole('row', { name: 'Receive payment 7 paid or credited by 2025-02-01 540.00' }).waitFor();
  await table('postings').getByRole('row', { name: 'Sales Tax Payable State Tax Board State Tax 40.00' }).waitFor();
  t.match(await page.locator('.amounts').innerText(), /Balance remaining\s+0\.00/);
  await page.getByText('paid', { exact: true }).waitFor();

  await dashboard.button('Void…').click();
  const voids = page.getByRole('dialog', { name: `Void in invoices ${INVOICE}` });
  await voids.getByText('Nothing has changed yet.').waitFor();
  t.match(
    await voids.innerText(),
    /Dry run\s+POST \/conductor\S+\/void\s+200[\s\S]*Would reopen 1 transaction\s+Receive payment 7 2025-02-01\s+Unused payment 0\.00 → 540\.00/,
  );
  await dashboard.button('Cancel').click();

  await table('links').getByRole('link', { name: 'Receive payment 7' }).click();
  await page.getByRole('heading', { name: 'Receive payment 7' }).waitFor();
  await dashboard.button('Delete…').click();
  const drawer = page.getByRole('dialog', { name: /^Delete from receivePayments/ });
  await drawer.getByText('Nothing has changed yet.').waitFor();
  t.match(await drawer.innerText(), /Would be detached 1 row\s+1 invoice loses its link/);
  t.match(
    await drawer.innerText(),
    /Would reopen 1 transaction\s+Invoice 1001 2025-01-10[\s\S]*Balance remaining 0\.00 → 540\.00[\s\S]*Is paid yes → no/,
  );
  await dashboard.button('Delete for real').click();
  await drawer.getByText('The rows are deleted.').waitFor();
  t.match(await drawer.innerText(), /Reopened 1 transaction\s+Invoice 1001/);
  await dashboard.button('Done').click();
  await page.getByText('It is no longer there; this is how it was.').waitFor();

  await dashboard.go(name, `#books/${LARKSPUR}/record/${INVOICE}`);
  await dashboard.button('Void…').click();
  await page.getByText('Nothing has changed yet.').waitFor();
  await dashboard.button('Void for real').click();
  await page.getByText('It is void: it stays, without amounts, postings and links.').waitFor();
  await dashboard.button('Done').click();
  await page.getByRole('region', { name: 'Fields' }).getByText('VOID:').waitFor();
  t.match(await (await send('GET', `invoices/${INVOICE}`)).json(), { memo: 'VOID:', balanceRemaining: '0.00' });

  await call('POST', `/__admin/conductor/end-users/${LARKSPUR}/records/${INVOICE}/lock?sandbox=${name}`);
  await dashboard.button('Void…').click();
  await page.getByText('Nothing would be voided; see the response below.').waitFor();
  t.equal(await dashboard.button('Void for real').isDisabled(), true);
  await dashboard.button('Cancel').click();
  await call('POST', `/__admin/conductor/end-users/${LARKSPUR}/records/${INVOICE}/unlock?sandbox=${name}`);
  const fault = { match: { operation: 'qbd.invoices.void' }, mode: { times: 20 }, effect: { fault: 'reset' } };
  await call('POST', `/__admin/faults?sandbox=${name}`, { json: fault });
  await dashboard.button('Void…').click();
  await page.getByText('Nothing has changed yet.').waitFor();
  await dashboard.button('Void for real').click();
  await page.getByText('The response was lost; the record shows whether it took effect.').waitFor();
  await dashboard.button('Done').click();

  // All of it works with the keyboard.
  await page.getByRole('link', { name: 'Vendors' }).press('Enter');
  await table('vendors').getByRole('row', { name: 'Paper Mill Co 300.00' }).waitFor();
  await page.getByRole('link', { name: 'Paper Mill Co' }).press('Enter');
  await table('Open bills').getByRole('row', { name: 'PM-77 2025-01-15' }).waitFor();
  await page.getByRole('link', { name: 'Accounts', exact: true }).click();
  await page.getByText('Trial balance as of 2025-03-01: debits 15,410.00, credits 15,410.00').waitFor();
  await table('accounts').getByRole('row', { name: 'Checking Bank 11,190.00' }).waitFor();
  await page.getByRole('link', { name: 'Checking', exact: true }).click();
  await table('register')
    .getByRole('row', { name: /^Check 101 2025-01-05 Paper Mill Co.* 1,000\.00 11,000\.00$/ })
    .waitFor();
  await page.getByLabel('From').fill('2025-01-31');
  await page.getByText('Balance before 11,360.00').waitFor();
  t.equal(await table('register').getByRole('row').count(), 2);
  await page.getByLabel('To').fill('2025-01-30');
  await page.getByRole('alert').getByText('3030').waitFor();
  await page.getByLabel('From').fill('2025-01-25');
  await page.getByText('Nothing was posted between these days.').waitFor();

  const time = '2025-02-01T00:00:00.000Z';
  const row = { endUserId: LARKSPUR, createdAt: time, updatedAt: time, revisionNumber: '1' };
  const customers = Array.from({ length: 700 }, (_, number) => {
    const called = `Customer ${String(number).padStart(3, '0')}`;
    return { ...row, id: `C-${number}`, body: { name: called, fullName: called, isActive: number > 0 } };
  });
  await call('POST', `/__admin/state?sandbox=${name}`, { json: { conductor: { customers } } });
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByText('and 103 more; search for a name to see others.').waitFor();
  t.equal(await table('customers').getByRole('row').count(), 601);
  await table('customers').getByText('Customer 000 (inactive)').waitFor();
  await page.getByRole('searchbox').fill('Customer 69');
  await table('customers').getByRole('row').nth(10).waitFor();
  await page.getByText('and 103 more').waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Company files' }).first().click();
  await table('Company files').getByRole('row').nth(2).waitFor();
  await call('POST', `/__admin/reset?sandbox=${name}`, { json: { to: 'empty' } });
  await dashboard.reload();
  await page.getByText(`There are no company files in ${name}.`).waitFor();
  t.strictSame(dashboard.complaintsBut(/40[049]|502|ERR_CONNECTION_RESET/), []);
};
