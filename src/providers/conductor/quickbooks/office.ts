// What happens at the customer's desk, as control-plane actions: somebody edits, locks or deletes a record there, the
// computer goes offline, preferences change. All our choice.
import { z } from 'zod';
import { invalidInput } from '../../../core/problem.ts';
import type { Action } from '../../../core/provider/provider.ts';
import { endUserPath } from '../components.ts';
import { atDesk, checkInput, onRecord, recordPath } from './at-desk.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { bodySchema, responseSchema, resultSchema } from './contract.ts';
import { camelCase } from './operations.ts';
import { changedPreferences } from './preferences.ts';
import { type EntryOperation, entryOf, operationFor, showRecord } from './record-operations.ts';
import { remove, removeListObject } from './remove.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { COMPUTER, DESK, type Desk } from './schema.ts';
import { showValue } from './show-record.ts';
import { update } from './update.ts';

const Nothing = z.strictObject({});
const Edit = z.strictObject({
  changes: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('As in an update, without `revisionNumber`; without changes the record is saved as it is.'),
});
const Preferences = z
  .record(z.string(), z.unknown())
  .describe('The groups and fields to change, as `GET /preferences` shows them; null switches a group off.');
const Shown = z.record(z.string(), z.unknown());
const Deleted = z.strictObject({ resource: z.string(), id: z.string(), deleted: z.literal(true) });

/** The actions at the customer's desk. */
export const DESK_ACTIONS: readonly Action[] = [
  {
    name: 'setComputer',
    summary: 'takes the computer of an end-user offline or online, or lets its requests time out',
    path: '/end-users/{id}/computer',
    params: endUserPath,
    body: COMPUTER,
    status: 200,
    response: DESK,
    handle: (call) =>
      atDesk(call, (file) => saved(file, { ...file.desk, computer: call.body as z.output<typeof COMPUTER> })),
  },
  {
    name: 'changePreferences',
    summary: "changes the preferences of an end-user's company file: closing date, sales tax, personal data",
    path: '/end-users/{id}/preferences',
    params: endUserPath,
    body: Preferences,
    status: 200,
    response: Shown,
    handle: (call) =>
      atDesk(call, (file) => {
        const { entry, published } = operationFor('preferences', 'retrieve') as EntryOperation;
        const shape = responseSchema(published);
        const preferences = changedPreferences(file, entry, shape, call.body as Json);
        const shown = showValue(entry, shape, preferences, file);
        checkInput(resultSchema(published), shown, 'changes');
        file.savePreferences(preferences);
        return shown;
      }),
  },
  {
    name: 'editRecord',
    summary: "edits a record at the customer's desk, so that the revision number an integration knows is out of date",
    path: '/end-users/{id}/records/{recordId}/edit',
    params: recordPath,
    body: Edit,
    status: 200,
    response: Shown,
    handle: (call) =>
      onRecord(call, (file, record) => edit(file, record, (call.body as z.output<typeof Edit>).changes)),
  },
  {
    name: 'lockRecord',
    summary: "opens a record in a window at the customer's desk: the API can no longer change or delete it",
    path: '/end-users/{id}/records/{recordId}/lock',
    params: recordPath,
    body: Nothing,
    status: 200,
    response: DESK,
    handle: (call) =>
      onRecord(call, (file, { id }) =>
        saved(file, { ...file.desk, locked: [...file.desk.locked.filter((one) => one !== id), id] }),
      ),
  },
  {
    name: 'unlockRecord',
    summary: "closes the window of a record at the customer's desk",
    path: '/end-users/{id}/records/{recordId}/unlock',
    params: recordPath,
    body: Nothing,
    status: 200,
    response: DESK,
    handle: (call) =>
      onRecord(call, (file, { id }) =>
        saved(file, { ...file.desk, locked: file.desk.locked.filter((one) => one !== id) }),
      ),
  },
  {
    name: 'deleteRecord',
    summary: "deletes a record at the customer's desk; list objects, which the API cannot delete, too",
    path: '/end-users/{id}/records/{recordId}/delete',
    params: recordPath,
    body: Nothing,
    status: 200,
    response: Deleted,
    handle: (call) =>
      onRecord(
        call,
        (file, { id, resource }) => {
          const entry = entryOf(resource) as ResourceEntry;
          if (entry.kind === 'transaction') remove(file, entry, id);
          else removeListObject(file, entry, id);
          return { resource: camelCase(resource), id, deleted: true };
        },
        (work) => call.remove(work),
      ),
  },
];

function saved(file: CompanyFile, desk: Desk): Desk {
  file.saveDesk(desk);
  return desk;
}

/** Saves a record at the desk, under the rules of an update through the API; returns it as a retrieve shows it. */
function edit(file: CompanyFile, record: StoredObject, changes: Json): Json {
  const { resource, id, revisionNumber } = record;
  const updating = operationFor(resource, 'update');
  if (updating !== undefined) {
    const request = { ...structuredClone(changes), revisionNumber };
    checkInput(bodySchema(updating.published, 'strict'), request, 'changes');
    update(file, updating.entry, responseSchema(updating.published), id, request);
  } else if (Object.keys(changes).length > 0) {
    throw invalidInput(
      'changes',
      `${camelCase(resource)} have no update operation, so only an edit without changes is possible`,
    );
  } else file.replace(record, record.body);
  return showRecord(file, file.findAny(id) as StoredObject);
}
