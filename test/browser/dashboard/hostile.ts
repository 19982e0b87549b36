// Rows, requests and names that would run as scripts if the page did not escape them.
import type { Story } from './dashboard-page.ts';

const HOSTILE = [
  '<img src=x onerror="alert(1)">',
  '"><script>alert(2)</script>',
  `javascript:alert(3)//'\`\${alert(4)}`,
  '</title></pre><svg onload=alert(5)>',
  '\u202Egnp.exe\u0007<b>',
];

export const hostileStory: Story = async (t, dashboard) => {
  const { page, call } = dashboard;
  const name = await dashboard.sandbox('hostile');
  for (const [number, text] of HOSTILE.entries()) {
    const json = {
      user_id: `h-${number}${text.replace(/[^\x20-\x7e]/g, '')}`,
      name: text,
      metadata: { [text]: [text] },
    };
    const made = await dashboard.send('POST', '/pagecall/v1/users', name, {}, json);
    t.equal(made.status, 200);
    await dashboard.send('GET', `/pagecall/v1/users/${encodeURIComponent(text)}?${encodeURIComponent(text)}`, name, {
      'user-agent': text.replace(/[^\x20-\x7e]/g, ''),
    });
  }
  await dashboard.send(
    'POST',
    '/conductor/v1/end-users',
    name,
    {},
    {
      companyName: HOSTILE[0],
      sourceId: HOSTILE[1],
      email: 'a@example.com',
    },
  );
  await call('POST', `/__admin/snapshots?sandbox=${name}`, { json: { name: 'kept' } });
  await dashboard.send('DELETE', `/pagecall/v1/users/${encodeURIComponent(`h-0${HOSTILE[0]}`)}`, name);

  await dashboard.visit(name, '#rows/pagecall/users');
  for (const [number, text] of HOSTILE.entries()) {
    if (number === 0) continue;
    await page.getByRole('button', { name: new RegExp(`^Details of h-${number}`) }).click();
    const shown = await page.locator('.detail').last().innerText();
    t.ok(shown.includes(text.replace('\u0007', '')) || shown.includes(text), text);
    t.ok(shown.includes(JSON.stringify(text)), 'in JSON too');
    await page.getByRole('button', { name: new RegExp(`^Details of h-${number}`) }).click();
  }
  await page.getByRole('button', { name: /^Details of h-1/ }).click();
  await page.locator('.detail .risky').click();
  await page.getByText('Nothing has changed yet.').waitFor();
  await dashboard.button('Delete for real').click();
  await page.getByText('The rows are deleted.').waitFor();
  await dashboard.button('Done').click();
  await dashboard.go(name, `#rows/conductor/endUsers/${encodeURIComponent(HOSTILE[1] as string)}`);
  await page.getByRole('cell', { name: HOSTILE[0] as string, exact: true }).waitFor();
  t.equal(await page.getByRole('searchbox').inputValue(), HOSTILE[1]);
  await dashboard.go(name, '#journal');
  for (let number = 0; number < 6; number++) {
    await page.locator('.requests a').nth(number).click();
    await page.locator('.entry .sides').waitFor();
  }
  await dashboard.go(name, '#snapshots');
  await dashboard.button('What changed since kept').click();
  await page
    .locator('.diff')
    .getByText(HOSTILE[0] as string)
    .waitFor();
  await dashboard.go(name, '#erasure');
  await page.getByLabel('Subjects').fill(HOSTILE.join('\n'));
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.locator('.remedies').getByText('"><script>').or(page.locator('.remedies li')).first().waitFor();
  await dashboard.go('%3Cimg%20src%3Dx%20onerror%3Dalert(6)%3E', '#rows/%3Cb%3E');
  await page.getByText(/is not a sandbox name/).waitFor();
  t.equal(await page.locator('main img, main script, main b:has-text("gnp")').count(), 0);
  t.strictSame(dashboard.complaintsBut(/40[04] \(/), []);
};
