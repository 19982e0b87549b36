// Coverage of the dashboard's modules in the browser, over all stories.
import type { CDPSession, Page } from 'playwright-core';

const PREFIX = '/__admin/ui/';

/** What Chromium counts on one page. A page that is left takes its counts with it: `keep` them before. */
export class Coverage {
  readonly #session: CDPSession;
  /** By module, then by where the function begins and ends. */
  readonly ran = new Map<string, Map<string, boolean>>();

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
      const name = pathname.slice(PREFIX.length);
      const module = this.ran.get(name) ?? new Map<string, boolean>();
      this.ran.set(name, module);
      for (const { functionName, ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges.slice(0, 1)) {
          const place = `${startOffset}-${endOffset} ${functionName}`;
          module.set(place, (module.get(place) ?? false) || count > 0);
        }
      }
    }
  }

  /** The modules that were seen on any of the pages, and their functions that ran on none. */
  static together(pages: readonly Coverage[]): { modules: string[]; neverRan: string[] } {
    const all = new Map<string, Map<string, boolean>>();
    for (const { ran } of pages) {
      for (const [module, functions] of ran) {
        const merged = all.get(module) ?? new Map<string, boolean>();
        all.set(module, merged);
        for (const [place, once] of functions) merged.set(place, (merged.get(place) ?? false) || once);
      }
    }
    return {
      modules: [...all.keys()].sort(),
      neverRan: [...all].flatMap(([module, functions]) =>
        [...functions].flatMap(([place, once]) => (once ? [] : [`${module} ${place}`])),
      ),
    };
  }
}
