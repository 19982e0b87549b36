// Story of a planned fault: planned, rejected, injected, spent, removed.
import type { Story } from './dashboard-page.ts';

export const faultStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('faults');
  await dashboard.visit(name, '#faults');
  await page.getByText('No faults planned.').waitFor();
  const form = page.getByRole('form', { name: 'Plan a fault' });
  const plan = form.getByRole('button', { name: 'Plan the fault' });
  const planned = page.getByRole('region', { name: 'Planned faults' }).getByRole('listitem');

  await form.getByLabel('Provider', { exact: true }).selectOption('Conductor');
  await form.getByLabel('Operation', { exact: true }).selectOption('endUsers.delete');
  t.equal(
    await form.getByLabel('Error', { exact: true }).inputValue(),
    '503 SERVICE_UNAVAILABLE',
    'its status is kept',
  );
  const error = form.getByLabel('Error', { exact: true });
  await error.selectOption({ index: 0 });
  await error.selectOption('503 SERVICE_UNAVAILABLE');
  await form.getByLabel('Times').fill('0');
  await plan.click();
  const times = form.getByLabel('Times');
  await form.getByText('Too small: expected number to be >=1').waitFor();
  t.equal(await times.getAttribute('aria-invalid'), 'true', 'the refusal stands at its field');
  const said = await times.getAttribute('aria-describedby');
  t.match(await page.locator(`[id="${said}"]`).innerText(), 'Too small');
  t.equal(await planned.count(), 0);
  await times.fill('1');
  await form.getByText('As an API request').click();
  t.match(await form.innerText(), /POST \/__admin\/faults[\s\S]*"operation": "endUsers\.delete"/);
  await plan.click();
  await page.getByText('endUsers.delete', { exact: true }).and(page.locator('h2')).waitFor();
  t.match(await planned.innerText(), /responds 503 SERVICE_UNAVAILABLE\s+the next request · injected 0 times/);

  const { status } = await dashboard.send('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', name);
  t.equal(status, 503);
  await planned.getByText('spent').waitFor();
  t.match(await planned.innerText(), /injected 1 time /);
  const [{ id }] = (await call('GET', `/__admin/faults?sandbox=${name}`)).body.faults;

  await dashboard.go(name, '#journal');
  await page.getByRole('link', { name: /fault/ }).and(page.locator('.requests a')).click();
  await page.getByRole('link', { name: 'planned fault' }).click();
  t.match(page.url(), new RegExp(`#faults/${id}$`));
  await page.locator('.fault[aria-current]').waitFor();

  await form.getByLabel('a connection fault').check();
  await form.getByLabel('Connection fault', { exact: true }).selectOption('truncated');
  await form.getByLabel('after the change is committed').check();
  await form.getByLabel('later requests').check();
  await form.getByLabel('Skip').fill('2');
  await plan.click();
  await page.getByText('the response body is cut off, after the change is committed').waitFor();
  await form.getByLabel('only a delay').check();
  await plan.click();
  await form.getByText(/is empty: a rule needs an effect/).waitFor();
  await form.getByLabel('at random').check();
  await form.getByLabel('Probability').fill('0.5');
  await form.getByLabel('Delay, ms').fill('5');
  await form.getByLabel('Only this id').fill('end_usr_1');
  await plan.click();
  await page.getByText('with probability 0.5 · injected 0 times').waitFor();
  await form.getByLabel('every request').check();
  t.equal(await planned.count(), 3);

  const remove = planned.first().getByRole('button', { name: /^Remove the fault for/ });
  await page.route('**/__admin/faults/*', (route) => route.abort());
  await remove.click();
  await page.getByText('Understudy does not respond.').waitFor();
  await page.unroute('**/__admin/faults/*');
  await remove.click();
  await page.getByText('with probability 0.5').waitFor({ state: 'detached' });
  await dashboard.button('Remove all').click();
  await page.getByText('Remove all 2 planned faults?').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('No faults planned.').waitFor();
  t.strictSame(dashboard.complaintsBut(/400 \(Bad Request\)|ERR_FAILED/), []);
};
