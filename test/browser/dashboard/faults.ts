// Faults are planned, refused, met and spent, as one looks on.
import type { Story } from './dashboard-page.ts';

export const faultStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('faults');
  await dashboard.visit(name, '#faults');
  await page.getByText('No fault is planned.').waitFor();
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
  await form.getByText('The same as a request').click();
  t.match(await form.innerText(), /POST \/__admin\/faults[\s\S]*"operation": "endUsers\.delete"/);
  await plan.click();
  await page.getByText('endUsers.delete', { exact: true }).and(page.locator('h2')).waitFor();
  t.match(await planned.innerText(), /answers 503 SERVICE_UNAVAILABLE\s+the next request · met 0 times/);

  const { status } = await dashboard.send('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', name);
  t.equal(status, 503);
  await planned.getByText('spent').waitFor();
  t.match(await planned.innerText(), /met 1 time /);
  const [{ id }] = (await call('GET', `/__admin/faults?sandbox=${name}`)).body.faults;

  await dashboard.go(name, '#journal');
  await page.getByRole('link', { name: /fault/ }).and(page.locator('.requests a')).click();
  await page.getByRole('link', { name: 'planned fault' }).click();
  t.match(page.url(), new RegExp(`#faults/${id}$`));
  await page.locator('.fault[aria-current]').waitFor();

  await form.getByLabel('a broken answer').check();
  await form.getByLabel('On the wire').selectOption('truncated');
  await form.getByLabel('after the change took effect').check();
  await form.getByLabel('some later ones').check();
  await form.getByLabel('Let pass').fill('2');
  await plan.click();
  await page.getByText('the answer stops inside its body, after the change took effect').waitFor();
  await form.getByLabel('only a delay').check();
  await plan.click();
  await form.getByText(/is empty: a rule needs an effect/).waitFor();
  await form.getByLabel('by chance').check();
  await form.getByLabel('Probability').fill('0.5');
  await form.getByLabel('Delay, ms').fill('5');
  await form.getByLabel('Only for the id').fill('end_usr_1');
  await plan.click();
  await page.getByText('with probability 0.5 · met 0 times').waitFor();
  await form.getByLabel('always').check();
  t.equal(await planned.count(), 3);

  const remove = planned.first().getByRole('button', { name: /^Remove the fault of/ });
  await page.route('**/__admin/faults/*', (route) => route.abort());
  await remove.click();
  await page.getByText('Understudy does not answer.').waitFor();
  await page.unroute('**/__admin/faults/*');
  await remove.click();
  await page.getByText('with probability 0.5').waitFor({ state: 'detached' });
  await dashboard.button('Remove all').click();
  await page.getByText('Remove all 2 planned faults?').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('No fault is planned.').waitFor();
  t.strictSame(dashboard.complaintsBut(/400 \(Bad Request\)|ERR_FAILED/), []);
};
