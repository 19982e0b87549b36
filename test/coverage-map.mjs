// Coverage map for tap: every test covers all of src. Of the dashboard only code that runs without a browser is
// measured here; test/browser/dashboard.test.ts checks that each of its functions ran in Chromium.
import { readdirSync } from 'node:fs';

const sources = readdirSync('src', { recursive: true })
  .filter((name) => name.endsWith('.ts') && name !== 'main.ts' && !/^dashboard.(?!model)/.test(name))
  .map((name) => `src/${name}`);

export default () => sources;
