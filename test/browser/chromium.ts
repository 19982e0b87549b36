// Chromium for tests of pages: one browser per file, a new tab per test, screenshots on request.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { CHROMIUM, launchBrowser } from './launch.ts';

/** A folder; when it is set, pictures of the pages are put there. */
const SCREENSHOTS = process.env.SCREENSHOTS;

/** Runs tests with a browser, one after the other; they are skipped, and say so, where there is none. */
export function inChromium(name: string, tests: (t: Test, browser: Browser) => Promise<void>): void {
  t.test(name, async (t) => {
    const browser = await openBrowser(t);
    if (browser !== undefined) await tests(t, browser);
  });
}

/** A fresh tab, whatever it complains about (errors of scripts, of the policy, of requests), and where it went. */
export async function tab(
  t: Test,
  browser: Browser,
): Promise<{ page: Page; complaints: string[]; origins: Set<string> }> {
  const page = await browser.newPage();
  t.teardown(() => page.close());
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on('console', (message) => {
    // A browser asks for an icon by itself.
    const icon = message.location().url.endsWith('/favicon.ico');
    if (['error', 'warning'].includes(message.type()) && !icon) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:') origins.add(origin);
  });
  return { page, complaints, origins };
}

/** Wide and narrow, light and dark. */
export async function pictures(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  for (const width of [1280, 360]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: width === 360 ? 640 : 800 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`) });
    }
  }
}

/** A browser for one test, closed after it; undefined, and the test skipped, where there is none. */
export async function openBrowser(t: Test): Promise<Browser | undefined> {
  if (!existsSync(CHROMIUM)) {
    t.plan(0, `there is no Chromium at ${CHROMIUM}; install it or set CHROMIUM_PATH`);
    return undefined;
  }
  const browser = await launchBrowser();
  t.teardown(() => browser.close());
  return browser;
}
