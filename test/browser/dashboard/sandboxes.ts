// Stories of sandboxes: find one among hundreds, create, reset and delete one.
import type { Story } from './dashboard-page.ts';

export const sandboxStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  for (let number = 0; number < 60; number++)
    await call('POST', '/__admin/sandboxes', { json: { name: `worker-${number}`, from: 'empty' } });
  await dashboard.visit('default');

  await dashboard.button(/^Sandbox default/).click();
  await page.getByRole('searchbox', { name: 'Find a sandbox' }).fill('WORKER-47');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'worker-47 sandbox' }).waitFor();
  t.match(page.url(), /\?sandbox=worker-47#overview$/, 'the address says which one');
  await dashboard.reload();
  await page.getByRole('heading', { name: 'worker-47 sandbox' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'default sandbox' }).waitFor();
  await dashboard.button(/^Sandbox default/).click();
  await page
    .locator('.choices')
    .getByRole('button', { name: /^worker-59/ })
    .click();
  await page.getByRole('heading', { name: 'worker-59 sandbox' }).waitFor();
  await page.goBack();

  await dashboard.button(/^Sandbox default/).click();
  await page
    .getByRole('dialog')
    .getByText(/^50 of \d+ sandboxes$/)
    .waitFor();
  const form = page.getByRole('form', { name: 'Create a sandbox' });
  await form.getByLabel('Name').fill('no such name');
  await form.getByRole('button').click();
  await form.getByText(/is not a sandbox name/).waitFor();
  await form.getByLabel('Name').fill('story-1');
  await form.getByLabel('a copy of this one').check();
  await form.getByRole('button').click();
  await page.getByRole('heading', { name: 'story-1 sandbox' }).waitFor();
  t.equal(await dashboard.rows('story-1', 'conductor', 'endUsers'), 9);

  await dashboard.button(/^Sandbox story-1/).click();
  await dashboard.button('Reset to no rows').click();
  await page.keyboard.press('Escape');
  t.equal(await dashboard.button('Reset to no rows').count(), 1, 'Escape takes back the question, not the dialog');
  await dashboard.button('Reset to no rows').click();
  t.equal(await dashboard.focused(), 'Empty');
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  t.equal(await dashboard.rows('story-1', 'conductor', 'endUsers'), 0);
  await page.getByRole('link', { name: 'endUsers 0' }).first().click();
  await page.getByText('There are no endUsers in story-1.').waitFor();

  await dashboard.button(/^Sandbox story-1/).click();
  await dashboard.button('Reset to the fixtures').click();
  await dashboard.button('Cancel').click();
  await dashboard.button('Reset to the fixtures').click();
  await dashboard.button('Reset').click();
  await page.getByRole('rowheader', { name: /end_usr_alice/ }).waitFor();

  await dashboard.button(/^Sandbox story-1/).click();
  await dashboard.button('Delete the sandbox').click();
  await dashboard.button('Delete').click();
  await dashboard.button(/^Sandbox default/).waitFor();
  t.equal((await call('GET', '/__admin/sandboxes/story-1')).status, 404);
  t.strictSame(dashboard.complaintsBut(/no%20such|400 \(Bad Request\)/), []);
};

/** A link to a sandbox that is not there makes none unasked. */
export const missingSandboxStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  await dashboard.visit(await dashboard.sandbox('busy'));
  // Events of the previous sandbox still arrive after another is selected: two events, one reload.
  const write = () => dashboard.send('DELETE', '/conductor/v1/end-users/nobody', 'busy');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const counted = '**/__admin/resources?sandbox=busy';
  await page.route(counted, async (route) => {
    await held;
    await route.continue();
  });
  await Promise.all([page.waitForRequest(counted), write()]);
  await Promise.all([page.waitForResponse(/\/requests\?.*since=/), write()]);
  await dashboard.go('lost', '#rows/pagecall/users');
  await page.getByText('There is no sandbox lost').waitFor();
  await Promise.all([page.waitForResponse(counted), release()]);
  await page.evaluate("fetch('/__admin/health').then((answer) => answer.text())");
  await page.unroute(counted);
  t.equal((await call('GET', '/__admin/sandboxes/lost')).status, 404, 'looking makes none');
  await dashboard.button('Create sandbox lost').click();
  await page.getByRole('rowheader', { name: /user-42/ }).waitFor();
  await dashboard.go('lost-2');
  await dashboard.button('Go to default').click();
  await page.getByRole('heading', { name: 'default sandbox' }).waitFor();
  t.strictSame(dashboard.complaintsBut(/404 \(Not Found\)/), []);
};

/** Base URLs and keys can be copied, where the browser lends its clipboard and where it does not. */
export const copyStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('copying');
  await dashboard.visit(name);
  await dashboard.button('Copy base URL of Conductor').click();
  await page.getByText('Copied base URL of Conductor').waitFor();
  t.equal(await page.evaluate('navigator.clipboard.readText()'), `${dashboard.url}/conductor/v1`);
  await page.context().clearPermissions();
  await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await dashboard.button('Copy apiKey of Pagecall').click();
  await page.getByText('Copied apiKey of Pagecall').waitFor();
  await dashboard.button('Copy apiKey of Pagecall').and(page.locator('[data-done=false]')).waitFor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  t.strictSame(dashboard.complaintsBut(), []);
};
