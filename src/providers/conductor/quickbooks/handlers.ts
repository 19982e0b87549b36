// What answers an operation, by its verb.
import type { CompanyFile, Json } from './company-file.ts';
import { responseSchema, type Schema } from './contract.ts';
import { create } from './create.ts';
import { missedId } from './failures.ts';
import type { ListQuery } from './filters.ts';
import { listObjects } from './list.ts';
import type { PublishedOperation } from './operations.ts';
import { remove, voidTransaction } from './remove.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { showObjects, showValue } from './show-record.ts';
import { update } from './update.ts';

/** The input of a handler, once it is validated. */
interface Input {
  readonly id: string;
  readonly query: ListQuery;
  readonly body: Json;
}

/** Answers an operation from a company file. @throws Failure */
export type Handler = (file: CompanyFile, input: Input) => Json;

/** What answers an operation; reads the contract, so it is made on its first request. */
export function handlerOf(published: PublishedOperation, entry: ResourceEntry): Handler {
  const shape = responseSchema(published);
  switch (published.verb) {
    case 'list': {
      const item = shape.properties?.data?.items as Schema;
      const paged = shape.properties?.nextCursor !== undefined;
      if (entry.listed !== undefined) {
        const { listed } = entry;
        return (file, { query }) => listed(file, { shape: item, paged, query });
      }
      return (file, { query }) => listObjects(file, entry, { shape: item, paged, query });
    }
    case 'create':
      return (file, { body }) => create(file, entry, shape, body);
    case 'update':
      return (file, { id, body }) => update(file, entry, shape, id, body);
    case 'delete':
      return (file, { id }) => showValue(entry, shape, remove(file, entry, id));
    case 'void':
      return (file, { id }) => showValue(entry, shape, voidTransaction(file, entry, id));
    default: {
      const { single, retrieved, reported } = entry;
      if (reported !== undefined) return (file, { query }) => reported(file, query);
      if (retrieved !== undefined) return (file, { id }) => showValue(entry, shape, retrieved(file, id), file);
      if (single !== undefined) return (file) => showValue(entry, shape, single(file), file);
      return (file, { id }) => {
        const object = file.find(entry.path, id);
        if (object === undefined) throw missedId(id);
        return showObjects(file, entry, shape, [object])[0] as Json;
      };
    }
  }
}
