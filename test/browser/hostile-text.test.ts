// Hostile text in every stored field: dashboard, API reader and connect page show it, and none of it runs.
import type { Browser, Page } from 'playwright-core';
import type { Test } from 'tap';
import { listening, type TestServer } from '../harness.ts';
import { inChromium, tab } from './chromium.ts';

const KEY = { authorization: 'Bearer sk_conductor_test' };
const HOSTILE = [
  `"'><img src=x onerror="globalThis.attacked=1">`,
  '</script></title></textarea></style><script>globalThis.attacked=2</script>',
  '<svg onload=globalThis.attacked=3><a href="javascript:globalThis.attacked=4">x</a>',
  'javascript:globalThis.attacked=5//`\u0024{globalThis.attacked=6}`{{constructor.constructor("attacked=7")()}}',
  '[x](javascript:globalThis.attacked=8) <iframe srcdoc="<script>parent.attacked=9</script>"></iframe>',
].join(' ');
/** What a browser reports where a policy stopped something. */
const VIOLATION = /Content.Security.Policy|TrustedHTML|TrustedScript|Refused to/i;

inChromium('hostile text in every stored field', tests);

async function tests(t: Test, browser: Browser): Promise<void> {
  await t.test('the check notices a script that runs, and one that the policy stops', async (t) => {
    const { url } = await listening(t);
    const { page } = await tab(t, browser);
    const found = await watch(page);
    await page.goto(`${url}/__admin/ui`);
    await page.evaluate("new Image().src = 'http://127.0.0.1:1/'");
    await page.waitForFunction('globalThis.violations.length > 0');
    t.match(await found(), [/^img-src/]);
    await page.evaluate('globalThis.attacked = 1');
    t.match(await found(), ['attacked 1']);
  });

  await t.test(
    'in rows, requests, faults, webhooks, snapshots and checks, on every panel of the dashboard',
    async (t) => {
      const { url, call } = await listening(t);
      const fields = await poison(call);
      t.ok(fields.length >= 20, `${fields.length} fields hold hostile text: ${fields.join(', ')}`);
      await makeTraffic(url, call);
      const { page, complaints } = await tab(t, browser);
      const found = await watch(page);
      const { resources } = (await call('GET', '/__admin/resources')).body;
      const tables = resources.map((one: any) => `rows/${one.provider}/${one.resource ?? one.name}`);
      const file = 'books/end_usr_larkspur000001';
      const records = ['8000002B-1735722000', '101-1736503200'].map((id) => `${file}/record/${id}`);
      const books = ['books', file, ...['vendors', 'accounts', 'desk'].map((place) => `${file}/${place}`), ...records];
      const hashes = ['overview', 'journal', 'faults', 'erasure', 'snapshots', ...books, ...tables];
      for (const hash of [...hashes, `rows/${encodeURIComponent(HOSTILE)}/x`, encodeURIComponent(HOSTILE)]) {
        await page.goto('about:blank');
        await page.goto(`${url}/__admin/ui#${hash}`);
        await page.locator('main h1').waitFor();
        await page.waitForLoadState('networkidle').catch(() => {});
        await openAll(page);
        t.strictSame(await found(), [], hash);
      }
      const shown = await page.goto(`${url}/__admin/ui?sandbox=${encodeURIComponent(HOSTILE)}`);
      t.equal(shown?.status(), 200);
      await page.getByText(/is not a sandbox name/).waitFor();
      t.strictSame(await found(), []);
      t.strictSame(
        complaints.filter((one) => VIOLATION.test(one)),
        [],
      );
    },
  );

  await t.test('in the names and samples that the API reader shows', async (t) => {
    const { url, call } = await listening(t);
    await poison(call);
    const { page, complaints } = await tab(t, browser);
    const found = await watch(page);
    const text = encodeURIComponent(HOSTILE);
    for (const query of [
      '?urls.primaryName=Conductor',
      `?urls.primaryName=${text}`,
      `?sandbox=${text}`,
      `?url=${text}`,
      `#/${text}`,
    ]) {
      await page.goto('about:blank');
      await page.goto(`${url}/__admin/docs${query}`);
      await page.waitForLoadState('networkidle').catch(() => {});
      t.strictSame(await found(), [], query.slice(0, 30));
    }
    t.strictSame(
      complaints.filter((one) => VIOLATION.test(one)),
      [],
    );
  });

  await t.test('on the connect page and where it leads', async (t) => {
    const { url, call } = await listening(t);
    const post = async (path: string, json: object) =>
      (await call('POST', `/conductor/v1${path}`, { headers: KEY, json })).body;
    const { id } = await post('/end-users', { companyName: HOSTILE, sourceId: HOSTILE, email: 'a@example.com' });
    const session = { publishableKey: 'pk_conductor_test', endUserId: id };
    const hostileLink = await post('/auth-sessions', { ...session, redirectUrl: 'javascript:globalThis.attacked=1' });
    const { authFlowUrl } = await post('/auth-sessions', session);
    const { page, complaints } = await tab(t, browser);
    const found = await watch(page);
    const links = [authFlowUrl, hostileLink.authFlowUrl].filter((link) => link !== undefined);
    for (const link of links) {
      const { pathname, search } = new URL(link);
      await page.goto(url + pathname + search);
      await page.getByText(HOSTILE.slice(0, 20)).first().waitFor();
      t.strictSame(await found(), []);
      await page.getByRole('button').click();
      await page.waitForLoadState('networkidle').catch(() => {});
      t.strictSame(await found(), []);
    }
    await page.goto(`${url}/conductor/connect/${encodeURIComponent(HOSTILE)}?key=${encodeURIComponent(HOSTILE)}`);
    t.strictSame(await found(), []);
    t.strictSame(
      complaints.filter((one) => VIOLATION.test(one)),
      [],
    );
  });
}

