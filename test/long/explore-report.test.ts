// The HTML report of an exploration in Chromium: accessible in light and dark, wide and narrow, and by itself.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { inChromium, pictures, tab } from '../browser/chromium.ts';
import { APPEARANCES, CHECK } from '../browser/dashboard/appearance.ts';
import { explored } from '../explore/exploring.ts';

inChromium('the report of an exploration in a browser', async (t, browser) => {
  const file = join(mkdtempSync(join(tmpdir(), 'explored-')), 'explored.html');
  // Every verdict but a crash, runs with receipts, races, and a remark.
  const flags = ['--races', '--only', '401,404,500,reset,hang,race', '--subject', 'user-42', '--time-limit', '2'];
  const { code } = await explored('delete-two', [...flags, '--report', 'html', file], { env: { TIMEOUT: '1000' } });
  t.equal(code, 1);
  const { page, complaints, origins } = await tab(t, browser);
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe.source);
  await pictures(page, 'explored');
  const fits = 'document.documentElement.scrollWidth <= innerWidth';
  const check = async (what: string) => {
    for (const { width, scheme } of APPEARANCES) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      t.strictSame(await page.evaluate(CHECK), [], `${what}, ${width}, ${scheme}`);
      t.ok(await page.evaluate(fits), `${what} fits ${width}`);
    }
  };
  await check('closed');
  // A cell of the matrix opens its run.
  const cell = page.getByRole('link', { name: 'half done' }).first();
  const id = (await cell.getAttribute('href')) as string;
  t.notOk(await page.locator(id).isVisible());
  await cell.click();
  await page.locator(id).waitFor();
  t.match(await page.locator(id).innerText(), /Repeat it\s+understudy explore --repeat \w{8} /);
  await pictures(page, 'explored-run');
  await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
  await check('open');
  t.strictSame([complaints, [...origins]], [[], ['null']]);
});
