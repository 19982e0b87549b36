// Every test counts for all of src: what is measured is src, and nothing but src. Of the dashboard only what runs
// without a browser is measured here; test/browser/dashboard.test.ts holds that each function of it ran in Chromium.
import { readdirSync } from 'node:fs';

const sources = readdirSync('src', { recursive: true })
  .filter((name) => name.endsWith('.ts') && name !== 'main.ts' && !/^dashboard.(?!model)/.test(name))
  .map((name) => `src/${name}`);

export default () => sources;
