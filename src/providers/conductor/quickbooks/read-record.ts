// From the body of a request to a record: ids become references, texts are normalized, arrays are merged by line ids.
import { checkNumber, decimalText, isDecimal } from './amounts.ts';
import type { Json } from './company-file.ts';
import { follow, type Schema } from './contract.ts';
import { badReference, CODES, cannotClear, notThere, refusal } from './failures.ts';
import { referring, resolve } from './references.ts';
import type { Draft } from './resource-entry.ts';

/** Whether a schema is that of a reference. */
export function isReference(schema: Schema): boolean {
  const { properties } = follow(schema);
  return properties !== undefined && 'fullName' in properties && Object.keys(properties).length === 2;
}

/**
 * Copies the fields of a request that responses show into the record. On update what is absent stays, `""` clears, and
 * an array replaces the stored one; what is left empty is not stored. Fields that no response shows are left to the
 * resource's own rules.
 *
 * @throws Failure of QuickBooks for a bad reference, amount, line id or order of lines
 */
export function readRecord(draft: Draft, shape: Schema): void {
  const protectedFields = draft.before === null ? [] : (draft.entry.required ?? []);
  for (const field of protectedFields) {
    const given = draft.request[field] ?? draft.request[`${field}Id`];
    if (given === '') throw cannotClear(field);
  }
  copy(draft, draft.request, draft.record, shape);
}

/** Fields that cannot be cleared in a line (some documented). */
const KEPT_IN_LINES = new Set(['item', 'rate', 'amount', 'cost', 'salesTaxCode']);

type Properties = Readonly<Record<string, Schema>>;

function copy(draft: Draft, from: Json, to: Json, shape: Schema): void {
  const properties = follow(shape).properties as Properties;
  for (const [key, value] of Object.entries(from)) {
    const [field, schema] = fieldOf(properties, key);
    if (field === null) readHidden(draft, from, key, to);
    if (field === null || field === 'id' || field === 'revisionNumber') continue;
    if (value === '' && draft.before !== null && mayNotClear(draft, field, schema as Schema, to)) {
      throw cannotClear(field);
    }
    const stored = storedValue(draft, field, value, schema as Schema, to[field]);
    if (stored === undefined) delete to[field];
    else to[field] = stored;
  }
  if (from.inventorySiteId !== undefined || from.inventorySiteLocationId !== undefined) checkLocation(draft, to);
}

/** @throws Failure 3140 for a place that is not within the site (known of QuickBooks) */
function checkLocation({ file, entry }: Draft, { inventorySite: site, inventorySiteLocation: place }: Json): void {
  if (site === undefined || place === undefined) return;
  const [within, { id }] = [site, place] as [{ id: string }, { id: string }];
  if (referring(file, 'inventory-sites', 'parent', within.id).some((one) => one.id === id)) return;
  throw badReference('InventorySiteLocation', id, entry.title);
}

/** What may not be cleared: some fields of lines, and the dates of a transaction (known of QuickBooks). */
function mayNotClear({ entry, record }: Draft, field: string, schema: Schema, of: Json): boolean {
  if (of === record) return entry.kind === 'transaction' && follow(schema).format === 'date';
  return of.id !== undefined && KEPT_IN_LINES.has(field);
}

/** Reads a field that no response shows. An empty text has nothing to clear in one, except the account of a line. */
function readHidden(draft: Draft, from: Json, field: string, to: Json): void {
  if (from[field] !== '') checkHidden(draft, field, from[field]);
  else if (field === 'overrideItemAccountId' && to.id !== undefined) throw cannotClear('overrideItemAccount');
  else delete from[field];
}

/** Ids of transactions, which the rules that use them look up. */
const TRANSACTION_ID = /^(?!.*Account).*[tT]ransaction(Line)?Ids?$/;

/** Fields that no response shows, such as an amount to be applied, must be decimals and references all the same. */
function checkHidden(draft: Draft, field: string, value: unknown): void {
  if (Array.isArray(value)) for (const one of value) checkHidden(draft, field, one);
  else if (typeof value === 'object') {
    for (const [name, one] of Object.entries(value as Json)) checkHidden(draft, name, one);
  } else if (typeof value === 'number') checkNumber(field, value);
  else if (typeof value !== 'string') return;
  else if (isDecimal(field)) decimalText(field, value);
  else if (field.endsWith('Id') && !TRANSACTION_ID.test(field)) {
    resolve(draft.file, draft.entry, field.slice(0, -2), value);
  }
}

