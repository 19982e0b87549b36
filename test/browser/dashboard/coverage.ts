// Which functions of the dashboard's modules ran in the browser, over all stories.
import type { CDPSession, Page } from 'playwright-core';

const PREFIX = '/__admin/ui/';

/** What Chromium counts on one page. A page that is left takes its counts with it: `keep` them before. */
export class Coverage {
  readonly #session: CDPSession;
  /** By module, then by where the function begins and ends. */
  readonly #ran = new Map<string, Map<string, boolean>>();

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<Coverage> {
    const session = await page.context().newCDPSession(page);
    await session.send('Profiler.enable');
    await session.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    return new Coverage(session);
  }

  async keep(): Promise<void> {
    const { result } = await this.#session.send('Profiler.takePreciseCoverage');
    for (const { url, functions } of result) {
      const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: '' };
      if (!pathname.startsWith(PREFIX) || pathname.startsWith(`${PREFIX}library/`)) continue;
      const module = this.#ran.get(pathname) ?? new Map<string, boolean>();
      this.#ran.set(pathname, module);
      for (const { functionName, ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges.slice(0, 1)) {
          const place = `${startOffset}-${endOffset} ${functionName}`;
          module.set(place, (module.get(place) ?? false) || count > 0);
        }
      }
    }
  }

  /** The modules that were seen, and their functions that never ran, here and on other pages. */
  together(others: readonly Coverage[]): { modules: string[]; neverRan: string[] } {
    const neverRan = [...this.#ran].flatMap(([module, functions]) =>
      [...functions]
        .filter(([place, ran]) => !ran && !others.some((other) => other.#ran.get(module)?.get(place) === true))
        .map(([place]) => `${module.slice(PREFIX.length)} ${place}`),
    );
    return { modules: [...this.#ran.keys()].map((module) => module.slice(PREFIX.length)).sort(), neverRan };
  }
}
