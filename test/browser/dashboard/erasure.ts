// The erasure check leads from what is left of a person to the calls that remove it.
import type { Story } from './dashboard-page.ts';

export const erasureStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('erasure');
  await dashboard.visit(name, '#erasure');
  const check = page.getByRole('button', { name: 'Check', exact: true });
  await check.click();
  await page.getByText(/subjects: must name at least one/).waitFor();
  await page.getByLabel('Whom to look for').fill('alice@example.com\nuser-42');
  await check.click();
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByText(/residues of alice@example.com and user-42/).waitFor();
  t.match(await result.innerText(), /erase with\s+DELETE \/conductor\/v1\/end-users\/end_usr_alice000000042/);
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
    await page.getByText('The rows have left the tables.').waitFor();
    await dashboard.button('Done').click();
    const again = dashboard.button('Check again');
    await Promise.all([page.waitForResponse(/erasure-checks/), again.click()]);
    await page.locator('.verdict').waitFor();
    if (runs > 30) break;
  }
  await result.getByText('Nothing is left of alice@example.com and user-42.').waitFor();
  t.ok(runs >= 3 && runs < 30, `${runs} calls removed everything`);

  await page.getByLabel('requests and answers').check();
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
  await page.getByLabel('requests and answers').uncheck();
  await page.getByLabel('rows of all providers').uncheck();
  await check.click();
  await page.getByText(/include: must name at least one/).waitFor();
  t.strictSame(dashboard.complaintsBut(/400 \(Bad Request\)/), []);
};
