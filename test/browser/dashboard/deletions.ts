// Stories of a deletion: dry run, confirmation, lost response, keyboard only.
import type { Story } from './dashboard-page.ts';

export const deletionStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('deletion');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await dashboard.visit(name, '#rows/pagecall/users');
  const row = page.getByRole('row', { name: /^Details of user-42/ });
  await dashboard.button('Details of user-42').click();
  const members = page.getByRole('region', { name: 'members, table' });
  const sessions = page.getByRole('region', { name: 'sessions, table' });
  await members.getByRole('row').nth(3).waitFor();
  await sessions.getByRole('row').nth(3).waitFor();
  t.equal(await members.getByRole('row').count(), 4, 'a head and three rows');
  t.equal(await sessions.getByRole('row').count(), 4);

  await row.getByRole('button', { name: 'Delete user-42…' }).click();
  const drawer = page.getByRole('dialog', { name: 'Delete from users user-42' });
  await drawer.getByText('Nothing has changed yet.').waitFor();
  const text = await drawer.innerText();
  t.match(text, /Dry run\s+DELETE \/pagecall\/v1\/users\/user-42\s+200/);
  t.match(text, /Would be deleted 4 rows/);
  t.match(text, /1 user named in the request/);
  t.match(text, /3 members via members\.user_id/);
  t.match(text, /Would be detached 3 rows/);
  t.match(text, /3 sessions user_id set to null/);
  t.equal(await members.locator('[data-mark=goes]').count(), 3, 'the rows that would go are marked');
  t.equal(await sessions.locator('[data-mark=stays]').count(), 3);
  t.match(await page.getByRole('link', { name: /^members/ }).innerText(), /−3/);
  await drawer.getByText('Request and response').click();
  t.match(await drawer.innerText(), /prefer\s+dry-run/);
  t.equal(await dashboard.rows(name, 'pagecall', 'users'), 7, 'nothing has gone');

  await dashboard.button('Delete for real').click();
  await drawer.getByText('The rows are deleted.').waitFor();
  t.match(await drawer.innerText(), /Deleted\s+DELETE \/pagecall\/v1\/users\/user-42\s+200[\s\S]*Deleted 4 rows/);
  await row.waitFor({ state: 'detached' });
  t.equal(await dashboard.rows(name, 'pagecall', 'users'), 6);
  await page
    .getByRole('link', { name: /^members 12/ })
    .first()
    .waitFor();
  await dashboard.button('Done').click();
  await drawer.waitFor({ state: 'detached' });
  // The focus does not get lost with the row.
  await page.waitForFunction("document.activeElement.id === 'content'");
  t.equal(await page.locator('[data-mark]').count(), 0);
  await page.emulateMedia({ reducedMotion: 'reduce' });

  await dashboard.go(name, '#overview');
  await page
    .getByRole('region', { name: 'Latest deletions' })
    .getByText('1 user and 3 members, 3 rows detached')
    .nth(1)
    .waitFor();
  t.strictSame(dashboard.complaintsBut(), []);
};