/** The response's field for a field of a request: `customerId` is `customer`, `salesTaxItemIds` is `salesTaxItems`. */
export function fieldOf(properties: Properties, key: string): [string, Schema] | [null] {
  for (const field of [key, key.replace(/Id$/, ''), key.replace(/Ids$/, 's')]) {
    const schema = properties[field];
    if (schema !== undefined && (field === key) !== (isReference(schema) || isReference(schema.items ?? {})))
      return [field, schema];
  }
  return [null];
}

function storedValue(draft: Draft, field: string, value: unknown, schema: Schema, before: unknown): unknown {
  const { items } = follow(schema);
  if (isReference(schema)) return value === '' ? undefined : referenceTo(draft, field, value as string);
  if (Array.isArray(value)) {
    if (items !== undefined && isReference(items)) return value.map((id) => referenceTo(draft, field, id as string));
    return linesOf(draft, field, value as Json[], items as Schema, (before ?? []) as Json[]);
  }
  // A barcode is sent with flags and shown as its text (documented).
  if (field === 'barcode') return (value as Json).value || undefined;
  if (typeof value === 'object' && value !== null) return partOf(draft, field, value as Json, schema, before);
  if (value === '') return undefined;
  if (typeof value === 'number') checkNumber(field, value);
  return typeof value === 'string' && isDecimal(field) ? decimalText(field, value) : value;
}

function referenceTo(draft: Draft, field: string, id: string): Json {
  resolve(draft.file, draft.entry, field, id);
  return { id };
}

/** Addresses are merged key by key, other nested objects replaced (our choice). */
function partOf(draft: Draft, field: string, value: Json, schema: Schema, before: unknown): Json | undefined {
  const part = /address$/i.test(field) ? { ...(before as Json | undefined) } : {};
  copy(draft, value, part, schema);
  return Object.keys(part).length === 0 ? undefined : part;
}

/** Arrays whose entries are changed one by one, in any order: what is not named stays, nothing is added (documented). */
const CHANGED_ONE_BY_ONE = new Set(['additionalContacts', 'additionalNotes']);

/**
 * The entries of an array. Where the contract gives them ids, a stored one that is named is kept and changed, `-1` or
 * none makes a new one, and those that are not named go; arrays in `lines` of the entry must keep their order.
 */
function linesOf(draft: Draft, field: string, given: readonly Json[], items: Schema, before: readonly Json[]): Json[] {
  if (field === 'customFields') return customFields(given);
  const withIds = 'id' in (follow(items).properties as Properties);
  const oneByOne = draft.before !== null && CHANGED_ONE_BY_ONE.has(field);
  let last = -1;
  const written = given.map((one) => {
    const line: Json = {};
    if (withIds) {
      const id = one.id;
      if (!oneByOne && (id === undefined || id === '-1')) line.id = newId(draft, field, before, given.indexOf(one));
      else {
        const at = before.findIndex((stored) => stored.id === id);
        if (at < 0) throw notThere(String(id));
        if (at <= last && !oneByOne) {
          throw refusal(CODES.lineOrder, `The item "${String(id)}" is placed in the request in incorrect order.`);
        }
        last = at;
        Object.assign(line, structuredClone(before[at]));
      }
    }
    copy(draft, one, line, items);
    return line;
  });
  if (!oneByOne) return written;
  return before.map((stored) => written.find(({ id }) => id === stored.id) ?? stored);
}

/** Fields that the customer added: only public ones are read (documented), as texts (our choice). */
function customFields(given: readonly Json[]): Json[] {
  return given.filter(({ ownerId }) => ownerId === '0').map((one) => ({ ...one, type: 'string_255_type' }));
}

/** Notes count up for each owner, contacts have ids of their own, lines those of transactions (documented). */
function newId(draft: Draft, field: string, before: readonly Json[], at: number): string | number {
  if (field === 'additionalNotes') return Math.max(0, ...before.map(({ id }) => id as number)) + 1 + at;
  return draft.file.nextId(field === 'additionalContacts' ? 'list' : 'transaction');
}
