// The dashboard in a real browser: its user stories with mouse and keyboard, its size, its accessibility.
import type { Response } from 'playwright-core';
import t, { type Test } from 'tap';
import { assetNames } from '../../src/control/ui-assets.ts';
import { openBrowser } from './chromium.ts';
import { appearanceStory, oneOf } from './dashboard/appearance.ts';
import { barrierStory } from './dashboard/barriers.ts';
import { companyFileStory } from './dashboard/company-files.ts';
import { Coverage } from './dashboard/coverage.ts';
import { DashboardPage, type Story } from './dashboard/dashboard-page.ts';
import { deletionStory, keyboardStory, lostAnswerStory } from './dashboard/deletions.ts';
import { deskStory } from './dashboard/desk.ts';
import { erasureStory } from './dashboard/erasure.ts';
import { faultStory } from './dashboard/faults.ts';
import { hostileStory } from './dashboard/hostile.ts';
import { journalStory, linkedRequestStory } from './dashboard/journal.ts';
import { adminPortStory, outageStory } from './dashboard/outages.ts';
import { rowsStory } from './dashboard/rows.ts';
import { copyStory, missingSandboxStory, sandboxStory } from './dashboard/sandboxes.ts';
import { clockStory, snapshotStory } from './dashboard/snapshots.ts';

const STORIES: Readonly<Record<string, Story>> = {
  'a sandbox is chosen among many, made, reset and deleted': sandboxStory,
  'a link to a missing sandbox does not create it': missingSandboxStory,
  'base URLs and keys are copied': copyStory,
  'rows are found, paged and followed to their owners': rowsStory,
  'a company file shows who owes what, and what a void or delete reopens': companyFileStory,
  'records are edited and locked at the desk, the computer goes offline, books are closed': deskStory,
  'a user is deleted, and the cascade watched': deletionStory,
  'the page says what a DELETE did, even if its response was lost': lostAnswerStory,
  'a user is deleted with the keyboard alone': keyboardStory,
  'requests appear as they come, each with its response': journalStory,
  'a link to a request opens it': linkedRequestStory,
  'a fault is planned, injected and spent': faultStory,
  'a barrier is shown, met and removed': barrierStory,
  'an erasure check offers the calls that remove the residues': erasureStory,
  'a snapshot is made, compared, restored, exported and deleted': snapshotStory,
  'the clock is moved': clockStory,
  'hostile text is shown as it is and does nothing': hostileStory,
  'the page recovers from a server outage': outageStory,
};

/** All modules compiled for the page. */
const MODULES = assetNames()
  .filter((name) => name.endsWith('.js') && !name.startsWith('library/'))
  .sort();

/** What the page and all its files may weigh together, in bytes as they are. */
const LIGHT = 215_000;

t.test('the dashboard in a browser', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const dashboard = await DashboardPage.open(t, browser);
  await t.test('all its files together are light, and its policy is kept', (t) => weigh(t, dashboard));
  for (const [name, story] of Object.entries(STORIES)) await t.test(name, (t) => story(t, dashboard));
  await dashboard.coverage.keep();
  const pages = [dashboard.coverage];
  await t.test('with a port of its own, the DELETE is shown for a shell', async (t) => {
    pages.push((await adminPortStory(t, browser)).coverage);
  });
  await t.test('every view is usable by all, in light and dark, wide and narrow', async (t) => {
    const bare = await DashboardPage.at(t, browser, dashboard.url, dashboard.call, true);
    await appearanceStory(t, bare, oneOf);
  });
  const { modules, neverRan } = Coverage.together(pages);
  // What runs without a browser is held to more by tests of its own.
  const inBrowser = neverRan.filter((place) => !place.startsWith('model/'));
  t.strictSame(inBrowser, [], 'every function of the page ran');
  t.strictSame(modules, MODULES, 'of every module');
});

/** The first visit: what comes over the wire, and from where. */
async function weigh(t: Test, dashboard: DashboardPage): Promise<void> {
  const { page, url } = dashboard;
  const arrived = new Map<string, Promise<number>>();
  const weighed = (response: Response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/__admin/ui')) return;
    const size = response.body().then(({ length }) => length);
    arrived.set(pathname, size);
  };
  page.on('response', weighed);
  const answer = await page.goto(`${url}/__admin/ui`);
  await page.locator('main h1').waitFor();
  t.match(answer?.headers()['content-security-policy'], /^default-src 'none'; script-src 'self' 'sha256-/);
  page.off('response', weighed);
  const sizes = await Promise.all(arrived.values());
  const weight = sizes.reduce((sum, size) => sum + size, 0);
  t.ok(weight < LIGHT, `${sizes.length} files weigh ${weight} bytes`);
  t.comment(`${sizes.length} files, ${weight} bytes`);
  t.strictSame(dashboard.complaintsBut(), [], 'nothing is asked elsewhere, nothing complained of');
}
