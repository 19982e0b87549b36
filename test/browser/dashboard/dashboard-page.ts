// The fixture of all dashboard stories: one server, one page, and a record of every error on it.
import type { Browser, Locator, Page } from 'playwright-core';
import type { Test } from 'tap';
import type { ServerOptions } from '../../../src/server.ts';
import { listening, type TestServer } from '../../harness.ts';
import { Coverage } from './coverage.ts';

/** The dashboard, open in a browser. */
export class DashboardPage {
  readonly page: Page;
  readonly url: string;
  readonly call: TestServer['call'];
  /** What the page complained of, and what it asked elsewhere. */
  readonly complaints: string[] = [];
  readonly coverage: Coverage;

  private constructor(page: Page, url: string, call: TestServer['call'], coverage: Coverage) {
    this.page = page;
    this.url = url;
    this.call = call;
    this.coverage = coverage;
    page.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type()))
        this.complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error.stack)));
    page.on('dialog', (dialog) => {
      this.complaints.push(`an injected script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
        this.complaints.push(`asked elsewhere: ${request.url()}`);
    });
  }

  /** Starts a server and opens a page of its own context. */
  static async open(t: Test, browser: Browser, options: Partial<ServerOptions> = {}): Promise<DashboardPage> {
    const { url, call } = await listening(t, options);
    return DashboardPage.at(t, browser, url, call);
  }

  /** Opens a page on a server that is there. */
  static async at(
    t: Test,
    browser: Browser,
    url: string,
    call: TestServer['call'],
    bypassCSP = false,
  ): Promise<DashboardPage> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      // Rows leave at once; a story that wants to see them leave says so.
      reducedMotion: 'reduce',
      bypassCSP,
    });
    t.teardown(() => context.close());
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    return new DashboardPage(page, url, call, await Coverage.of(page));
  }

  /** A sandbox for one story, made from the fixtures. */
  async sandbox(name: string): Promise<string> {
    await this.call('POST', '/__admin/sandboxes', { json: { name } });
    return name;
  }

  /** Goes to a place by its address and waits until it shows the sandbox; a page that is there already stays. */
  async visit(sandbox: string, hash = '#overview'): Promise<void> {
    await this.go(sandbox, hash);
    await this.page.locator('main h1').waitFor();
    await this.page.getByText('Live', { exact: true }).waitFor();
  }

  /** The same without waiting. */
  async go(sandbox: string, hash = '#overview'): Promise<void> {
    const address = `${this.url}/__admin/ui?sandbox=${sandbox}${hash}`;
    if (!this.page.url().startsWith(`${this.url}/__admin/ui`)) await this.page.goto(address);
    else
      await this.page.evaluate(`history.pushState(null, '', ${JSON.stringify(address)});
        dispatchEvent(new PopStateEvent('popstate'))`);
  }

  async reload(): Promise<void> {
    await this.coverage.keep();
    await this.page.reload();
  }

  /** Makes the page believe that another tab is in front of it, or that it is seen again. */
  async hide(hidden: boolean): Promise<void> {
    await this.page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  /** What has the focus, as it is called; ` UNSEEN` is added where that cannot be seen. */
  async focused(): Promise<string> {
    const name = await this.page.evaluate(`(() => {
      const { activeElement: at } = document;
      const seen = getComputedStyle(at).outlineStyle !== 'none';
      return (at.getAttribute('aria-label') ?? at.innerText ?? '').replace(/\\s+/g, ' ') + (seen ? '' : ' UNSEEN');
    })()`);
    return String(name);
  }

  /** A request to a provider, in a sandbox, as a client would send it. */
  send(method: string, path: string, sandbox: string, headers: Record<string, string> = {}, json?: object) {
    const known = { authorization: 'Bearer sk_conductor_test', 'x-understudy-sandbox': sandbox };
    return fetch(this.url + path, {
      method,
      headers: { ...known, ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(json ? { body: JSON.stringify(json) } : {}),
    });
  }

  /** How many rows the server has. */
  async rows(sandbox: string, provider: string, resource: string): Promise<number> {
    return (await this.call('GET', `/__admin/resources/${provider}/${resource}?limit=1&sandbox=${sandbox}`)).body.meta
      .total;
  }

  /** What was complained of since it was last asked, without what a story brought about itself. */
  complaintsBut(expected?: RegExp): string[] {
    const found = this.complaints.splice(0);
    return expected === undefined ? found : found.filter((complaint) => !expected.test(complaint));
  }
}

/** A user story: steps on the page, with its own assertions. */
export type Story = (t: Test, dashboard: DashboardPage) => Promise<void>;
