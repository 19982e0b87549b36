// Stories of snapshots (create, compare, restore, export, delete) and of the clock.
import { readFileSync } from 'node:fs';
import type { Story } from './dashboard-page.ts';

export const snapshotStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('snapshots');
  await dashboard.visit(name, '#snapshots');
  await page.getByText(`No snapshots of ${name} yet.`).waitFor();
  const make = async (text: string) => {
    await page.getByLabel('Name of the snapshot').fill(text);
    await dashboard.button('Create snapshot').click();
  };
  await make('before');
  await page.getByRole('heading', { name: 'before' }).waitFor();
  await make('before');
  await page.getByText(/Snapshot before already exists/).waitFor();

  await dashboard.button('What changed since before').click();
  await page.getByText('No changes.').waitFor();
  await dashboard.send('DELETE', '/pagecall/v1/users/user-42', name);
  await dashboard.send('POST', '/pagecall/v1/users', name, {}, { user_id: 'nora' });
  const diff = page.locator('.diff');
  await diff.getByText('1 inserted and 1 deleted').waitFor();
  t.match(await diff.innerText(), /users\s+1 inserted and 1 deleted\s+−\s+deleted\s+user-42\s+\+\s+inserted\s+nora/);
  t.match(await diff.innerText(), /sessions\s+3 updated[\s\S]*user_id\s+user-42\s+nothing/);

  const exported = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export before' }).click();
  const download = await exported;
  t.equal(download.suggestedFilename(), 'before.sqlite');
  t.equal(
    readFileSync(await download.path())
      .subarray(0, 15)
      .toString(),
    'SQLite format 3',
  );

  await dashboard.button('Restore before').click();
  await page.getByText(`Restore ${name} to before?`).waitFor();
  await dashboard.button('Restore').click();
  await page.getByText('No changes.').waitFor();
  t.equal(await dashboard.rows(name, 'pagecall', 'users'), 7);
  await dashboard.call('DELETE', `/__admin/snapshots/before?sandbox=${name}`);
  await dashboard.button('Delete before').click();
  await dashboard.button('Delete').click();
  await page.getByText(`Sandbox ${name} has no snapshot before`).waitFor();
  await make('after');
  await dashboard.button('Delete after').click();
  await dashboard.button('Delete').click();
  await page.getByText(`No snapshots of ${name} yet.`).waitFor();
  t.strictSame(dashboard.complaintsBut(/40[49] \(/), []);
};

export const clockStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('clock');
  await dashboard.send(
    'POST',
    '/conductor/v1/auth-sessions',
    name,
    {},
    {
      publishableKey: 'pk_conductor_test',
      endUserId: 'end_usr_alice000000042',
    },
  );
  await dashboard.visit(name);
  await dashboard.button(/^Clock/).click();
  const dialog = page.getByRole('dialog', { name: 'Clock' });
  await dialog.getByText('real time').first().waitFor();
  await dialog.getByLabel('Advance by').fill('52');
  await dialog.getByLabel('Unit').selectOption('weeks');
  await dashboard.button('Advance').click();
  await dialog.getByText('Fell due').waitFor();
  t.match(await dialog.innerText(), /364 d ahead/);
  t.match(await dialog.innerText(), /authSessions\s+auth_sess_\w+\s+expired/);
  await dashboard.button('Advance').click();
  await dialog.getByText('Nothing fell due.').waitFor();
  await dialog.getByLabel('Advance by').fill('soon');
  await dashboard.button('Advance').click();
  await dialog.getByText(/takes an ISO 8601 duration/).waitFor();
  await dashboard.button('Freeze').click();
  await dialog.getByText('frozen').waitFor();
  t.equal((await call('GET', `/__admin/clock?sandbox=${name}`)).body.frozen, true);
  t.match(await page.locator('.clock').innerText(), /frozen/);
  await dashboard.button('Back to real time').click();
  await dialog.getByText('real time').first().waitFor();
  await dashboard.button('Close').click();
  await dialog.waitFor({ state: 'detached' });
  t.match(await dashboard.focused(), /^Clock/);
  t.strictSame(dashboard.complaintsBut(/400 \(Bad Request\)/), []);
};
