// `understudy company-file`: what happens at the desk of a customer who runs QuickBooks.
import type { Row } from '../../control/schemas.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { writeTable } from '../table.ts';
import { choice, flag } from '../values.ts';
import { ControlClient, SANDBOX_SETTINGS, sends } from './control-client.ts';
import { jsonIn } from './json-input.ts';

const TIMING_OUT = {
  phase: flag(
    'before|after-commit',
    choice('before', 'after-commit'),
    'whether a request has no effect (before, the default), or takes effect and its response is lost (after-commit)',
  ),
  ...SANDBOX_SETTINGS,
} as const;

const settings = SANDBOX_SETTINGS;

export const companyFile: Command = {
  name: 'company-file',
  alias: 'company-files',
  summary: 'Do what a customer does at the desk: edit, lock, delete QuickBooks records, take the computer offline',
  actions: [
    action({
      name: 'show',
      argument: '<end-user>',
      summary: 'Show the state of the computer, and which records are open in a window',
      settings,
      run: show,
    }),
    action({
      name: 'edit',
      argument: '<end-user> <record> [changes|-]',
      summary: 'Edit a record; the changes are JSON as in an update, without revisionNumber (- reads standard input)',
      settings,
      run: edit,
    }),
    action({
      name: 'lock',
      argument: '<end-user> <record>',
      summary: 'Open a record in a window, so that the API cannot change or delete it',
      settings,
      run: sends('POST', ([id, record]) => `${pathOf(id)}/records/${record}/lock`),
    }),
    action({
      name: 'unlock',
      argument: '<end-user> <record>',
      summary: 'Close the window of a record',
      settings,
      run: sends('POST', ([id, record]) => `${pathOf(id)}/records/${record}/unlock`),
    }),
    action({
      name: 'delete',
      argument: '<end-user> <record>',
      summary: 'Delete a record, also a list object, which the API cannot delete',
      settings,
      run: sends('POST', ([id, record]) => `${pathOf(id)}/records/${record}/delete`),
    }),
    action({
      name: 'offline',
      argument: '<end-user>',
      summary: 'Take the computer offline: requests fail at once',
      settings,
      run: computer('offline'),
    }),
    action({
      name: 'online',
      argument: '<end-user>',
      summary: 'Take the computer online again',
      settings,
      run: computer('online'),
    }),
    action({
      name: 'time-out',
      argument: '<end-user>',
      summary: 'Let requests time out, with or without effect',
      settings: TIMING_OUT,
      run: timeOut,
    }),
    action({
      name: 'preferences',
      argument: '<end-user> <changes|->',
      summary: 'Change preferences; the changes are JSON as GET /preferences shows it, null switches a group off',
      settings,
      run: preferences,
    }),
  ],
  examples: [
    'understudy company-file edit end_usr_larkspur000001 8000002B-1735722000 \'{"phone":"555-0199"}\'',
    'understudy company-file lock end_usr_larkspur000001 101-1736503200',
    'understudy company-file unlock end_usr_larkspur000001 101-1736503200',
    'understudy company-file delete end_usr_larkspur000001 101-1736503200',
    'understudy company-file offline end_usr_larkspur000001',
    'understudy company-file time-out end_usr_larkspur000001 --phase after-commit',
    'understudy company-file online end_usr_larkspur000001',
    'understudy company-file show end_usr_larkspur000001',
    'understudy company-file preferences end_usr_larkspur000001 \'{"accounting":{"closingDate":"2025-01-31"}}\'',
  ],
};

/** The path of an end-user; the id is encoded already. */
function pathOf(id: string | undefined): string {
  return `/conductor/end-users/${id}`;
}

function encodedPath({ words }: Call, below = ''): string {
  return `${pathOf(encodeURIComponent(words[0] as string))}${below}`;
}

async function show(call: Call<typeof settings>): Promise<number> {
  const client = new ControlClient(call);
  const path = `/resources/conductor/companyFiles/${encodeURIComponent(call.words[0] as string)}`;
  const { row } = await client.send<{ row: Row }>('GET', path);
  if (client.wroteJson(row.desk)) return EXIT.yes;
  const { computer, locked } = row.desk as { computer: { state: string; phase: string }; locked: string[] };
  const state = computer.state === 'timing-out' ? `${computer.state} (${computer.phase})` : computer.state;
  writeTable(call.shell.out, ['COMPUTER', 'LOCKED'], [[state, locked.join(', ') || 'none']]);
  return EXIT.yes;
}

async function edit(call: Call<typeof settings>): Promise<number> {
  const [, record, json] = call.words as [string, string, string?];
  const changes = json === undefined ? {} : await jsonIn(json, call.shell);
  const client = new ControlClient(call);
  const path = encodedPath(call, `/records/${encodeURIComponent(record)}/edit`);
  client.wroteJson(await client.send('POST', path, { body: { changes } }));
  return EXIT.yes;
}

function computer(state: 'online' | 'offline') {
  return async (call: Call<typeof settings>): Promise<number> => {
    await new ControlClient(call).send('POST', encodedPath(call, '/computer'), { body: { state } });
    return EXIT.yes;
  };
}

async function timeOut(call: Call<typeof TIMING_OUT>): Promise<number> {
  const { phase } = call.config;
  const body = { state: 'timing-out', ...(phase === null ? {} : { phase }) };
  await new ControlClient(call).send('POST', encodedPath(call, '/computer'), { body });
  return EXIT.yes;
}

async function preferences(call: Call<typeof settings>): Promise<number> {
  const body = await jsonIn(call.words[1] as string, call.shell);
  const client = new ControlClient(call);
  client.wroteJson(await client.send('POST', encodedPath(call, '/preferences'), { body }));
  return EXIT.yes;
}
