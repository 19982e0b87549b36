// Story of the rows panel: filter, pagination, details, links; a large table costs no more than a small one.
import type { Story } from './dashboard-page.ts';

export const rowsStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('rows');
  const endUsers = Array.from({ length: 300 }, (_, number) => ({
    id: `end_usr_${String(number).padStart(6, '0')}`,
    createdAt: '2030-01-01T00:00:00.000Z',
    companyName: `Company ${number}`,
    sourceId: `source-${number}`,
    email: `person-${number}@example.com`,
  }));
  await call('POST', `/__admin/state?sandbox=${name}`, { json: { conductor: { endUsers } } });
  await dashboard.visit(name, '#rows');
  await page.getByRole('heading', { name: 'users Proficient AI' }).waitFor();
  await page.getByRole('link', { name: 'endUsers 309' }).first().click();
  await page.getByText('1–50 of 309').waitFor();
  t.equal(await page.getByRole('row').count(), 51, 'a page of them, and the head');
  await dashboard.button('Next').click();
  await page.getByText('51–100 of 309').waitFor();
  await dashboard.button('Last').click();
  await page.getByText('301–309 of 309').waitFor();
  await page.getByRole('rowheader', { name: /end_usr_000299/ }).waitFor();
  for (const id of ['291', '292', '293', '294', '295', '296', '297', '298', '299'])
    await dashboard.send('DELETE', `/conductor/v1/end-users/end_usr_000${id}`, name);
  await page.getByText('251–300 of 300').waitFor();
  await dashboard.button('First').click();
  await page.getByText('1–50 of 300').waitFor();
  await page.getByRole('searchbox').fill('PERSON-77@');
  await page.getByText('1–1 of 1').waitFor();
  await page.getByRole('searchbox').fill('nobody at all');
  await page.getByText('No endUsers with “nobody at all” in any column.').waitFor();

  await dashboard.go(name, '#rows/proficient/messages');
  await page
    .getByRole('button', { name: /^Details of msg_/ })
    .first()
    .click();
  await page.getByText('Proficient AI has no DELETE for messages; they are deleted with their owner.').waitFor();
  await page.getByRole('link', { name: /^int_/ }).click();
  await page.getByRole('heading', { name: 'interactions Proficient AI' }).waitFor();
  t.match(await page.getByRole('searchbox').inputValue(), /^int_/, 'the owner is found');
  await page.getByText('1–1 of 1').waitFor();
  await page.getByRole('button', { name: /^Details of int_/ }).click();
  const owned = page.getByRole('region', { name: 'messages, table' });
  await owned.getByRole('rowheader', { name: /msg_/ }).first().waitFor();

  await dashboard.go(name, '#rows/pagecall/rooms');
  await page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await page.getByRole('region', { name: 'pages, table' }).waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('combobox', { name: 'Resource' }).selectOption({ label: 'agents (3)' });
  await page.getByRole('heading', { name: 'agents Proficient AI' }).waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  t.strictSame(dashboard.complaintsBut(), []);
};
