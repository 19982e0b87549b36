// Snapshots are made, compared, restored, exported and forgotten; the clock is moved.
import { readFileSync } from 'node:fs';
import type { Story } from './stage.ts';

export const snapshotStory: Story = async (t, stage) => {
  const { page } = stage;
  const name = await stage.sandbox('snapshots');
  await stage.visit(name, '#snapshots');
  await page.getByText(`No snapshots of ${name} yet.`).waitFor();
  const make = async (text: string) => {
    await page.getByLabel('Name of the snapshot').fill(text);
    await stage.button('Create snapshot').click();
  };
  await make('before');
  await page.getByRole('heading', { name: 'before' }).waitFor();
  await make('before');
  await page.getByText(/There is a snapshot named before already/).waitFor();

  await stage.button('What changed since before').click();
  await page.getByText('No changes.').waitFor();
  await stage.send('DELETE', '/pagecall/v1/users/user-42', name);
  await stage.send('POST', '/pagecall/v1/users', name, {}, { user_id: 'nora' });
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

  await stage.button('Restore before').click();
  await page.getByText(`Restore ${name} to before?`).waitFor();
  await stage.button('Restore').click();
  await page.getByText('No changes.').waitFor();
  t.equal(await stage.rows(name, 'pagecall', 'users'), 7);
  await stage.call('DELETE', `/__admin/snapshots/before?sandbox=${name}`);
  await stage.button('Delete before').click();
  await stage.button('Delete').click();
  await page.getByText(`Sandbox ${name} has no snapshot before`).waitFor();
  await make('after');
  await stage.button('Delete after').click();
  await stage.button('Delete').click();
  await page.getByText(`No snapshots of ${name} yet.`).waitFor();
  t.strictSame(stage.complaintsBut(/40[49] \(/), []);
};

export const clockStory: Story = async (t, stage) => {
  const { page, call } = stage;
  const name = await stage.sandbox('clock');
  await stage.send(
    'POST',
    '/conductor/v1/auth-sessions',
    name,
    {},
    {
      publishableKey: 'pk_conductor_test',
      endUserId: 'end_usr_alice000000042',
    },
  );
  await stage.visit(name);
  await stage.button(/^Clock/).click();
  const dialog = page.getByRole('dialog', { name: 'Clock' });
  await dialog.getByText('real time').first().waitFor();
  await dialog.getByLabel('Advance by').fill('52');
  await dialog.getByLabel('Unit').selectOption('weeks');
  await stage.button('Advance').click();
  await dialog.getByText('Fell due').waitFor();
  t.match(await dialog.innerText(), /364 d ahead/);
  t.match(await dialog.innerText(), /authSessions\s+auth_sess_\w+\s+expired/);
  await stage.button('Advance').click();
  await dialog.getByText('Nothing fell due.').waitFor();
  await dialog.getByLabel('Advance by').fill('soon');
  await stage.button('Advance').click();
  await dialog.getByText(/takes an ISO 8601 duration/).waitFor();
  await stage.button('Freeze').click();
  await dialog.getByText('frozen').waitFor();
  t.equal((await call('GET', `/__admin/clock?sandbox=${name}`)).body.frozen, true);
  t.match(await page.locator('.clock').innerText(), /frozen/);
  await stage.button('Back to real time').click();
  await dialog.getByText('real time').first().waitFor();
  await stage.button('Close').click();
  await dialog.waitFor({ state: 'detached' });
  t.match(await stage.focused(), /^Clock/);
  t.strictSame(stage.complaintsBut(/400 \(Bad Request\)/), []);
};
