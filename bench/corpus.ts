// Sends the requests of test/published/corpus to Understudy and to two mock servers for OpenAPI documents.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CorpusCase, type CorpusRequest, corpusCases } from '../test/published/corpus-cases.ts';
import { MODULES, ROOT, versionOf } from './peers.ts';
import { freePort, launch } from './processes.ts';
import { circumstances, circumstancesOf, markdown } from './report.ts';
import type { Extent, Found, Say, Table } from './results.ts';

/** A mock server for a document. */
interface Tool {
  readonly name: string;
  readonly base: string;
  command(file: string, port: number): string[];
}

const node = process.execPath;
const PACKAGES = ['@stoplight/prism-cli', '@stdy/cli'] as const;

const TOOLS: readonly Tool[] = [
  {
    name: 'Understudy',
    base: '/conductor/v1',
    command: (file, port) => [node, join(ROOT, 'dist/main.js'), '--port', `${port}`, '--contract', `conductor=${file}`],
  },
  {
    name: 'Prism',
    base: '',
    command: (file, port) => [
      ...[node, join(MODULES, '@stoplight/prism-cli/dist/index.js'), 'mock', '--host', '127.0.0.1'],
      ...['--port', `${port}`, '--verboseLevel', 'silent', file],
    ],
  },
  {
    name: 'Steady',
    base: '',
    command: (file, port) => [
      ...[node, join(MODULES, '@stdy/cli/steady.js'), '--host', '127.0.0.1', '--port', `${port}`, '--quiet', file],
    ],
  },
];

/** A path that every document gets, to see when a server is up. */
const PROBE = '/corpus-probe';
const MARKS = ['<!-- generated: npm run bench, part corpus -->', '<!-- end of the corpus -->'] as const;

/** How many requests of each kind each tool treats as the corpus says; writes the table into docs/sdk-suites.md. */
export async function measureCorpus(_extent: Extent, scratch: string, say: Say): Promise<Found> {
  const rows: Table['rows'][number][] = [];
  const worse: string[] = [];
  for (const one of corpusCases()) {
    const count = (one.passes ?? []).length + (one.refuses ?? []).length;
    if (one.unservable !== undefined || one.strict !== undefined || count === 0) continue;
    const file = join(scratch, `${one.name}.${one.extension ?? 'json'}`);
    writeFileSync(file, withProbe(one));
    const right = await Promise.all(TOOLS.map((tool) => rightRequests(tool, one, file)));
    say(`${one.name}: ${right.map((n) => n ?? 'does not start').join(', ')} of ${count}`);
    const [own, ...others] = right.map((n) => n ?? 0) as [number, ...number[]];
    if (others.some((other) => other > own)) worse.push(one.name);
    rows.push({ name: one.kind, values: [count, ...right] });
  }
  const table: Table = {
    part: 'corpus',
    title: 'Requests treated as the corpus says',
    columns: ['requests', ...TOOLS.map(({ name }) => name)],
    rows,
    notes: [
      'A valid request is to get a response of the class (2xx, 3xx) that its document declares, an invalid one a 4xx. A dash: the tool does not start with the document, or stops.',
      'Steady answers some invalid requests as if they were valid, and only reports them in its log.',
    ],
  };
  writePage(table);
  const goal = {
    part: 'corpus',
    what: 'kinds at which another tool is better',
    value: worse.length,
    unit: 'kinds',
    most: 0,
  };
  return { tables: [table], goals: [goal] };
}

function withProbe({ text, document }: CorpusCase): string {
  const probe = { get: { responses: { 200: { description: '' } } } };
  if (text === undefined) {
    const paths = { ...(document.paths as object), [PROBE]: probe };
    return JSON.stringify({ ...document, paths });
  }
  // A text is there for how it is written; the probe goes into it as it is.
  return text.trimStart().replace('\uFEFF', '').startsWith('{')
    ? text.replace('"paths":{', `"paths":{"${PROBE}":${JSON.stringify(probe)},`)
    : text.replace('paths:\n', `paths:\n  ${PROBE}: ${JSON.stringify(probe)}\n`);
}

/** The number of requests treated as the corpus says; null when the tool does not start or stops. */
async function rightRequests(tool: Tool, one: CorpusCase, file: string): Promise<number | null> {
  const port = await freePort();
  const headers = { authorization: 'Bearer sk_conductor_bench' };
  const running = await launch(tool.command(file, port), port, { path: tool.base + PROBE, headers }).catch(() => null);
  if (running === null) return null;
  try {
    let right = 0;
    for (const valid of one.passes ?? []) {
      const status = await statusOf(tool, port, valid);
      if (valid.status === undefined ? status < 400 : isLike(status, valid.status)) right++;
    }
    for (const invalid of one.refuses ?? []) {
      if (isLike(await statusOf(tool, port, invalid), invalid.status ?? 400)) right++;
    }
    return right;
  } catch {
    return null;
  } finally {
    await running.end();
  }
}

/** Whether two statuses are of the same class: which one of a class, a document often leaves open. */
function isLike(status: number, expected: number): boolean {
  return Math.floor(status / 100) === Math.floor(expected / 100);
}

async function statusOf({ base }: Tool, port: number, { request, headers, body }: CorpusRequest): Promise<number> {
  const [method, path] = request.split(/ (.*)/) as [string, string];
  const json = body !== undefined && typeof body !== 'string';
  const response = await fetch(`http://127.0.0.1:${port}${base}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: 'Bearer sk_conductor_bench',
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : Buffer.from(body as string) }),
  });
  await response.arrayBuffer();
  return response.status;
}

function writePage(table: Table): void {
  const page = join(ROOT, 'docs/sdk-suites.md');
  const text = readFileSync(page, 'utf8');
  const [before, rest = ''] = text.split(MARKS[0]) as [string, string?];
  const [, after = ''] = rest.split(MARKS[1]);
  const versions = Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]));
  const parts = [MARKS[0], circumstancesOf(circumstances(versions, false)), tableOf(table), MARKS[1]];
  writeFileSync(page, before + parts.join('\n\n') + after);
}

/** The table without its title, which the page has. */
function tableOf(table: Table): string {
  return markdown(table).split('\n\n').slice(1).join('\n\n');
}
