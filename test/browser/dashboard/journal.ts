// Stories of the live journal: requests appear as they come, each with its response.
import type { Story } from './dashboard-page.ts';

export const journalStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('journal');
  await dashboard.visit(name, '#journal');
  await page.getByText('No requests yet.').waitFor();
  const list = page.getByRole('list', { name: 'Requests' });
  const count = (links: number) => page.getByText(`${links} of ${links} requests`).waitFor();

  await dashboard.send('POST', '/pagecall/v1/users', name, {}, { user_id: 'nora', name: 'Nora' });
  await list.getByRole('link', { name: /POST \/pagecall\/v1\/users/ }).click();
  const entry = page.getByRole('region', { name: 'Request and response' });
  const [request, answer] = [entry.locator('.message').nth(0), entry.locator('.message').nth(1)];
  t.match(await request.innerText(), /Request\s+POST \/pagecall\/v1\/users[\s\S]*"user_id": "nora"/);
  t.match(await answer.innerText(), /Response\s+200[\s\S]*"user_id": "nora"/);
  const [left, right] = [await request.boundingBox(), await answer.boundingBox()];
  t.equal(left?.y, right?.y, 'side by side');
  t.ok((left?.x ?? 0) + (left?.width ?? 0) <= (right?.x ?? 0));
  await request.getByText(/\d+ headers/).click();
  t.match(await request.innerText(), /authorization\s+\[redacted\]/);

  await dashboard.send('GET', '/conductor/end-users/end_usr_1', name);
  await list.getByRole('link', { name: /unmatched/ }).click();
  await entry.getByText('No operation has this method and path.').waitFor();
  t.match(await entry.innerText(), /GET \/conductor\/v1\/end-users\/\{id\}\s+endUsers\.retrieve/);

  await dashboard.send('DELETE', '/pagecall/v1/users/nora', name, { prefer: 'dry-run' });
  await list.getByRole('link', { name: /dry run/ }).click();
  await entry.getByText('Dry run: nothing changed.').waitFor();
  await entry.getByText('Receipt of the dry run').waitFor();
  await dashboard.send('DELETE', '/pagecall/v1/users/nora', name, { prefer: 'code=503, phase=after-commit' });
  await list.getByRole('link', { name: /fault deleted rows/ }).click();
  await entry.getByText('Injected fault: code=503').waitFor();
  await entry
    .getByText("The deletion took effect, but the provider's own response never reached the client.")
    .waitFor();
  t.match(await entry.innerText(), /Deleted 1 row/);
  await count(4);

  await list.getByRole('link').first().focus();
  await page.keyboard.press('ArrowDown');
  await entry.getByText('Dry run: nothing changed.').waitFor();
  t.match(await dashboard.focused(), /dry run/, 'the focus goes along');
  await page.keyboard.press('ArrowUp');
  await entry.getByText('Injected fault').waitFor();
  await page.keyboard.press('a');

  await page.getByLabel('Provider').selectOption('Conductor');
  await page.getByText('1 of 4 requests').waitFor();
  await page.getByLabel('Provider').selectOption('all providers');
  await page.getByLabel('Status').selectOption('5xx');
  await page.getByText('1 of 4 requests').waitFor();
  await page.getByLabel('Status').selectOption('all statuses');
  await page.getByRole('searchbox', { name: 'Filter requests' }).fill('no such text');
  await page.getByText('No requests match the filter.').waitFor();
  await page.getByRole('searchbox', { name: 'Filter requests' }).fill('');

  await dashboard.button('Pause').click();
  await dashboard.send('GET', '/pagecall/v1/users', name);
  await dashboard.button('Resume (1 new)').waitFor();
  t.equal(await list.getByRole('link').count(), 4);
  await dashboard.button('Resume (1 new)').click();
  await count(5);
  await page.route('**/__admin/requests?*', (route) => route.abort());
  await dashboard.button('Clear').click();
  await page.getByText('Understudy does not respond.').first().waitFor();
  await page.unroute('**/__admin/requests?*');
  await dashboard.button('Clear').click();
  await page.getByText('No requests yet.').waitFor();

  await dashboard.go('default');
  await Promise.all(Array.from({ length: 104 }, () => dashboard.send('GET', '/pagecall/v1/users/user-17', name)));
  await dashboard.visit(name, '#journal');
  await page.getByText('100 of 104 requests').waitFor();
  await dashboard.button('Load older').click();
  await count(104);
  t.strictSame(dashboard.complaintsBut(/ERR_FAILED/), []);
};

/** A link to a request still leads there when others have come since; one that is forgotten says so. */
export const linkedRequestStory: Story = async (t, dashboard) => {
  const { page } = dashboard;
  const name = await dashboard.sandbox('linked');
  const { headers } = await dashboard.send('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', name);
  const id = headers.get('x-understudy-request');
  await Promise.all(Array.from({ length: 101 }, () => dashboard.send('GET', '/pagecall/v1/users/user-17', name)));
  await dashboard.visit(name, `#journal/${id}`);
  await page.getByRole('heading', { name: '200 endUsers.delete' }).waitFor();
  await page.getByText('1 passthroughRecord via passthroughRecords.endUserId').waitFor();
  await dashboard.go(name, '#journal/0000000000000000');
  await page.getByText(/The journal has no request "0000000000000000"/).waitFor();
  t.strictSame(dashboard.complaintsBut(/404 \(Not Found\)/), []);
};
