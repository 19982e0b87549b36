// Raw QuickBooks requests that passthrough answers from the company file: deletes, and queries of customers and invoices.
import type { Sandbox } from '../../../core/sandbox/sandbox.ts';
import { CompanyFile, type Json } from './company-file.ts';
import { responseSchema, type Schema } from './contract.ts';
import { CODES, missing, refusal } from './failures.ts';
import type { ListQuery } from './filters.ts';
import { listObjects } from './list.ts';
import { PUBLISHED_OPERATIONS, type PublishedOperation, qbxmlType } from './operations.ts';
import { customerRet, invoiceRet } from './qbxml-objects.ts';
import { remove, removeListObject } from './remove.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { RESOURCE_TABLE } from './resources/index.ts';

/** What QuickBooks says when a request was done. */
export const STATUS_OK = { statusCode: '0', statusSeverity: 'Info', statusMessage: 'Status OK' };
/** What it says when a query finds nothing (known of QuickBooks). */
const NOTHING_FOUND = {
  statusCode: '1',
  statusSeverity: 'Info',
  statusMessage: 'A query request did not find a matching object in QuickBooks',
};

type Respond = (file: CompanyFile, fields: Json) => Json;

/** The elements that delete something. */
export const DELETING: ReadonlySet<string> = new Set(['ListDelRq', 'TxnDelRq']);

const RESPONSES: Readonly<Record<string, Respond>> = {
  ListDelRq(file, fields) {
    const entry = entryOf('list', fields, 'ListDelType');
    const id = requiredText(fields, 'ListID');
    const { fullName } = removeListObject(file, entry, id);
    const TimeDeleted = file.shown(file.sandbox.clock.iso());
    return { ...STATUS_OK, ListDelType: fields.ListDelType, ListID: id, TimeDeleted, FullName: fullName };
  },
  TxnDelRq(file, fields) {
    const entry = entryOf('transaction', fields, 'TxnDelType');
    const id = requiredText(fields, 'TxnID');
    const { refNumber } = remove(file, entry, id);
    const TimeDeleted = file.shown(file.sandbox.clock.iso());
    return {
      ...STATUS_OK,
      TxnDelType: fields.TxnDelType,
      TxnID: id,
      TimeDeleted,
      ...(refNumber === null ? {} : { RefNumber: refNumber }),
    };
  },
  CustomerQueryRq: (file, fields) =>
    found('CustomerRet', queried(file, 'customers', fields, CUSTOMER_FILTERS).map(customerRet)),
  InvoiceQueryRq(file, fields) {
    const invoices = queried(file, 'invoices', fields, INVOICE_FILTERS);
    return found('InvoiceRet', invoices.map(invoiceRet));
  },
};

/**
 * The response to an element of a raw request, from the end-user's company file; null for an element that is not
 * answered from it.
 *
 * @throws Failure when QuickBooks refuses
 */
export function fileResponse(sandbox: Sandbox, endUserId: string, element: string, body: unknown): Json | null {
  const respond = Object.hasOwn(RESPONSES, element) ? RESPONSES[element] : undefined;
  if (respond === undefined) return null;
  return respond(CompanyFile.open(sandbox, endUserId), isObject(body) ? body : {});
}

function found(name: string, rows: readonly Json[]): Json {
  return rows.length === 0 ? NOTHING_FOUND : { ...STATUS_OK, [name]: rows };
}

/** The resource that a delete names. Templates and item sites cannot be deleted. */
function entryOf(kind: 'list' | 'transaction', fields: Json, name: string): ResourceEntry {
  const type = requiredText(fields, name);
  const entry = RESOURCE_TABLE.find((one) => one.kind === kind && qbxmlType(one.path) === type);
  if (entry !== undefined && PUBLISHED_OPERATIONS.some((one) => one.resource === entry.path && one.verb === 'create'))
    return entry;
  throw refusal(CODES.unsupported, `The ${name} "${type}" is not supported.`);
}

function requiredText(fields: Json, name: string): string {
  if (typeof fields[name] !== 'string') throw missing(name);
  return fields[name];
}

/** How an element of a query becomes a parameter of the list. */
type Filters = Readonly<Record<string, (value: unknown) => Partial<ListQuery>>>;

const texts = (value: unknown) => [value].flat().map(String);
const part = (value: unknown, name: string) => (isObject(value) ? (value[name] as string | undefined) : undefined);
const MATCHES: Readonly<Record<string, string>> = {
  Contains: 'nameContains',
  StartsWith: 'nameStartsWith',
  EndsWith: 'nameEndsWith',
};

function limitOf(value: unknown): number {
  if (/^\d{1,9}$/.test(String(value))) return Number(value);
  const text = `There was an error when converting the integer value "${String(value)}" in the field "MaxReturned".`;
  throw refusal(CODES.quantity, text);
}

function nameFilter(value: unknown): Partial<ListQuery> {
  const parameter = MATCHES[part(value, 'MatchCriterion') ?? ''];
  if (parameter === undefined) throw missing('MatchCriterion');
  return { [parameter]: part(value, 'Name') };
}

const CUSTOMER_FILTERS: Filters = {
  MaxReturned: (value) => ({ limit: limitOf(value) }),
  ListID: (value) => ({ ids: texts(value) }),
  FullName: (value) => ({ fullNames: texts(value) }),
  ActiveStatus: (value) => ({ status: String(value).replace('Only', '').toLowerCase() }),
  FromModifiedDate: (value) => ({ updatedAfter: value }),
  ToModifiedDate: (value) => ({ updatedBefore: value }),
  NameFilter: nameFilter,
};
const INVOICE_FILTERS: Filters = {
  MaxReturned: (value) => ({ limit: limitOf(value) }),
  TxnID: (value) => ({ ids: texts(value) }),
  RefNumber: (value) => ({ refNumbers: texts(value) }),
  ModifiedDateRangeFilter: (value) => ({
    updatedAfter: part(value, 'FromModifiedDate'),
    updatedBefore: part(value, 'ToModifiedDate'),
  }),
  TxnDateRangeFilter: (value) => ({
    transactionDateFrom: part(value, 'FromTxnDate'),
    transactionDateTo: part(value, 'ToTxnDate'),
  }),
  EntityFilter: (value) => ({ customerIds: texts(part(value, 'ListID')) }),
  PaidStatus: (value) => ({
    paymentStatus: ({ PaidOnly: 'paid', NotPaidOnly: 'not_paid' } as Json)[String(value)] ?? 'all',
  }),
  IncludeLineItems: (value) => ({ includeLineItems: String(value) === 'true' }),
};

/** The objects that a query finds; its elements mean what the parameters of the list mean. */
function queried(file: CompanyFile, path: string, fields: Json, filters: Filters): Json[] {
  const entry = RESOURCE_TABLE.find((one) => one.path === path) as ResourceEntry;
  const published = PUBLISHED_OPERATIONS.find(
    (one) => one.resource === path && one.verb === 'list',
  ) as PublishedOperation;
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(filters, name));
  if (unknown !== undefined) {
    throw refusal(CODES.unsupported, `The element "${unknown}" of the query is not supported.`);
  }
  // QuickBooks shows lines on request only (known of QuickBooks), and no more than were asked for.
  const query = Object.assign(
    { status: 'active', includeLineItems: false, limit: Number.MAX_SAFE_INTEGER },
    ...Object.entries(fields).map(([name, value]) => filters[name]?.(value)),
  ) as ListQuery;
  const shape = responseSchema(published).properties?.data?.items as Schema;
  return listObjects(file, entry, { shape, paged: false, query }).data as Json[];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
