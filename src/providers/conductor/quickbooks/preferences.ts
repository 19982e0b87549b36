// Changed preferences of a company file: what the API shows but cannot change.
import { invalidInput } from '../../../core/problem.ts';
import type { CompanyFile, Json } from './company-file.ts';
import { follow, type Schema } from './contract.ts';
import { isReference } from './read-record.ts';
import { resolve } from './references.ts';
import type { ResourceEntry } from './resource-entry.ts';

/**
 * The preferences after a change: objects are merged, null switches a group off or clears a field.
 *
 * @throws Problem 400 for a field that preferences do not have; Failure for a reference to nothing
 */
export function changedPreferences(file: CompanyFile, entry: ResourceEntry, shape: Schema, change: Json): Json {
  return merged(file, entry, shape, file.preferences, change, '');
}

function merged(file: CompanyFile, entry: ResourceEntry, shape: Schema, before: Json, change: Json, at: string): Json {
  const properties = follow(shape).properties as Readonly<Record<string, Schema>>;
  const after = { ...before };
  for (const [field, value] of Object.entries(change)) {
    if (!Object.hasOwn(properties, field)) throw invalidInput(`${at}${field}`, 'unknown field');
    const schema = properties[field] as Schema;
    const isGroup = follow(schema).properties !== undefined;
    if (!isObject(value)) {
      if (isGroup && value !== null) throw invalidInput(`${at}${field}`, 'must be an object or null');
      after[field] = value;
    } else if (!isGroup) throw invalidInput(`${at}${field}`, 'must not be an object');
    else if (isReference(schema)) {
      if (typeof value.id !== 'string') throw invalidInput(`${at}${field}.id`, 'must be a text');
      after[field] = { id: resolve(file, entry, field, value.id).id };
    } else {
      const inner = isObject(before[field]) ? before[field] : {};
      after[field] = merged(file, entry, schema, inner, value, `${at}${field}.`);
    }
  }
  return after;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
