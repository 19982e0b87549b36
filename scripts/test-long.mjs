// Runs all long tests, or the given ones: `npm run test:long -- kill soak`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const FOLDER = '.build/test/long';
const ENDING = '.test.js';

const there = readdirSync(FOLDER).flatMap((file) => (file.endsWith(ENDING) ? [file.slice(0, -ENDING.length)] : []));
const named = process.argv.slice(2);
const unknown = named.find((name) => !there.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no long test ${unknown}; there are ${there.join(', ')}.\n`);
  process.exit(2);
}
const files = (named.length === 0 ? there : named).map((name) => `${FOLDER}/${name}${ENDING}`);
const tap = ['node_modules/tap/dist/esm/run.mjs', '--disable-coverage', '--timeout=3600', ...files];
process.exitCode = spawnSync(process.execPath, tap, { stdio: 'inherit' }).status ?? 1;
