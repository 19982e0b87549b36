// How an action at the customer's desk finds the company file and its records, and what it says when QuickBooks refuses.
import { z } from 'zod';
import type { Call } from '../../../core/http/call.ts';
import { invalidInput, Problem } from '../../../core/problem.ts';
import { Failure } from '../../../core/provider/errors.ts';
import { endUserPath } from '../components.ts';
import { endUserOf } from '../connection-actions.ts';
import { CompanyFile, type StoredObject } from './company-file.ts';
import { entryOf } from './record-operations.ts';

/** The path of an action on a record. */
export const recordPath = endUserPath.extend({
  recordId: z.string().describe("Id of a list object or transaction in the end-user's company file."),
});

/** Changes the end-user's company file in one transaction. @throws Problem 404, 409 when QuickBooks refuses */
export function atDesk<T>(
  call: Call,
  work: (file: CompanyFile) => T,
  run: (work: () => T) => T = (work) => call.db.transaction(work),
): T {
  return refusing(() => run(() => work(CompanyFile.open(call.sandbox, endUserOf(call).id, { atDesk: true }))));
}

/** Changes a record in one transaction. @throws Problem 404, 409 when QuickBooks refuses */
export function onRecord<T>(
  call: Call,
  work: (file: CompanyFile, record: StoredObject) => T,
  run?: (work: () => T) => T,
): T {
  return atDesk(call, (file) => work(file, requireRecord(call, file)), run);
}

/** Reads the end-user's company file. @throws Problem 404 where there is none yet, 400 and 409 when QuickBooks refuses */
export function readingFile<T>(call: Call, work: (file: CompanyFile) => T): T {
  return refusing(() => {
    const { id } = endUserOf(call);
    const file = CompanyFile.existing(call.sandbox, id);
    if (file !== undefined) return work(file);
    throw new Problem(
      404,
      'not-found',
      `The end-user ${id} has no company file yet; the first QuickBooks request of the end-user creates it.`,
    );
  });
}

/** The record that an action is about. @throws Problem 404 when there is none */
export function requireRecord(call: Call, file: CompanyFile): StoredObject {
  const { id, recordId } = call.params as z.output<typeof recordPath>;
  const record = file.findAny(recordId);
  if (record !== undefined && entryOf(record.resource) !== undefined) return record;
  throw new Problem(
    404,
    'not-found',
    `The company file of ${id} has no record ${JSON.stringify(recordId)}; the lists of the API show the ids of its records.`,
  );
}

/** The value as a schema reads it. @throws Problem 400 for the first thing that does not fit; `where` names the whole */
export function checkInput(schema: z.ZodType, value: unknown, where: string): unknown {
  const { data, error } = schema.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (issue !== undefined) throw invalidInput(issue.path.join('.') || where, issue.message);
  return data;
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { integrationCode } = error.fields;
    if (integrationCode === undefined) throw new Problem(400, 'invalid-input', `${error.message}.`);
    throw new Problem(409, 'quickbooks-refuses', error.message, { integrationCode });
  }
}
