// The browser of the tests: Debian's Chromium, or what CHROMIUM_PATH names; tests without one skip themselves.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import type { Test } from 'tap';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

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

/** The browser itself, which asks nobody for anything. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
