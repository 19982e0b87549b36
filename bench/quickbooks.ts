// Measures QuickBooks: lists, creates and retrieves against a bare server with the same SQL, and each filter.
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerId, OWNER, writeBooks } from './company-file.ts';
import { load, type Measured, request } from './load.ts';
import { median } from './numbers.ts';
import { EXAMPLE, KEY, ROOT, UNDERSTUDY } from './peers.ts';
import { freePort, launch, type Running } from './processes.ts';
import type { Extent, Found, Goal, Say, Table } from './results.ts';

const HEADERS = { ...KEY, 'conductor-end-user-id': OWNER };
const INVOICES = '/conductor/v1/quickbooks-desktop/invoices';
/** The page of all lists. */
const PAGE = 150;
/** Lines of a created invoice. */
const LINES = 10;
const ITEM = '80000029-1735722000';

/** A request, as the load generator and the bare server send it. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
}

const LIST: Sent = { method: 'GET', path: `${INVOICES}?limit=${PAGE}`, body: null };
const CREATE: Sent = {
  method: 'POST',
  path: INVOICES,
  body: JSON.stringify({
    customerId: customerId(7),
    transactionDate: '2025-02-10',
    refNumber: 'B-1',
    lines: Array.from({ length: LINES }, () => ({ itemId: ITEM, quantity: 2 })),
  }),
};
const RETRIEVE: Sent = { method: 'GET', path: `${INVOICES}/10000050-1577836800`, body: null };

/** The filters of invoices, each with a value that selects a part of them; most in ms. */
const FILTERS: readonly { readonly query: string; readonly most: number }[] = [
  { query: `customerIds=${customerId(7)}`, most: 10 },
  { query: 'transactionDateFrom=2021-03-01&transactionDateTo=2021-03-02', most: 10 },
  { query: 'transactionDateFrom=2021-03-01', most: 25 },
  { query: 'updatedAfter=2022-09-20', most: 25 },
  { query: 'updatedBefore=2020-01-03', most: 25 },
  { query: 'accountIds=80000001-1735722000', most: 25 },
  { query: 'refNumberContains=777', most: 25 },
  { query: 'refNumberStartsWith=777', most: 25 },
  { query: 'refNumberEndsWith=777', most: 25 },
  { query: 'refNumberFrom=10100&refNumberTo=10200', most: 25 },
  { query: 'paymentStatus=paid', most: 25 },
  { query: 'paymentStatus=not_paid', most: 25 },
  { query: 'refNumbers=10777', most: 25 },
  { query: 'ids=10000050-1577836800', most: 25 },
  { query: '', most: 25 },
];

/** Measures a list and a create against the limit, a retrieve by the size of the file, and the filters. */
export async function measureQuickBooks(extent: Extent, scratch: string, say: Say): Promise<Found> {
  const sizes = { small: 100, middle: extent.invoices / 10, large: extent.invoices };
  const folder = (name: string) => join(scratch, `books-${name}`);
  for (const [name, size] of Object.entries(sizes)) {
    say(`quickbooks: a company file of ${size.toLocaleString('en-US')} invoices`);
    writeBooks(folder(name), size);
  }
  const shares = [
    await againstLimit('list', LIST, { least: 0.6, mostMs: 10 }, folder('middle'), extent, say),
    await againstLimit('create', CREATE, { least: 0.5 }, folder('middle'), extent, say),
  ];
  const growth = await retrieves(folder('small'), folder('large'), sizes, extent, say);
  const filters = await filtered(folder('large'), sizes.large, extent, say);
  const table: Table = {
    part: 'quickbooks',
    title: 'QuickBooks invoices, and their limit',
    columns: ['Understudy, p50 in ms', 'same SQL, p50 in ms', 'share of the same SQL'],
    rows: shares.flatMap(({ row }) => row),
    notes: [
      `A list of ${PAGE} of ${sizes.middle.toLocaleString('en-US')} invoices with five lines each, and a create with ${LINES} lines; files of \`--data\`, one connection. The limit runs the recorded statements of one such request and serializes its response.`,
    ],
  };
  const all = [{ tables: [table], goals: shares.flatMap(({ goals }) => goals) }, growth, filters];
  return { tables: all.flatMap(({ tables }) => tables), goals: all.flatMap(({ goals }) => goals) };
}

const textOf = ({ method, path, body }: Sent) => request(method, path, HEADERS, body ?? '');

/** Sends a request again and again, over one connection. */
function each(port: number, sent: Sent, { warm, seconds }: Extent): Promise<Measured> {
  const text = textOf(sent);
  return load({ port, request: () => text, status: 200, warm, seconds, connections: 1 });
}

