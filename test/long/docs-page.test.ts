// The API reader in a real browser: every document is shown, and requests can be sent. Skipped without Chromium.
import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';
import { inChromium, pictures, tab } from '../browser/chromium.ts';
import { listening } from '../harness.ts';

const TITLES = ['Proficient AI', 'Pagecall', 'Conductor', 'Control plane'];
const ALICE = 'end_usr_alice000000042';

inChromium('the API reader in a browser', tests);

/** The tests, in sequence, each in its own tab. */
async function tests(t: Test, browser: Browser): Promise<void> {
  await t.test('all four documents are shown, without errors and without external requests', async (t) => {
    const { url, call } = await listening(t);
    const { page, complaints, origins } = await tab(t, browser);
    await page.goto(`${url}/__admin/docs`);
    t.equal(await page.title(), 'Understudy');
    for (const title of TITLES) {
      await page.getByRole('navigation').getByRole('link', { name: title }).click();
      await ready(page);
      t.match(page.url(), `urls.primaryName=${title.replace(' ', '+')}`);
      const document =
        title === 'Control plane' ? 'openapi.json' : `openapi/${title.split(' ')[0]?.toLowerCase()}.json`;
      const { info, paths } = (await call('GET', `/__admin/${document}`)).body;
      t.match(await page.locator('.info .title').innerText(), info.title);
      const operations = Object.values(paths as object).flatMap((item) => Object.keys(item));
      t.equal(await page.locator('.opblock').count(), operations.length, `${title} has all its operations`);
      await pictures(page, `docs-${title.toLowerCase().replace(' ', '-')}`);
      await page.setViewportSize({ width: 360, height: 740 });
      for (const one of (await page.locator('.opblock-summary-control').all()).slice(0, 3)) await one.click();
      t.ok(
        await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
        'no horizontal scrolling on a phone',
      );
    }
    t.strictSame(complaints, []);
    t.strictSame([...origins], [url]);
  });

  await t.test('Execute on a DELETE deletes in the chosen sandbox, but not with a dry-run preference', async (t) => {
    const { url, call } = await listening(t);
    const { page, complaints } = await tab(t, browser);
    const ids = async (sandbox: string) => {
      const { body } = await call('GET', `/__admin/state?provider=conductor&resource=endUsers&sandbox=${sandbox}`);
      return body.conductor.endUsers.map(({ id }: { id: string }) => id);
    };
    await opened(page, `${url}/__admin/docs?urls.primaryName=Conductor&sandbox=mine#/end-users/delete_end_users__id_`);
    t.equal(await page.locator('.is-open .parameters input').inputValue(), ALICE, 'an existing id');
    await page.getByLabel('Prefer', { exact: true }).fill('dry-run');
    t.match(await executed(page), { status: '200', body: /"deleted": true/ });
    t.match(await page.locator('.curl').first().innerText(), /Prefer: dry-run/, 'the curl line has the preference');
    t.ok((await ids('mine')).includes(ALICE));
    await page.getByLabel('Prefer', { exact: true }).fill('');
    t.match(await executed(page), { status: '200', body: /"deleted": true/ });
    await pictures(page, 'docs-executed');
    t.notOk((await ids('mine')).includes(ALICE), 'gone');
    t.ok((await ids('default')).includes(ALICE), 'and not from another sandbox');
    const { deletions } = (await call('GET', '/__admin/deletions?sandbox=mine')).body;
    t.same(
      deletions.map(({ dryRun }: { dryRun: boolean }) => dryRun),
      [false, true],
    );
    // swagger-ui makes this link itself where a document has no operationId, and warns of its underscores.
    const others = complaints.filter((one) => !one.includes('escaping deep link'));
    t.strictSame(others, []);
  });

  await t.test('Execute on a reset works with the sign-in cookie; a stream cannot be tried', async (t) => {
    const { url, call } = await listening(t, { adminToken: 'secret' });
    const { page, complaints } = await tab(t, browser);
    const headers = { authorization: 'Bearer sk_conductor_test_sbx_mine' };
    await call('DELETE', `/conductor/v1/end-users/${ALICE}`, { headers });
    await page.goto(`${url}/__admin/ui?token=secret`);
    await opened(page, `${url}/__admin/docs?urls.primaryName=Control+plane&sandbox=mine#/reset/postReset`);
    t.equal(await page.locator('.is-open .parameters input').inputValue(), 'mine');
    t.match(await executed(page), { status: '204' });
    t.equal((await call('GET', `/conductor/v1/end-users/${ALICE}`, { headers })).status, 200);
    // The stream would never end.
    const stream = page.locator('#operations-server-getEvents');
    await stream.locator('.opblock-summary-control').click();
    await stream.locator('.opblock-body').waitFor();
    t.equal(await stream.getByRole('button', { name: /Execute|Try it/ }).count(), 0);
    t.strictSame(complaints, []);
  });
}

async function ready(page: Page): Promise<void> {
  await page.locator('[data-ready] .opblock').first().waitFor();
}

/** Opens an operation by its link. */
async function opened(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await ready(page);
  await page.locator('.opblock.is-open .opblock-body').waitFor();
}

/** Clicks Execute and waits for the response. */
async function executed(page: Page): Promise<{ status: string; body: string }> {
  // Clears an earlier response, which could be mistaken for this one.
  if (await page.getByRole('button', { name: 'Clear', exact: true }).isVisible())
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByRole('button', { name: 'Execute', exact: true }).click();
  const row = page.locator('.live-responses-table tr.response');
  return {
    status: await row.locator('.response-col_status').innerText(),
    body: await row.locator('.response-col_description').innerText(),
  };
}
