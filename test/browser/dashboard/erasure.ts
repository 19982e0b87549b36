// Story of the erasure check: from the residues to the calls that remove them.
import type { Story } from './dashboard-page.ts';

export const erasureStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('erasure');
  await dashboard.visit(name, '#erasure');
  const check = page.getByRole('button', { name: 'Check', exact: true });
  await check.click();
  await page.getByText(/subjects: must name at least one/).waitFor();
  await page.getByLabel('Subjects').fill('alice@example.com\nuser-42');
  await check.click();
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByText(/residues of alice@example.com and user-42/).waitFor();
  t.match(await result.innerText(), /Erase with\s+DELETE \/conductor\/v1\/end-users\/end_usr_alice000000042/);
  t.match(await result.innerText(), /authSessions\s+auth_sess_\w+\s+endUserId\s+reference/);

  let runs = 0;
  for (
    const button = result.getByRole('button', { name: /^Dry run of DELETE/ }).first();
    await button.count();
    runs++
  ) {
    await button.click();
    await page.getByText('Nothing has changed yet.').waitFor();
    await dashboard.button('Delete for real').click();
    await page.getByText('The rows are deleted.').waitFor();
    await dashboard.button('Done').click();
    const again = dashboard.button('Check again');
    await Promise.all([page.waitForResponse(/erasure-checks/), again.click()]);
    await page.locator('.verdict').waitFor();
    if (runs > 30) break;
  }
  await result.getByText('Nothing is left of alice@example.com and user-42.').waitFor();
  t.ok(runs >= 3 && runs < 30, `${runs} calls removed everything`);

  await page.getByLabel('Subjects').fill('alice@example.com');
  await check.click();
  await result.getByText('4 linked identities searched too').click();
  await result.getByText(/^user_id of pagecall users user-42, 20/).waitFor();
  await page.getByLabel('linked identities').uncheck();
  await check.click();
  await result.getByText('Linked identities were not searched, only the given subjects.').waitFor();
  await page.getByLabel('linked identities').check();

  await page.getByLabel('Subjects').fill('ag_Lad8YCGGiDLiqIZPWRXmc2ix\nuser-1');
  await page.getByLabel('matches inside longer identifiers').check();
  await check.click();
  await result.getByText(/rows? cannot be removed/).waitFor();
  t.match(await result.innerText(), /would also delete rows of others, such as interactions int_/);
  await result.getByText('Inside longer identifiers', { exact: true }).waitFor();
  t.match(await result.innerText(), /user-17\s+user_id\s+inside/);
  await page.getByLabel('matches inside longer identifiers').uncheck();

  await page.getByLabel('Subjects').fill('alice@example.com\nuser-42');
  await page.getByLabel('requests and responses').check();
  await check.click();
  await result
    .getByText(/DELETE \/__admin\/requests/)
    .first()
    .waitFor();
  t.equal(
    await result.getByRole('button', { name: /^Dry run/ }).count(),
    0,
    'a call of the control plane has no dry run',
  );
  await page.getByLabel('requests and responses').uncheck();
  await page.getByLabel('rows of all providers').uncheck();
  await check.click();
  await page.getByText(/include: must name at least one/).waitFor();
  t.strictSame(dashboard.complaintsBut(/400 \(Bad Request\)/), []);
};
