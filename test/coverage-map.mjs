// Every test counts for all of src: what is measured is src, and nothing but src.
import { readdirSync } from 'node:fs';

const sources = readdirSync('src', { recursive: true })
  .filter((name) => name.endsWith('.ts') && name !== 'main.ts')
  .map((name) => `src/${name}`);

export default () => sources;
