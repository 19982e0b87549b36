// The published operations of a record's resource, and a record as they show it.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { responseSchema, type Schema } from './contract.ts';
import { PUBLISHED_OPERATIONS, type PublishedOperation, type Verb } from './operations.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { RESOURCE_TABLE } from './resources/index.ts';
import { showObjects } from './show-record.ts';

/** A published operation and the resource it belongs to. */
export interface EntryOperation {
  readonly entry: ResourceEntry;
  readonly published: PublishedOperation;
}

/** The resource with that path segment; undefined for rows that are no records, such as custom lists. */
export function entryOf(path: string): ResourceEntry | undefined {
  return RESOURCE_TABLE.find((entry) => entry.path === path);
}

/** What a verb of a resource is; undefined where it has none. */
export function operationFor(path: string, verb: Verb): EntryOperation | undefined {
  const entry = entryOf(path);
  const published = PUBLISHED_OPERATIONS.find((one) => one.resource === path && one.verb === verb);
  return entry && published && { entry, published };
}

/** A record as a retrieve shows it, or a list where its resource has no retrieve. */
export function showRecord(file: CompanyFile, record: StoredObject): Json {
  const { resource } = record;
  const { entry, published } = (operationFor(resource, 'retrieve') ?? operationFor(resource, 'list')) as EntryOperation;
  const shape = responseSchema(published);
  const one = published.verb === 'list' ? (shape.properties?.data?.items as Schema) : shape;
  return showObjects(file, entry, one, [record])[0] as Json;
}
