// Every view of the dashboard, light and dark, wide and narrow, checked with axe-core.
import t from 'tap';
import { openBrowser } from '../browser/chromium.ts';
import { APPEARANCES, appearanceStory } from '../browser/dashboard/appearance.ts';
import { DashboardPage } from '../browser/dashboard/dashboard-page.ts';
import { listening } from '../harness.ts';

t.test('every view is accessible in every appearance', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const { url, call } = await listening(t);
  await appearanceStory(t, await DashboardPage.at(t, browser, url, call, true), () => APPEARANCES);
});