/** Starts Understudy on a copy of a folder. */
async function start(dir: string, copy: string): Promise<Running> {
  cpSync(dir, copy, { recursive: true });
  const port = await freePort();
  const command = [process.execPath, join(ROOT, 'dist/main.js'), '--port', `${port}`, '--data', copy];
  return launch(command, port, { path: `${UNDERSTUDY.base}/end-users/${EXAMPLE}`, headers: KEY });
}

async function startLimit(dir: string, copy: string, sent: Sent): Promise<Running> {
  cpSync(dir, copy, { recursive: true });
  const port = await freePort();
  const task = `${copy}.json`;
  writeFileSync(
    task,
    JSON.stringify({ ...sent, port, data: copy, headers: { ...HEADERS, 'content-type': 'application/json' } }),
  );
  const command = [process.execPath, join(ROOT, '.build/bench/bare-company-file.js'), task];
  return launch(command, port, { path: '/', headers: {} });
}

async function againstLimit(
  name: string,
  sent: Sent,
  goal: { readonly least: number; readonly mostMs?: number },
  dir: string,
  extent: Extent,
  say: Say,
): Promise<{ row: Table['rows']; goals: Goal[] }> {
  say(`quickbooks: ${name} against the same SQL`);
  const ours = await start(dir, `${dir}-${name}`);
  const limit = await startLimit(dir, `${dir}-${name}-limit`, sent);
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = -1; round < extent.rounds; round++) {
    const [one, other] = [await each(ours.port, sent, extent), await each(limit.port, sent, extent)];
    // The first round warms up the JIT compiler.
    if (round === -1) continue;
    own.push(one.p50);
    bare.push(other.p50);
  }
  await ours.end();
  await limit.end();
  const value = median(own.map((p50, n) => (bare[n] as number) / p50));
  const what = `${name} of QuickBooks invoices`;
  const goals: Goal[] = [
    { part: 'quickbooks', what: `${what}, against the same SQL`, value, unit: 'times', least: goal.least },
  ];
  if (goal.mostMs !== undefined) {
    goals.push({ part: 'quickbooks', what: `${what}, p50`, value: median(own), unit: 'ms', most: goal.mostMs });
  }
  return { row: [{ name, values: [median(own), median(bare), value] }], goals };
}

async function retrieves(
  small: string,
  large: string,
  sizes: { readonly small: number; readonly large: number },
  extent: Extent,
  say: Say,
): Promise<Found> {
  say('quickbooks: one invoice in a small and in a large company file');
  const few = await start(small, `${small}-retrieve`);
  const many = await start(large, `${large}-retrieve`);
  const times: [number, number][] = [];
  for (let round = -1; round < extent.rounds; round++) {
    const [one, other] = [await each(few.port, RETRIEVE, extent), await each(many.port, RETRIEVE, extent)];
    if (round !== -1) times.push([one.p50, other.p50]);
  }
  await few.end();
  await many.end();
  const value = median(times.map(([one, other]) => other / one));
  const what = `retrieve one of ${sizes.large.toLocaleString('en-US')} invoices, against one of ${sizes.small}`;
  const table: Table = {
    part: 'quickbooks',
    title: 'One invoice in a company file of so many',
    columns: ['p50, ms'],
    rows: [
      { name: `${sizes.small}`, values: [median(times.map(([one]) => one))] },
      { name: sizes.large.toLocaleString('en-US'), values: [median(times.map(([, other]) => other))] },
    ],
    notes: [],
  };
  return { tables: [table], goals: [{ part: 'quickbooks', what, value, unit: 'times', most: 1.2 }] };
}

async function filtered(dir: string, size: number, extent: Extent, say: Say): Promise<Found> {
  say('quickbooks: filters');
  const server = await start(dir, `${dir}-filters`);
  const rows: { name: string; values: number[] }[] = [];
  const goals: Goal[] = [];
  for (const { query, most } of FILTERS) {
    const name = query === '' ? 'no filter' : query;
    const lookUp = /^(ids|refNumbers)=/.test(query);
    const path = `${INVOICES}?${[query, lookUp ? '' : `limit=${PAGE}`].filter((part) => part !== '').join('&')}`;
    const { p50, p99 } = await each(server.port, { method: 'GET', path, body: null }, extent);
    rows.push({ name: `\`${name}\``, values: [p50, p99] });
    goals.push({ part: 'quickbooks', what: `list of invoices by \`${name}\`, p50`, value: p50, unit: 'ms', most });
  }
  await server.end();
  const table: Table = {
    part: 'quickbooks',
    title: `Filters of ${size.toLocaleString('en-US')} invoices`,
    columns: ['p50, ms', 'p99, ms'],
    rows,
    notes: [`The first page, of at most ${PAGE}; one connection.`],
  };
  return { tables: [table], goals };
}
