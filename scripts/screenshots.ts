// Takes the screenshots of the documents: `npm run screenshots` writes them to docs/images. Needs Chromium.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { buildServer } from '../src/server.ts';
import { launchBrowser } from '../test/browser/launch.ts';
import { typed } from '../test/cli/shell.ts';

const TARGET = 'docs/images';
/** The command that is explored. */
const ACCOUNT = fileURLToPath(new URL('../test/explore/commands/account.js', import.meta.url));
/** The port shown in the screenshots, the default one. */
const PORT = 4010;

const app = buildServer();
const url = await app.listen({ port: PORT, host: '127.0.0.1' });
const browser = await launchBrowser();
try {
  await furnish();
  mkdirSync(TARGET, { recursive: true });
  await picture('dashboard-light', { width: 1280, height: 800, scheme: 'light', scale: 1 }, async (page) => {
    await page.goto(`${url}/__admin/ui#rows/pagecall/users/user-42`);
    await page.getByRole('button', { name: 'Details of user-42' }).click();
    await page.getByRole('region', { name: 'members, table' }).waitFor();
    await page.getByRole('button', { name: 'Delete user-42…' }).click();
    await page.getByText('Nothing has changed yet.').waitFor();
  });
  await picture('dashboard-dark', { width: 1280, height: 800, scheme: 'dark', scale: 1 }, async (page) => {
    await page.goto(`${url}/__admin/ui#journal`);
    await page.getByRole('link', { name: /fault deleted rows/ }).click();
    await page.getByText('14 messages').waitFor();
  });
  await picture('dashboard-360', { width: 360, height: 740, scheme: 'light', scale: 2 }, async (page) => {
    await page.goto(`${url}/__admin/ui`);
    await page.getByRole('link', { name: /^users/ }).first().waitFor();
  });
  await picture('company-file', { width: 1280, height: 800, scheme: 'light', scale: 1 }, async (page) => {
    await page.goto(`${url}/__admin/ui#books/end_usr_larkspur000001/record/103-1736676000`);
    await page.getByRole('button', { name: 'Void…' }).click();
    await page.getByText('Would reopen').waitFor();
  });
  const report = await explored();
  await picture('explored', { width: 1280, height: 960, scheme: 'light', scale: 1, live: false }, async (page) => {
    await page.goto(report);
  });
} finally {
  await browser.close();
  await app.close();
}

async function send(method: string, path: string, headers: Record<string, string> = {}, json?: object): Promise<void> {
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  await (await fetch(url + path, { method, headers: { ...type, ...headers }, ...body })).arrayBuffer();
}

/** The URL of a report on a deletion at two providers. */
async function explored(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'explored-'));
  // A command with a short name, as it is shown.
  const script = `#!/bin/sh\nexec '${process.execPath}' '${ACCOUNT}' delete-two\n`;
  writeFileSync(join(folder, 'delete-account'), script, { mode: 0o755 });
  const file = join(folder, 'explored.html');
  const env = { PATH: `${folder}:${process.env.PATH}`, TIMEOUT: '2500' };
  // Pagecall has a 400 for each thing that may be wrong.
  const only = ['--only', '401,MISSING_KEY,404,USER_NOT_FOUND,429,5xx,reset,empty,hang,slow', '--skip', '4xx@after-commit'];
  await typed(['explore', ...only, '--report', 'html', file, '--', 'delete-account'], { env });
  return pathToFileURL(file).href;
}

/** Deletes a user as client code would, with one lost response. */
async function furnish(): Promise<void> {
  const keys = { proficient: 'sk_test_understudy', pagecall: 'pagecall_test_key', conductor: 'sk_conductor_test' };
  const as = (provider: keyof typeof keys, more = {}) => ({ authorization: `Bearer ${keys[provider]}`, ...more });
  await send('PUT', '/__admin/clock', {}, { action: 'freeze', instant: '2026-03-02T10:42:07Z' });
  await send('GET', '/pagecall/v1/users/user-42', as('pagecall'));
  await send('POST', '/pagecall/v1/users', as('pagecall'), { user_id: 'user-99', name: 'Nora Lindqvist' });
  await send('GET', '/conductor/end-users/end_usr_alice000000042', as('conductor'));
  await send('GET', '/conductor/v1/end-users/end_usr_alice000000042', as('conductor'));
  await send('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', as('conductor', { prefer: 'code=503' }));
  await send('DELETE', '/conductor/v1/end-users/end_usr_alice000000042', as('conductor', { prefer: 'dry-run' }));
  const lost = as('proficient', { prefer: 'code=503, phase=after-commit' });
  await send('DELETE', '/proficient/users/u_Alice0000000000000000042', lost);
  await send('DELETE', '/proficient/users/u_Alice0000000000000000042', as('proficient'));
  const fault = { match: { operation: 'DeleteUser' }, mode: { times: 1 }, effect: { fault: 'reset' }, phase: 'after-commit' };
  await send('POST', '/__admin/faults', {}, fault);
}

interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  /** Device pixels per CSS pixel, low enough for small files. */
  readonly scale: 1 | 2;
  /** Whether the page shows that it is connected; true by default. */
  readonly live?: false;
}

async function picture(name: string, { width, height, scheme, scale, live }: Look, reach: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: scale });
  await reach(page);
  if (live !== false) await page.getByText('Live', { exact: true }).waitFor();
  await page.screenshot({ path: join(TARGET, `${name}.png`) });
  await page.close();
}
