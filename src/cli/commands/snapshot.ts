// `understudy snapshot`: creates snapshots of a sandbox, compares, restores, exports and deletes them.
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Snapshot, SnapshotDiff } from '../../control/schemas.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT, UsageError } from '../failures.ts';
import { writeTable } from '../table.ts';
import { flag, text } from '../values.ts';
import { ControlClient, query, SANDBOX_SETTINGS, sends } from './control-client.ts';
import { limitSetting } from './list-settings.ts';

const LISTING = { limit: limitSetting, ...SANDBOX_SETTINGS } as const;
const EXPORTING = {
  output: flag('file', text, 'the file to write; by default <name>.sqlite in this folder'),
  ...SANDBOX_SETTINGS,
} as const;

export const snapshot: Command = {
  name: 'snapshot',
  alias: 'snapshots',
  summary: 'Create snapshots of a sandbox, compare them with its state, restore, export and delete them',
  actions: [
    action({ name: 'list', summary: 'List the snapshots of a sandbox, newest first', settings: LISTING, run: list }),
    action({
      name: 'create',
      argument: '<name>',
      summary: 'Create a snapshot of the current state',
      settings: SANDBOX_SETTINGS,
      run: create,
    }),
    action({
      name: 'restore',
      argument: '<name>',
      summary: 'Restore the state of a snapshot',
      settings: SANDBOX_SETTINGS,
      run: sends('POST', ([name]) => `/snapshots/${name}/restore`, 'restoring the snapshot'),
    }),
    action({
      name: 'diff',
      argument: '<name>',
      summary: 'List what has changed since a snapshot',
      settings: SANDBOX_SETTINGS,
      exit: { yes: 'no changes', no: 'there are changes' },
      run: diff,
    }),
    action({
      name: 'export',
      argument: '<name>',
      summary: 'Write a snapshot to a SQLite file and print its path',
      settings: EXPORTING,
      run: exportFile,
    }),
    action({
      name: 'delete',
      argument: '<name>',
      summary: 'Delete a snapshot',
      settings: SANDBOX_SETTINGS,
      run: sends('DELETE', ([name]) => `/snapshots/${name}`),
    }),
  ],
  examples: [
    'understudy snapshot create before',
    'understudy snapshot list',
    'understudy snapshot diff before',
    'understudy snapshot restore before',
    'understudy snapshot export before --output sandboxes/default.sqlite',
    'understudy snapshot delete before',
  ],
};

/** A path below the snapshot that the call names. */
function pathOf({ words: [name] }: Call, below: string): string {
  return `/snapshots/${encodeURIComponent(name as string)}${below}`;
}

async function list(call: Call<typeof LISTING>): Promise<number> {
  return await new ControlClient(call).printList(
    'snapshots',
    ['GET', query('/snapshots', { limit: call.config.limit })],
    ['NAME', 'CREATED'],
    ({ name, createdAt }: Snapshot) => [name, createdAt],
  );
}

async function create(call: Call<typeof SANDBOX_SETTINGS>): Promise<number> {
  const client = new ControlClient(call);
  client.wroteJson(
    await client.send('POST', '/snapshots', { body: { name: call.words[0] }, doing: 'creating the snapshot' }),
  );
  return EXIT.yes;
}

async function diff(call: Call<typeof SANDBOX_SETTINGS>): Promise<number> {
  const client = new ControlClient(call);
  const changed = await client.send<SnapshotDiff>('GET', pathOf(call, '/diff'), {
    doing: 'comparing the snapshot with the state',
  });
  const rows = Object.entries(changed).flatMap(([provider, resources]) =>
    Object.entries(resources).flatMap(([resource, { inserts, updates, deletes }]) => [
      ...inserts.map((row) => ['insert', provider, resource, idOf(row), '']),
      ...updates.map(({ before, after }) => ['update', provider, resource, idOf(after), changes(before, after)]),
      ...deletes.map((row) => ['delete', provider, resource, idOf(row), '']),
    ]),
  );
  const same = rows.length === 0;
  if (client.wroteJson(changed)) return same ? EXIT.yes : EXIT.no;
  if (same) call.shell.out.write('no changes\n');
  else writeTable(call.shell.out, ['CHANGE', 'PROVIDER', 'RESOURCE', 'ID', 'FIELDS'], rows);
  return same ? EXIT.yes : EXIT.no;
}

/** The id of a row; without an `id`, its first member. */
function idOf(row: Readonly<Record<string, unknown>>): string {
  return String(row.id ?? Object.values(row)[0]);
}

function changes(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => [name, JSON.stringify(before[name]), JSON.stringify(after[name])])
    .filter(([, was, is]) => was !== is)
    .map(([name, was = 'absent', is = 'absent']) => `${name}: ${was} → ${is}`)
    .join(', ');
}

async function exportFile(call: Call<typeof EXPORTING>): Promise<number> {
  const path = call.config.output ?? `${call.words[0]}.sqlite`;
  const client = new ControlClient(call);
  await client.open(pathOf(call, '/export'), { doing: `exporting to ${path}` }, (response) =>
    writeBody(response, path),
  );
  if (!client.wroteJson({ path, bytes: (await stat(path)).size })) call.shell.out.write(`${path}\n`);
  return EXIT.yes;
}

async function writeBody(response: Response, path: string): Promise<void> {
  const file = createWriteStream(path);
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), file);
  } catch (error) {
    // An incomplete database must not stay behind. A file that could not be opened is not ours to delete.
    if (file.bytesWritten > 0) await rm(path, { force: true });
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}.`);
  }
}
