// Delete and void of transactions: the same for all resources.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { sparse } from './create.ts';
import { CODES, notFound, refusal } from './failures.ts';
import { unlink } from './links.ts';
import { camelCase } from './operations.ts';
import type { ResourceEntry } from './resource-entry.ts';

/** Deletes a transaction, its postings and its links. @throws Failure; nothing is deleted then */
export function remove(file: CompanyFile, entry: ResourceEntry, id: string): Json {
  const object = removable(file, entry, id, 'delete');
  const linked = unlink(file, object);
  file.db.run(
    'insert into conductor_quickbooksDeletions (endUserId, resource, id, label, createdAt, deletedAt) values (?, ?, ?, ?, ?, ?)',
    file.endUserId,
    camelCase(object.resource),
    id,
    (object.body.refNumber as string | undefined) ?? null,
    object.createdAt,
    file.sandbox.clock.iso(),
  );
  file.delete(object);
  linked();
  return { refNumber: object.body.refNumber ?? null, deleted: true, id };
}

/** Voids a transaction: it stays, without amounts, postings and links. A second void changes nothing (our choice). */
export function voidTransaction(file: CompanyFile, entry: ResourceEntry, id: string): Json {
  const object = removable(file, entry, id, 'void');
  const stored = object.body.voided === true ? object : makeVoid(file, entry, object);
  return {
    id,
    createdAt: file.shown(stored.createdAt),
    updatedAt: file.shown(stored.updatedAt),
    refNumber: stored.body.refNumber ?? null,
    voided: true,
  };
}

function makeVoid(file: CompanyFile, entry: ResourceEntry, object: StoredObject): StoredObject {
  const linked = unlink(file, object);
  const record = structuredClone(object.body);
  clear(record);
  record.memo = `VOID: ${String(record.memo ?? '')}`.trimEnd();
  record.voided = true;
  delete record.links;
  delete record.postings;
  entry.voided?.(record);
  const stored = file.replace(object, sparse(record));
  linked();
  return stored;
}

/** Sets every amount and quantity to zero (known of QuickBooks). */
function clear(node: Json): void {
  for (const [key, value] of Object.entries(node)) {
    if (/^(quantity|quantityInvoiced)$/.test(key)) node[key] = 0;
    else if (/^(subtotal|salesTaxTotal)$|amount$/i.test(key) && typeof value === 'string') node[key] = '0.00';
    else if (Array.isArray(value)) {
      for (const one of value) if (typeof one === 'object' && one !== null) clear(one as Json);
    }
  }
}

function removable(file: CompanyFile, entry: ResourceEntry, id: string, verb: 'delete' | 'void'): StoredObject {
  const object = file.find(entry.path, id);
  if (object === undefined) throw notFound(id);
  const { closingDate } = file.preference('accounting') as { closingDate?: string };
  const date = object.body.transactionDate as string | undefined;
  if (closingDate !== undefined && closingDate !== null && date !== undefined && date <= closingDate) {
    throw refusal(
      CODES.deletionClosed,
      `Cannot ${verb} the object specified by the id = "${id}". The date of the transaction is on or before the closing date of the company.`,
    );
  }
  entry.removing?.(file, object, verb);
  return object;
}
