// The page while the server is down, while it is hidden, and with the providers on another origin.
import type { Browser } from 'playwright-core';
import type { Test } from 'tap';
import { openAdminPort } from '../../../src/control/admin-port.ts';
import { httpOptions } from '../../../src/server.ts';
import { listening } from '../../harness.ts';
import { DashboardPage, type Story } from './dashboard-page.ts';

export const outageStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  // Intervals run every 100 ms, so that the test does not wait for the header's clock.
  await page.addInitScript('const { setInterval: every } = window; window.setInterval = (tick) => every(tick, 100)');
  const name = await dashboard.sandbox('weather');
  await dashboard.visit(name, '#rows/conductor/endUsers');
  const row = page.getByRole('row', { name: /end_usr_alice/ });
  await row.waitFor();
  await dashboard.hide(true);
  await dashboard.send('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', name);
  t.equal(await row.count(), 1, 'a hidden page does not update');
  await dashboard.hide(false);
  await row.waitFor({ state: 'detached' });

  await page.context().setOffline(true);
  await dashboard.hide(false);
  await page.getByText('Connecting…').waitFor();
  await page.getByRole('link', { name: /^authSessions/ }).click();
  await page.getByText('Understudy does not respond. Is it still running?').first().waitFor();
  t.equal(await page.getByRole('navigation', { name: 'Panels' }).isVisible(), true, 'what is known stays in sight');
  await page.context().setOffline(false);
  await dashboard.hide(false);
  await page.getByText('Live', { exact: true }).waitFor();
  await page
    .getByRole('rowheader', { name: /auth_sess_/ })
    .first()
    .waitFor();

  await call('POST', `/__admin/reset?sandbox=${name}`);
  await page.route('**/__admin/resources?*', (route) => route.abort());
  await dashboard.reload();
  await page.getByText('Understudy does not respond.').waitFor();
  await page.unroute('**/__admin/resources?*');
  await dashboard.button('Try again').click();
  await page
    .getByRole('rowheader', { name: /auth_sess_/ })
    .first()
    .waitFor();
  await page.route('**/__admin/faults?*', (route) => route.abort());
  await dashboard.reload();
  await page.getByText('Understudy does not respond.').waitFor();
  await page.unroute('**/__admin/faults?*');
  t.strictSame(dashboard.complaintsBut(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK_CHANGED/), []);
};

/** With the control plane on a port of its own, the page shows the DELETE for a shell, and what came of it. */
export async function adminPortStory(t: Test, browser: Browser): Promise<DashboardPage> {
  const { app, url, call } = await listening(t, { adminPortOnly: true });
  const server = await openAdminPort(app, { port: 0, host: '127.0.0.1', http: httpOptions() });
  const { port } = server.address() as { port: number };
  const dashboard = await DashboardPage.at(t, browser, `http://127.0.0.1:${port}`, call);
  const { page } = dashboard;
  await dashboard.visit('default', '#rows/pagecall/users');
  await dashboard.button('Delete user-42…').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/this page cannot send requests to the providers/).waitFor();
  const path = '/pagecall/v1/users/user-42';
  t.match(
    await dialog.innerText(),
    `curl -i -X DELETE ${url}${path} -H 'authorization: Bearer pagecall_test_key' -H 'Prefer: dry-run'`,
  );
  t.equal(
    (await fetch(url + path, { method: 'DELETE', headers: { authorization: 'Bearer pagecall_test_key' } })).status,
    200,
  );
  await dashboard.button('Done').click();
  await page.getByRole('row', { name: /user-42/ }).waitFor({ state: 'detached' });

  // Company files are read all the same.
  await dashboard.go('default', '#books/end_usr_larkspur000001/record/103-1736676000');
  await dashboard.button('Void…').click();
  const voiding = `${url}/conductor/v1/quickbooks-desktop/invoices/103-1736676000/void`;
  await dialog.getByText(`curl -i -X POST ${voiding}`).first().waitFor();
  await dashboard.button('Done').click();
  t.strictSame(dashboard.complaintsBut(), []);
  await dashboard.coverage.keep();
  return dashboard;
}
