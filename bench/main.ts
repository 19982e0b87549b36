// `npm run bench`: compares Understudy with other mock servers and bare servers, as ratios within one run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCorpus } from './corpus.ts';
import { measureDocument } from './document.ts';
import { measureFaults } from './faults.ts';
import { measureLimit } from './limit.ts';
import { measureMixed } from './mixed.ts';
import { install, MEASURES, obstacle, PEERS, PRISM, QUIET_PRISM, ROOT, versionOf } from './peers.ts';
import { measureQuickBooks } from './quickbooks.ts';
import { circumstances, goalTable, markdown, write } from './report.ts';
import { type Extent, type Found, met, type Say } from './results.ts';
import { measureRows } from './rows.ts';
import { measureCrowds, measureSandboxes } from './sandboxes.ts';
import { measureStalls } from './stalls.ts';
import { measureStart } from './start.ts';
import { measureThroughput } from './throughput.ts';

const FULL: Extent = {
  few: false,
  rounds: 4,
  startRounds: 7,
  warmUp: 4,
  warm: 0.3,
  seconds: 1.5,
  users: 20_000,
  sandboxes: 10_000,
  samples: 2000,
  most: 1_000_000,
  stallRows: 400_000,
  invoices: 100_000,
  mixedSeconds: 30,
};
const QUICK: Extent = {
  few: true,
  rounds: 1,
  startRounds: 2,
  warmUp: 0.7,
  warm: 0.1,
  seconds: 0.4,
  users: 10_000,
  sandboxes: 3000,
  samples: 500,
  most: 100_000,
  stallRows: 100_000,
  invoices: 20_000,
  mixedSeconds: 10,
};

const RESULTS = join(ROOT, 'bench/results');
const PARTS = [
  'start',
  ...MEASURES,
  'limit',
  'sandboxes',
  'crowds',
  'rows',
  'quickbooks',
  'faults',
  'stalls',
  'mixed',
  'document',
  'corpus',
] as const;

/** The parts that run without other mock servers. */
const OWN = {
  limit: measureLimit,
  sandboxes: measureSandboxes,
  crowds: measureCrowds,
  rows: measureRows,
  quickbooks: measureQuickBooks,
  faults: measureFaults,
  stalls: measureStalls,
  mixed: measureMixed,
  document: measureDocument,
  corpus: measureCorpus,
} as const;

const say: Say = (sentence) => process.stderr.write(`${sentence}\n`);

const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } });
// The corpus writes a page of the documentation, and is no measurement of speed.
const only = values.only?.split(',') ?? PARTS.filter((part) => part !== 'corpus');
const unknown = only.find((part) => !(PARTS as readonly string[]).includes(part));
if (unknown !== undefined) {
  say(`bench: there is no part ${unknown}; the parts are ${PARTS.join(', ')}.`);
  process.exit(2);
}

install(say);
const extent = values.quick ? QUICK : FULL;
const peers = PEERS.filter((peer) => {
  if (extent.few && peer.from !== null && peer !== PRISM) return false;
  const sentence = obstacle(peer);
  if (sentence !== null) say(sentence);
  return sentence === null;
});
const scratch = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
const found: Found[] = [];
const failed: string[] = [];
try {
  await measured('start', () => {
    const compared = peers.filter((peer) => peer !== QUIET_PRISM);
    return measureStart(compared, extent, scratch, say);
  });
  for (const measure of MEASURES)
    await measured(measure, () => measureThroughput(measure, peers, extent, scratch, say));
  for (const [part, measure] of Object.entries(OWN)) await measured(part, () => measure(extent, scratch, say));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const tables = found.flatMap((one) => one.tables);
const goals = found.flatMap((one) => one.goals);
process.stdout.write(`${[...tables.map((table) => markdown(table)), goalTable(goals)].join('\n\n')}\n`);
// Partial and quick runs are only printed; results are saved from whole runs.
if (values.only === undefined && !values.quick && failed.length === 0)
  write(RESULTS, found, circumstances(versions(), values.quick));
if (failed.length > 0) say(`bench: these parts failed: ${failed.join(', ')}.`);
if (failed.length > 0 || !goals.every(met)) process.exitCode = 1;

/** Measures a part if it is asked for. A part that fails does not lose the figures of the others. */
async function measured(part: string, measure: () => Promise<Found>): Promise<void> {
  if (!only.includes(part)) return;
  try {
    found.push(await measure());
  } catch (error) {
    failed.push(part);
    say(`bench: ${part} failed: ${(error as Error).stack}`);
  }
}

function versions(): Record<string, string> {
  return Object.fromEntries(peers.flatMap(({ from }) => (from === null ? [] : [[from, versionOf(from)]])));
}
