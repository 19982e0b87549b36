// Every panel in light and dark, wide and narrow: accessible, and no wider than the screen.
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import type { DashboardPage } from './dashboard-page.ts';

/** What it finds, each in a line. */
export const CHECK = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) =>
    id + ': ' + nodes.map(({ html, any }) => html.slice(0, 120) + ' ' + (any[0]?.message ?? '')).join(' | ')))`;

/** Fills a sandbox so that every panel has something to show. */
export async function fillSandbox(dashboard: DashboardPage, sandbox: string): Promise<void> {
  const { call } = dashboard;
  const alice = '/conductor/v1/end-users/end_usr_alice000000042';
  await dashboard.send('GET', '/conductor/v1/end-users', sandbox);
  await call('POST', `/__admin/snapshots?sandbox=${sandbox}`, { json: { name: 'before-offboarding' } });
  const plan = (json: object) => call('POST', `/__admin/faults?sandbox=${sandbox}`, { json });
  await plan({ match: { operation: 'endUsers.delete' }, mode: { times: 1 }, effect: { status: 503 } });
  await plan({ match: { provider: 'pagecall' }, mode: { skip: 1, times: 2 }, effect: { fault: 'reset' } });
  await call('POST', `/__admin/barriers?sandbox=${sandbox}`, { json: { first: { operation: 'DeleteUser' } } });
  await dashboard.send('DELETE', alice, sandbox);
  await dashboard.send('GET', '/conductor/end-users/nobody', sandbox);
  await dashboard.send('DELETE', '/proficient/users/u_Alice0000000000000000042', sandbox, {
    authorization: 'Bearer sk_1',
  });
}

/** A company file of the fixtures. */
const FILE = '#books/end_usr_larkspur000001';

/** Ways to every view, each from a page just loaded. */
export const VIEWS: Readonly<Record<string, { hash: string; reach?(page: Page): Promise<void> }>> = {
  overview: { hash: '#overview', reach: (page) => page.getByText('1 user, 2 interactions').waitFor() },
  rows: {
    hash: '#rows/pagecall/users',
    async reach(page) {
      await page.getByRole('button', { name: 'Details of user-42' }).click();
      await page.getByRole('region', { name: 'sessions, table' }).getByRole('row').first().waitFor();
    },
  },
  deletion: {
    hash: '#rows/conductor/endUsers',
    async reach(page) {
      await page.getByRole('button', { name: 'Details of end_usr_alice000000042' }).click();
      await page.locator('.detail .risky').click();
      await page.getByText('Nothing has changed yet.').waitFor();
    },
  },
  'company files': {
    hash: '#books',
    async reach(page) {
      await page.getByRole('link', { name: 'Larkspur Supply Co.' }).click();
      await page.getByRole('link', { name: 'Harbor Cafe' }).waitFor();
    },
  },
  invoice: {
    hash: `${FILE}/record/103-1736676000`,
    async reach(page) {
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('region', { name: 'postings, table' }).waitFor();
    },
  },
  void: {
    hash: `${FILE}/record/103-1736676000`,
    async reach(page) {
      await page.getByRole('button', { name: 'Void…' }).click();
      await page.getByText('Would reopen').waitFor();
    },
  },
  register: {
    hash: `${FILE}/record/80000005-1735722000`,
    reach: (page) => page.getByRole('link', { name: 'Check 101' }).waitFor(),
  },
  accounts: { hash: `${FILE}/accounts`, reach: (page) => page.getByText('Trial balance').waitFor() },
  desk: { hash: `${FILE}/desk`, reach: (page) => page.getByLabel('Closing date').waitFor() },
  journal: {
    hash: '#journal',
    async reach(page) {
      await page
        .getByRole('link', { name: /deleted rows/ })
        .first()
        .click();
      await page.getByText('14 messages').waitFor();
    },
  },
  faults: { hash: '#faults', reach: (page) => page.locator('.fault').first().waitFor() },
  erasure: {
    hash: '#erasure',
    async reach(page) {
      await page.getByLabel('Subjects').fill('alice@example.com\nuser-42');
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.locator('.remedies li').first().waitFor();
    },
  },
  snapshots: {
    hash: '#snapshots',
    async reach(page) {
      await page.getByRole('button', { name: /^What changed/ }).click();
      await page.locator('.diff').waitFor();
    },
  },
  sandboxes: {
    hash: '#overview',
    async reach(page) {
      await page.getByRole('button', { name: /^Sandbox/ }).click();
      await page.locator('.choices button').first().waitFor();
    },
  },
  clock: {
    hash: '#overview',
    reach: (page) => page.getByRole('button', { name: /^Clock/ }).click(),
  },
};

/** A width and a scheme of colours. */
export interface Appearance {
  readonly width: 1280 | 360;
  readonly scheme: 'light' | 'dark';
}

/** All there are. */
export const APPEARANCES: readonly Appearance[] = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 360, scheme: 'dark' },
  { width: 360, scheme: 'light' },
];

/** One for each view, another from view to view. */
export function oneOf(view: string): readonly Appearance[] {
  const turn = Object.keys(VIEWS).indexOf(view) % APPEARANCES.length;
  return APPEARANCES.slice(turn, turn + 1);
}

/** Shows every view in the looks that are wanted of it; `each` is called when it stands. */
export async function everyView(
  dashboard: DashboardPage,
  sandbox: string,
  appearancesOf: (view: string) => readonly Appearance[],
  each: (view: string, appearance: Appearance) => Promise<void>,
): Promise<void> {
  const { page } = dashboard;
  for (const [view, { hash, reach }] of Object.entries(VIEWS)) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await dashboard.visit(sandbox, hash);
    await reach?.(page);
    for (const appearance of appearancesOf(view)) {
      await page.setViewportSize({ width: appearance.width, height: appearance.width === 360 ? 740 : 800 });
      await page.emulateMedia({ colorScheme: appearance.scheme });
      await each(view, appearance);
    }
    // Dialogs make way for the next view.
    await page.keyboard.press('Escape');
  }
}

/** What axe-core finds, and whether all fits a telephone. */
export async function appearanceStory(
  t: Test,
  dashboard: DashboardPage,
  appearancesOf: (view: string) => readonly Appearance[],
): Promise<void> {
  const { page } = dashboard;
  const sandbox = await dashboard.sandbox('looks');
  await fillSandbox(dashboard, sandbox);
  await dashboard.visit(sandbox);
  await page.evaluate(axe.source);
  await everyView(dashboard, sandbox, appearancesOf, async (view, { width, scheme }) => {
    t.strictSame(await page.evaluate(CHECK), [], `${view}, ${width}, ${scheme}`);
    await page.setViewportSize({ width: 360, height: 740 });
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${view} fits`);
  });
  t.strictSame(dashboard.complaintsBut(/503 \(/), []);
}
