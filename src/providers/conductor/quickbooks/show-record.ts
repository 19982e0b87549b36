// From a stored record to a response: everything the contract declares, in its order, names of references resolved.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { follow, type Schema } from './contract.ts';
import { showHomeCurrency } from './home-currency.ts';
import { linkedTransactions } from './links.ts';
import { isReference } from './read-record.ts';
import { ShownReferences, targetOf } from './references.ts';
import type { ResourceEntry, Target } from './resource-entry.ts';

type Fill = (value: unknown, references: ShownReferences) => unknown;

const fillers = new WeakMap<Schema, Map<string, Fill>>();

/** Shows objects as responses do. `leave` names arrays that are shown empty (true) or null (null). */
export function showObjects(
  file: CompanyFile,
  entry: ResourceEntry,
  shape: Schema,
  objects: readonly StoredObject[],
  leave: Readonly<Record<string, true | null>> = {},
): Json[] {
  const computed = entry.computed?.(file, objects);
  const showsLinks =
    follow(shape).properties?.linkedTransactions !== undefined && leave.linkedTransactions === undefined;
  const links = showsLinks ? linkedTransactions(file, objects) : null;
  const fill = fillerOf(entry, '', shape);
  const references = new ShownReferences();
  const shown = objects.map((object) => {
    const createdAt = file.shown(object.createdAt);
    // A row of state may leave out its date.
    const body: Json = Object.assign({ transactionDate: createdAt.slice(0, 10) }, object.body, computed?.(object));
    if (links !== null) body.linkedTransactions = links(object);
    body.id = object.id;
    body.createdAt = createdAt;
    body.updatedAt = file.shown(object.updatedAt);
    body.revisionNumber = object.revisionNumber;
    for (const [field, how] of Object.entries(leave)) body[field] = how === null ? null : undefined;
    const filled = fill(body, references) as Json;
    // The rate of a currency is its own.
    if (entry.path !== 'currencies') showHomeCurrency(file, filled);
    return filled;
  });
  references.readNames(file);
  return shown;
}

/** Shows a value that is no stored object, such as a confirmation; references need the file. */
export function showValue(entry: ResourceEntry, shape: Schema, value: Json, file?: CompanyFile): Json {
  const references = new ShownReferences();
  const shown = fillerOf(entry, '', shape)(value, references) as Json;
  if (file !== undefined) {
    references.readNames(file);
    showHomeCurrency(file, shown);
  }
  return shown;
}

/** Fills a value of a schema: built once for each schema and entry. */
function fillerOf(entry: ResourceEntry, field: string, schema: Schema): Fill {
  const followed = follow(schema);
  const key = `${entry.path} ${field}`;
  const known = fillers.get(followed) ?? new Map<string, Fill>();
  fillers.set(followed, known);
  let fill = known.get(key);
  if (fill === undefined) {
    fill = makeFiller(entry, field, schema, followed);
    known.set(key, fill);
  }
  return fill;
}

function makeFiller(entry: ResourceEntry, field: string, schema: Schema, followed: Schema): Fill {
  if (followed.const !== undefined) return () => followed.const;
  if (isReference(schema)) return referenceFiller(targetOf(entry, field));
  const { type, items, properties } = followed;
  if (type === 'array') {
    const each = fillerOf(entry, field, items as Schema);
    return (value, references) =>
      value === undefined ? [] : value === null ? null : (value as unknown[]).map((one) => each(one, references));
  }
  if (properties !== undefined) {
    const fields = Object.keys(properties);
    const fills = fields.map((name) => fillerOf(entry, name, properties[name] as Schema));
    // An object that must be there is filled from nothing.
    const nullable = schema.anyOf !== undefined;
    return (value, references) => {
      if (nullable && (value === undefined || value === null)) return null;
      const from = (value ?? {}) as Json;
      const result: Json = {};
      for (let n = 0; n < fields.length; n++) {
        const name = fields[n] as string;
        result[name] = (fills[n] as Fill)(from[name], references);
      }
      return result;
    };
  }
  const empty = type === 'boolean' ? false : schema.anyOf !== undefined ? null : emptyOf(field, followed);
  return (value) => (value === undefined ? empty : value);
}

/** What a field shows that must have a value and has none. */
function emptyOf(field: string, { type, enum: values }: Schema): unknown {
  if (values !== undefined) return values[0];
  if (/^(subtotal|creditRemaining)$|amount/i.test(field)) return '0.00';
  return type === 'number' || type === 'integer' ? 0 : '';
}

function referenceFiller(target: Target): Fill {
  return (value, references) => {
    if (value === undefined || value === null) return null;
    return references.show(target, (value as { id: string }).id);
  };
}
