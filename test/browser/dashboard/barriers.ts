// Story of a barrier: shown, met by two requests, removed.
import type { Story } from './dashboard-page.ts';

export const barrierStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('barriers');
  const alice = '/conductor/v1/end-users/end_usr_alice000000042';
  const plan = (json: object) => call('POST', `/__admin/barriers?sandbox=${name}`, { json });
  await plan({ first: { operation: 'endUsers.delete' }, second: { operation: 'endUsers.retrieve' } });
  await plan({ first: { operation: 'DeleteUser' }, timeoutMs: 20 });
  await dashboard.visit(name, '#faults');
  const planned = page.getByRole('region', { name: 'Barriers' }).getByRole('listitem');
  await planned.nth(1).waitFor();
  t.match(
    await planned.nth(1).innerText(),
    /^endUsers\.delete, then endUsers\.retrieve\s+both wait until the other has arrived, for 5000 ms at most\s+0 of 1 pair met waiting/,
  );
  const [gone, read] = await Promise.all([dashboard.send('DELETE', alice, name), dashboard.send('GET', alice, name)]);
  t.strictSame([gone.status, read.status], [200, 404]);
  await planned.nth(1).getByText('1 of 1 pair met').waitFor();
  await dashboard.send('DELETE', '/pagecall/v1/users/user-42', name);
  await planned.first().getByText('timed out', { exact: true }).waitFor();
  const remove = planned.first().getByRole('button', { name: /^Remove the barrier for DeleteUser, then DeleteUser/ });
  await page.route('**/__admin/barriers/*', (route) => route.abort());
  await remove.click();
  await page.getByText('Understudy does not respond.').waitFor();
  await page.unroute('**/__admin/barriers/*');
  await remove.click();
  await page.getByText('DeleteUser, then DeleteUser').waitFor({ state: 'detached' });
  t.equal(await planned.count(), 1);
  t.strictSame(dashboard.complaintsBut(/404 \(|ERR_FAILED/), []);
};
