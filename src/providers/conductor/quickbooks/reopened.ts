// What deleting or voiding a transaction reopens: the transactions linked with it, as they were and as they are then.
import type { Call } from '../../../core/http/call.ts';
import type { CompanyFile, Json } from './company-file.ts';
import { linksOf } from './links.ts';
import { camelCase } from './operations.ts';
import { showRecord } from './record-operations.ts';

/** How many transactions are noted: a deposit may have thousands of payments. */
const MOST = 100;
/** What changes with every write. */
const ALWAYS = ['revisionNumber', 'updatedAt'];

/**
 * Runs `work`, which deletes or voids a transaction, and notes in the request's journal entry what it does to the
 * transactions linked with it: `reopened`, with the fields of each that differ, and how many more there are. Nothing is
 * noted where it has no links.
 *
 * @throws whatever `work` throws
 */
export function noteReopened<T>(call: Call, file: CompanyFile, id: string, work: () => T): T {
  const object = file.findAny(id);
  const links = object === undefined ? [] : (linksOf(file, [object.seq]).get(object.seq) ?? []);
  if (links.length === 0) return work();
  const seqs = [...new Set(links.map(({ other }) => other))];
  const noted = seqs.slice(0, MOST);
  const show = () => file.read(noted).map((one) => ({ resource: one.resource, shown: showRecord(file, one) }));
  const before = show();
  const value = work();
  const after = show();
  call.note({
    reopened: before.map(({ resource, shown }, index) => {
      const { id, refNumber, transactionDate } = shown;
      const then = (after[index] as (typeof after)[number]).shown;
      const fields = Object.keys(shown).filter((field) => differs(field, shown[field], then[field]));
      const only = (record: Json) => Object.fromEntries(fields.map((field) => [field, record[field]]));
      return { resource: camelCase(resource), id, refNumber, transactionDate, before: only(shown), after: only(then) };
    }),
    ...(seqs.length > MOST ? { moreReopened: seqs.length - MOST } : {}),
  });
  return value;
}

function differs(field: string, before: unknown, after: unknown): boolean {
  return before !== after && Object(before) !== before && !ALWAYS.includes(field);
}