/** Watches a page for scripts of the hostile text, and for violations of its policy. */
async function watch(page: Page): Promise<() => Promise<string[]>> {
  const found: string[] = [];
  page.on('dialog', (dialog) => {
    found.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(
    "globalThis.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI))",
  );
  return async () => {
    const [attacked, violations] = (await page.evaluate(
      '[globalThis.attacked ?? null, globalThis.violations.splice(0)]',
    )) as [number | null, string[]];
    return [...found.splice(0), ...violations, ...(attacked === null ? [] : [`attacked ${attacked}`])];
  };
}

/** Puts hostile text into each text of the first row of each resource that may hold it; returns their names. */
async function poison(call: TestServer['call']): Promise<string[]> {
  const fields: string[] = [];
  let { body: state } = await call('GET', '/__admin/state');
  for (const [provider, resources] of Object.entries(state as Record<string, Record<string, any>>)) {
    for (const [resource, rows] of Object.entries(resources)) {
      const [first] = Array.isArray(rows) ? rows : [];
      for (const [field, value] of Object.entries(first ?? {})) {
        for (const hostile of [HOSTILE, { [HOSTILE]: HOSTILE }, `http://a/${HOSTILE}`]) {
          if (value !== null && typeof value !== typeof hostile) continue;
          const changed = structuredClone(state);
          changed[provider][resource][0][field] = hostile;
          const { status } = await call('PUT', '/__admin/state', { json: { [provider]: changed[provider] } });
          if (status !== 204) continue;
          state = changed;
          fields.push(`${provider}.${resource}.${field}`);
          break;
        }
      }
    }
  }
  return fields;
}

/** Requests, faults, webhooks, deliveries, snapshots and receipts with hostile text. */
async function makeTraffic(url: string, call: TestServer['call']): Promise<void> {
  const text = encodeURIComponent(HOSTILE);
  const json = { user_id: HOSTILE, name: HOSTILE, metadata: { [HOSTILE]: [HOSTILE] } };
  const headers = { authorization: 'Bearer k', 'user-agent': HOSTILE, 'x-hostile': HOSTILE };
  await call('POST', '/__admin/snapshots', { json: { name: 'before' } });
  await call('POST', '/pagecall/v1/users', { headers, json });
  await call('GET', `/pagecall/v1/users/${text}?${text}=${text}`, { headers });
  await call('GET', `/${text}`, { headers });
  await call('DELETE', `/pagecall/v1/users/${text}`, { headers });
  const room = { name: HOSTILE, type: 'open', webhook: { url: `${url}/${text}` } };
  await call('POST', '/pagecall/v1/rooms', { headers, json: room });
  for (const match of [
    { path: `/${HOSTILE}` },
    { id: HOSTILE },
    { header: { 'x-a': HOSTILE } },
    { body: { [HOSTILE]: HOSTILE } },
  ])
    await call('POST', '/__admin/faults', { json: { match, effect: { status: 503 } } });
  await call('POST', '/__admin/retry-tests', { json: { instructions: { [HOSTILE]: ['503'] } } });
}

/** Opens what can be opened without changing anything: details, journal entries. */
async function openAll(page: Page): Promise<void> {
  for (const one of await page
    .locator('main')
    .getByRole('button', { name: /^(Details of|What changed since)/ })
    .all())
    await one.click({ timeout: 2000 }).catch(() => {});
  for (let n = 0; n < (await page.locator('.requests a').count()); n++) {
    await page.locator('.requests a').nth(n).click({ timeout: 2000 });
    await page.locator('.entry .sides').waitFor();
  }
}