/** Even if the response is lost, the page shows what really happened. */
export const lostAnswerStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('lost-answer');
  const plan = (json: object) => call('POST', `/__admin/faults?sandbox=${name}`, { json });
  await dashboard.visit(name, '#rows/proficient/users');
  const open = async (id: string) => {
    await dashboard.button(`Delete ${id}…`).click();
    await page.getByText('Nothing has changed yet.').waitFor();
  };
  await open('u_Alice0000000000000000042');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  t.equal(await dashboard.focused(), 'Delete u_Alice0000000000000000042…');
  t.equal(await page.locator('[data-mark]').count(), 0, 'closed, nothing is marked any more');

  await plan({
    match: { operation: 'users_delete' },
    mode: { times: 1 },
    effect: { fault: 'reset' },
    phase: 'after-commit',
  });
  await open('u_Alice0000000000000000042');
  await dashboard.button('Delete for real').click();
  await page.getByText(/^The deletion took effect, but its response was lost/).waitFor();
  t.match(
    await page.getByRole('dialog').innerText(),
    /lost[\s\S]*Deleted 17 rows[\s\S]*14 messages via messages\.interaction_id/,
  );
  await dashboard.button('Done').click();

  await dashboard.go(name, '#rows/proficient/interactions');
  const first = page.getByRole('button', { name: /^Delete int_/ }).first();
  await first.click();
  await page.getByText('Nothing has changed yet.').waitFor();
  await dashboard.button('Delete for real').click();
  await page.getByText('The rows are deleted.').waitFor();
  t.match(
    await page.getByRole('dialog').innerText(),
    /1 interaction named in the request/,
    'its own user’s key is used',
  );
  await dashboard.button('Done').click();

  await dashboard.go(name, '#rows/conductor/endUsers');
  await plan({ match: { operation: 'endUsers.delete' }, mode: { times: 1 }, effect: { status: 503 } });
  await dashboard.button('Delete end_usr_alice000000042…').click();
  await page.getByText('Nothing has changed yet.').waitFor();
  await dashboard.button('Delete for real').click();
  await page.getByText('No rows were deleted; see the response below.').waitFor();
  await page.getByText('SERVICE_UNAVAILABLE').waitFor();
  await dashboard.button('Done').click();

  await dashboard.button('Delete end_usr_alice000000042…').click();
  await page.getByText('Nothing has changed yet.').waitFor();
  await dashboard.button('Cancel').click();
  // Between the click and the dry run another client deletes it.
  await page.route('**/__admin/resources/conductor/endUsers/*', async (route) => {
    await dashboard.send('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', name);
    await route.continue();
  });
  await dashboard.button('Delete end_usr_alice000000042…').click();
  await page.getByText('has no endUsers row with id "end_usr_alice000000042"').waitFor();
  t.equal(await dashboard.button('Delete for real').isDisabled(), true);
  await dashboard.button('Cancel').click();
  await page.unroute('**/__admin/resources/conductor/endUsers/*');
  t.strictSame(dashboard.complaintsBut(/ERR_CONNECTION_RESET|50[03] \(|404 \(/), []);
};

/** The whole way with the keyboard: to the row, into it, the dry run, the deletion, and out again. */
export const keyboardStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('keyboard');
  await dashboard.visit(name);
  await dashboard.reload();
  await page.getByRole('heading', { name: `${name} sandbox` }).waitFor();
  const { keyboard } = page;
  /** Presses Tab until it is there; what has the focus can be seen at every step. */
  const tabTo = async (wanted: RegExp) => {
    for (let steps = 0; steps < 60; steps++) {
      await keyboard.press('Tab');
      const at = await dashboard.focused();
      t.notMatch(at, 'UNSEEN');
      if (wanted.test(at)) return;
    }
    t.fail(`Tab does not lead to ${wanted}`);
  };
  await keyboard.press('Tab');
  t.equal(await dashboard.focused(), 'Skip to content');
  await tabTo(/^endUsers 9$/);
  await keyboard.press('Enter');
  await page.getByRole('rowheader', { name: /end_usr_alice/ }).waitFor();
  await page.locator('body').press('Home');
  await dashboard.button('Skip to content').focus();
  await keyboard.press('Enter');
  await tabTo(/^Details of end_usr_1234567abcdefg$/);
  await keyboard.press('ArrowDown');
  t.equal(await dashboard.focused(), 'Details of end_usr_alice000000042');
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowRight');
  await page.getByText('1 authSession via').waitFor();
  await keyboard.press('ArrowLeft');
  await page.getByText('1 authSession via').waitFor({ state: 'detached' });
  await keyboard.press('x');
  await tabTo(/^Delete end_usr_alice000000042…$/);
  await keyboard.press('Enter');
  await page.getByText('Nothing has changed yet.').waitFor();
  await tabTo(/^Delete for real$/);
  await keyboard.press('Enter');
  await page.getByText('The rows are deleted.').waitFor();
  await tabTo(/^Done$/);
  await keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  t.equal(await dashboard.rows(name, 'conductor', 'endUsers'), 8);
  t.strictSame(dashboard.complaintsBut(), []);
};
