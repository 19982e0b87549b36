// The page of Conductor's auth flow in a real browser: shown, pressed, followed. Skipped without Chromium.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import type { Test } from 'tap';
import { listening, type TestServer } from '../harness.ts';
import { inChromium, pictures, tab } from './chromium.ts';

const KEY = { authorization: 'Bearer sk_conductor_test' };
const COMPANY = 'Fjord & Söhne <b>GmbH</b>';

inChromium('the page of the auth flow in a browser', tests);

/** One after the other, each in a tab of its own. */
async function tests(t: Test, browser: Browser): Promise<void> {
  await t.test('an end-user connects with one button and is led back to the application', async (t) => {
    const app = await application(t);
    const { call, url } = await listening(t);
    const { endUser, link } = await invited(url, app);
    const { page, complaints } = await tab(t, browser);

    t.equal((await page.goto(link))?.status(), 200);
    t.match(await page.locator('main').innerText(), COMPANY, 'the company is named, letter for letter');
    t.equal(await page.getByRole('button').count(), 1);
    t.equal(await page.getByRole('button').innerText(), 'Connect');
    const [pending] = await connections(call, endUser);
    t.match(pending, { lastRequestAt: null, lastSuccessfulRequestAt: null }, 'opened, and not connected yet');
    await pictures(page, 'connect-page-ask');

    await page.getByRole('button').click();
    await page.waitForURL(`${app}/back`);
    t.equal(await page.locator('h1').innerText(), 'Welcome back');
    const [connected] = await connections(call, endUser);
    t.equal(connected.id, pending.id);
    t.type(connected.lastSuccessfulRequestAt, 'string', 'connected');
    t.strictSame(complaints, []);
  });

  await t.test('without a redirect the page says that the tab can be closed', async (t) => {
    const { call, url } = await listening(t);
    const { endUser, link } = await invited(url);
    const { page, complaints } = await tab(t, browser);
    await page.goto(link);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('You can close this tab').waitFor();
    t.type((await connections(call, endUser))[0].lastSuccessfulRequestAt, 'string', 'the keyboard alone will do');
    t.equal(await page.getByRole('button').count(), 0);
    await pictures(page, 'connect-page-done');
    t.strictSame(complaints, []);
  });

  t.test(
    'in a tab that is open while the end-user is deleted, the button leads to the page of dead links',
    async (t) => {
      const { call, url } = await listening(t);
      const { endUser, link } = await invited(url);
      const { page } = await tab(t, browser);
      await page.goto(link);
      t.equal((await call('DELETE', `/conductor/v1/end-users/${endUser}`, { headers: KEY })).status, 200);
      await page.getByRole('button').click();
      await page.getByText('This link does not work').first().waitFor();
      await pictures(page, 'connect-page-dead');
    },
  );

  await t.test('a company without a name still makes a sentence', async (t) => {
    const { url } = await listening(t);
    const { page } = await tab(t, browser);
    await page.goto((await invited(url, undefined, '')).link);
    t.equal(await page.locator('p').innerText(), 'Your company is about to be connected to QuickBooks Desktop.');
  });

  await t.test('nothing on the page is wider than a telephone', async (t) => {
    const { url } = await listening(t);
    const { link } = await invited(url, undefined, 'Donaudampfschifffahrtsgesellschaft'.repeat(4));
    const { page } = await tab(t, browser);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(link);
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    const button = await page.getByRole('button').boundingBox();
    t.ok((button?.height ?? 0) >= 44, 'the button is high enough for a thumb');
  });
}

/** The application that sent the end-user here, and wants it back. */
async function application(t: Test): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(request.url === '/back' ? '<!doctype html><title>App</title><h1>Welcome back</h1>' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An end-user with a link to connect through. */
async function invited(url: string, app?: string, companyName = COMPANY): Promise<{ endUser: string; link: string }> {
  const post = async (path: string, json: object) => {
    const headers = { ...KEY, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/conductor/v1${path}`, { method: 'POST', headers, body: JSON.stringify(json) });
    return (await answer.json()) as Record<string, string>;
  };
  const { id } = await post('/end-users', { companyName, sourceId: 'browser', email: 'a@example.com' });
  const session = await post('/auth-sessions', {
    publishableKey: 'pk_conductor_test',
    endUserId: id,
    ...(app === undefined ? {} : { redirectUrl: `${app}/back` }),
  });
  return { endUser: id as string, link: session.authFlowUrl as string };
}

async function connections(call: TestServer['call'], id: string): Promise<any[]> {
  return (await call('GET', `/conductor/v1/end-users/${id}`, { headers: KEY })).body.integrationConnections;
}
