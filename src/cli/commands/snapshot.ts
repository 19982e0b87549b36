// `understudy snapshot`: keeps what a sandbox holds, compares it with now, puts it back, writes it into a file.
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Difference } from '../../core/sandbox/snapshots.ts';
import { EXIT, UsageError } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { writeTable } from '../table.ts';
import { setting, text } from '../values.ts';
import { ASKING_ONE, Asking, query } from './asking.ts';
import { limitSetting, tellRest } from './lists.ts';

const LISTING = { limit: limitSetting, ...ASKING_ONE } as const;
const EXPORTING = {
  output: setting<string | null>({
    value: 'file',
    fallback: null,
    flagOnly: true,
    read: text,
    help: 'the file to write; by default <name>.sqlite here',
  }),
  ...ASKING_ONE,
} as const;

export const snapshot: Command = {
  name: 'snapshot',
  summary: 'keeps what a sandbox holds under a name, compares it with now, puts it back, writes it into a file',
  actions: [
    action({
      name: 'list',
      argument: '',
      summary: 'lists those of a sandbox, newest first',
      settings: LISTING,
      run: list,
    }),
    action({
      name: 'create',
      argument: '<name>',
      summary: 'keeps what it holds now',
      settings: ASKING_ONE,
      run: create,
    }),
    action({ name: 'restore', argument: '<name>', summary: 'puts it back', settings: ASKING_ONE, run: restore }),
    action({ name: 'diff', argument: '<name>', summary: 'lists what changed since', settings: ASKING_ONE, run: diff }),
    action({
      name: 'export',
      argument: '<name>',
      summary: 'writes it into a SQLite file and prints its path',
      settings: EXPORTING,
      run: exportFile,
    }),
    action({ name: 'delete', argument: '<name>', summary: 'forgets it', settings: ASKING_ONE, run: remove }),
  ],
  examples: [
    'understudy snapshot create before',
    'understudy snapshot diff before',
    'understudy snapshot export before --output sandboxes/default.sqlite',
  ],
};

/** The path of the snapshot that is named, and what is below it. */
function pathOf({ words: [name] }: Call, below = ''): string {
  return `/snapshots/${encodeURIComponent(name as string)}${below}`;
}

async function list(call: Call<typeof LISTING>): Promise<number> {
  const asking = new Asking(call);
  const answer = await asking.ask<{ snapshots: { name: string; createdAt: string }[]; meta: { total: number } }>(
    'GET',
    query('/snapshots', { limit: call.config.limit }),
  );
  if (asking.wroteJson(answer)) return EXIT.done;
  const rows = answer.snapshots.map(({ name, createdAt }) => [name, createdAt]);
  writeTable(call.shell.out, ['NAME', 'CREATED'], rows);
  tellRest(call.shell, rows.length, answer.meta.total);
  return EXIT.done;
}

async function create(call: Call<typeof ASKING_ONE>): Promise<number> {
  const asking = new Asking(call);
  asking.wroteJson(
    await asking.ask('POST', '/snapshots', { body: { name: call.words[0] }, what: 'taking a snapshot' }),
  );
  return EXIT.done;
}

async function restore(call: Call<typeof ASKING_ONE>): Promise<number> {
  await new Asking(call).ask('POST', pathOf(call, '/restore'), { what: 'restoring the snapshot' });
  return EXIT.done;
}

async function diff(call: Call<typeof ASKING_ONE>): Promise<number> {
  const asking = new Asking(call);
  const answer = await asking.ask<Record<string, Record<string, Difference>>>('GET', pathOf(call, '/diff'), {
    what: 'comparing the snapshot with now',
  });
  if (asking.wroteJson(answer)) return EXIT.done;
  const rows = Object.entries(answer).flatMap(([provider, resources]) =>
    Object.entries(resources).flatMap(([resource, { inserts, updates, deletes }]) => [
      ...inserts.map((row) => ['insert', provider, resource, idOf(row), '']),
      ...updates.map(({ before, after }) => ['update', provider, resource, idOf(after), changes(before, after)]),
      ...deletes.map((row) => ['delete', provider, resource, idOf(row), '']),
    ]),
  );
  if (rows.length > 0) writeTable(call.shell.out, ['CHANGE', 'PROVIDER', 'RESOURCE', 'ID', 'FIELDS'], rows);
  return EXIT.done;
}

/** Rows begin with what they are called by. */
function idOf(row: Readonly<Record<string, unknown>>): string {
  return String(row.id ?? Object.values(row)[0]);
}

function changes(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => [name, JSON.stringify(before[name]), JSON.stringify(after[name])])
    .filter(([, was, is]) => was !== is)
    .map(([name, was = 'nothing', is = 'nothing']) => `${name}: ${was} → ${is}`)
    .join(', ');
}

async function exportFile(call: Call<typeof EXPORTING>): Promise<number> {
  const path = call.config.output ?? `${call.words[0]}.sqlite`;
  const asking = new Asking(call);
  await asking.open(pathOf(call, '/export'), { what: `exporting into ${path}` }, (answer) => writeBody(answer, path));
  if (!asking.wroteJson({ path, bytes: (await stat(path)).size })) call.shell.out.write(`${path}\n`);
  return EXIT.done;
}

async function writeBody(answer: Response, path: string): Promise<void> {
  const file = createWriteStream(path);
  try {
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), file);
  } catch (error) {
    // Half a database would be taken for a whole one. A file that could not be opened is not ours to remove.
    if (file.bytesWritten > 0) await rm(path, { force: true });
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`);
  }
}

async function remove(call: Call<typeof ASKING_ONE>): Promise<number> {
  await new Asking(call).ask('DELETE', pathOf(call));
  return EXIT.done;
}
