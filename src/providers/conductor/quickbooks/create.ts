// Create: the same for all resources.
import type { CompanyFile, Json } from './company-file.ts';
import type { Schema } from './contract.ts';
import { requireStorable } from './desk-rules.ts';
import { completeName } from './names.ts';
import { readRecord } from './read-record.ts';
import type { Draft, ResourceEntry } from './resource-entry.ts';
import { showObjects } from './show-record.ts';

/** Creates an object and returns it as the response shows it. @throws Failure; nothing is stored then */
export function create(file: CompanyFile, entry: ResourceEntry, shape: Schema, request: Json): Json {
  const id = file.nextId(entry.kind === 'transaction' ? 'transaction' : 'list');
  const draft: Draft = { file, entry, id, request, record: {}, before: null };
  readRecord(draft, shape);
  entry.complete?.(draft);
  completeName(draft);
  requireStorable(draft);
  const object = file.insert(entry.path, id, sparse(draft.record));
  entry.stored?.(draft, object);
  // Links show when the object is read again (documented).
  return showObjects(file, entry, shape, [object], { linkedTransactions: true })[0] as Json;
}

/** A record without what reading fills in: null, false and empty arrays. `isActive` is the exception that must show. */
export function sparse(record: Json): Json {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
      if (value === undefined || value === null || value === false) return key === 'isActive' ? [[key, value]] : [];
      if (Array.isArray(value)) {
        return value.length === 0 ? [] : [[key, value.map((one) => (isObject(one) ? sparse(one) : one))]];
      }
      return [[key, isObject(value) ? sparse(value) : value]];
    }),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
