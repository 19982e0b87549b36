// What the customer's desk forbids: changing records that are open in a window there, and changing a closed period.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { CODES, refusal } from './failures.ts';
import type { Link } from './links.ts';
import { linksOf } from './links.ts';
import type { Draft, ResourceEntry } from './resource-entry.ts';

/** @throws Failure 3175 when the record is open at the customer's desk */
export function requireUnlocked(file: CompanyFile, { title }: ResourceEntry, { id }: StoredObject): void {
  if (file.atDesk || !file.desk.locked.includes(id)) return;
  throw refusal(
    CODES.locked,
    `There was an error adding, modifying or deleting ${title} "${id}" because it is already in use.`,
  );
}

/** @throws Failure 3176 when a transaction that is linked with the record is open at the customer's desk */
export function requireLinkedUnlocked(file: CompanyFile, { title }: ResourceEntry, object: StoredObject): void {
  const { locked } = file.desk;
  if (file.atDesk || locked.length === 0) return;
  const others = (linksOf(file, [object.seq]).get(object.seq) ?? []).map(({ other }) => other);
  refuseLocked(
    locked,
    title,
    object.id,
    file.read(others).map(({ id }) => id),
  );
}

/**
 * Checks a transaction that is about to be stored: its links, as they were and as they will be, and when it is changed,
 * its date (our choice: a new one may be dated in a closed period).
 *
 * @throws Failure 3176 for a link with a transaction that is open at the customer's desk, 3171 for a closed period
 */
export function requireStorable({ file, entry, id, record, before }: Draft): void {
  if (entry.kind !== 'transaction') return;
  const bodies = before === null ? [record] : [before.body, record];
  if (before !== null && bodies.some(({ transactionDate }) => isClosed(file, transactionDate as string | undefined))) {
    throw refusal(
      CODES.changeClosed,
      `There was an error when modifying a ${entry.title}. QuickBooks error message: The date of the transaction is on or before the closing date of the company.`,
    );
  }
  const { locked } = file.desk;
  if (file.atDesk || locked.length === 0) return;
  const linked = bodies.flatMap(({ links }: Json) => (links ?? []) as Link[]);
  refuseLocked(
    locked,
    entry.title,
    id,
    linked.map((link) => link.id),
  );
}

/** Whether a date is in the closed period of the preferences. */
export function isClosed(file: CompanyFile, date: string | undefined): boolean {
  const { closingDate = null } = file.preference('accounting') as { closingDate?: string | null };
  return closingDate !== null && date !== undefined && date <= closingDate;
}

/**
 * Checks transactions that a write changes along with its own.
 *
 * @throws Failure 3176 for one that is open at the customer's desk
 */
export function requireRelatedUnlocked(file: CompanyFile, title: string, id: string, related: readonly string[]): void {
  if (!file.atDesk) refuseLocked(file.desk.locked, title, id, related);
}

function refuseLocked(locked: readonly string[], title: string, id: string, linked: readonly string[]): void {
  const open = linked.find((one) => locked.includes(one));
  if (open === undefined) return;
  throw refusal(
    CODES.relatedLocked,
    `There was an error adding, modifying or deleting ${title} "${id}" because the related transaction "${open}" is already in use.`,
  );
}
