// The filters of lists, as SQL conditions on `object`.
import type { Cell } from '../../../core/row.ts';
import { invalid } from '../errors.ts';
import type { CompanyFile } from './company-file.ts';
import { CODES, missedId, refusal } from './failures.ts';
import { instantOf } from './file-time.ts';
import { ITEMS, NAMES } from './references.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { bytesOf } from './row-numbers.ts';

/** The parameters of a list, with the defaults of the contract. */
export interface ListQuery {
  readonly ids?: string[];
  readonly names?: string[];
  readonly fullNames?: string[];
  readonly refNumbers?: string[];
  readonly limit?: number;
  readonly cursor?: string;
  readonly [parameter: string]: unknown;
}

/** Conditions and their values, in order. */
export interface Conditions {
  readonly sql: string[];
  readonly values: Cell[];
  /** Whether references select so few objects that these should be read first. */
  few: boolean;
  /** What references select where that is many objects: 1 at each `seq`. Whoever lists must be in each. */
  readonly among: Uint8Array[];
  /** The index that has all columns of the conditions; null where SQLite chooses. */
  index: 'ref' | 'total' | null;
}

/** Filters by reference: the fields that may refer, where they are looked for, and what the ids must be ids of. */
const REFERRING: Readonly<Record<string, { fields: readonly string[]; lines: boolean; of: readonly string[] }>> = {
  customerIds: { fields: ['customer'], lines: false, of: ['customers'] },
  vendorIds: { fields: ['vendor'], lines: false, of: ['vendors'] },
  payeeIds: { fields: ['payee'], lines: false, of: NAMES },
  entityIds: { fields: ['entity'], lines: true, of: NAMES },
  classIds: { fields: ['class'], lines: true, of: ['classes'] },
  currencyIds: { fields: ['currency'], lines: false, of: ['currencies'] },
  siteIds: { fields: ['inventorySite'], lines: false, of: ['inventory-sites'] },
  itemIds: {
    fields: ['item', 'itemGroup', 'inventoryItem', 'inventoryAssemblyItem', 'serviceItem', 'salesTaxItem'],
    lines: true,
    of: ITEMS,
  },
};

/** Filters of which only one may be given. */
const EXCLUSIVE: readonly (readonly string[])[] = [
  ['nameContains', 'nameStartsWith', 'nameEndsWith'],
  ['refNumberContains', 'refNumberStartsWith', 'refNumberEndsWith'],
  [
    'totalBalance',
    'totalBalanceGreaterThan',
    'totalBalanceGreaterThanOrEqualTo',
    'totalBalanceLessThan',
    'totalBalanceLessThanOrEqualTo',
  ],
];

/** What is compared as the name; sales representatives have initials. */
const NAME = "coalesce(object.body ->> 'name', object.body ->> 'initial')";

/** The conditions of all filters of a query. @throws Failure for filters that exclude each other or cannot be read */
export function conditionsOf(file: CompanyFile, entry: ResourceEntry, query: ListQuery): Conditions {
  for (const group of EXCLUSIVE) {
    const given = group.filter((name) => query[name] !== undefined);
    if (given.length > 1) throw invalid(`Invalid input: only one of ${given.join(', ')} may be given at "${given[1]}"`);
  }
  const found: Conditions = { sql: [], values: [], few: false, among: [], index: null };
  const add = (sql: string, ...values: Cell[]) => {
    found.sql.push(sql);
    found.values.push(...values);
  };
  const text = (name: string) => query[name] as string | undefined;
  if (query.status === 'active') add("coalesce(object.body ->> 'isActive', 1) = 1");
  if (query.status === 'inactive') add("object.body ->> 'isActive' = 0");
  addTimes(file, query, add);
  requireOrder('date', text('transactionDateFrom'), text('transactionDateTo'));
  if (query.transactionDateFrom !== undefined)
    add('object.transactionDate >= ?', text('transactionDateFrom') as string);
  if (query.transactionDateTo !== undefined) add('object.transactionDate <= ?', text('transactionDateTo') as string);
  if (addTexts(query, add)) found.index = 'ref';
  for (const [name, { fields, lines, of }] of Object.entries(REFERRING)) {
    const ids = query[name] as string[] | undefined;
    if (ids !== undefined) addReferring(file, ids, of, { fields, lines }, found);
  }
  if (query.accountIds !== undefined) {
    const { accounts = [], accountsInLines = false } = entry;
    addReferring(file, query.accountIds as string[], ['accounts'], { fields: accounts, lines: accountsInLines }, found);
  }
  for (const [name, filter] of Object.entries(entry.filters ?? {})) {
    if (query[name] === undefined) continue;
    const { sql, values, index } = filter(query[name] as never, file);
    add(sql, ...values);
    found.index ??= index ?? null;
  }
  return found;
}

type Add = (sql: string, ...values: Cell[]) => void;

function requireOrder(kind: string, from: string | undefined, to: string | undefined): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw refusal(CODES.dateRange, `The ${kind} range is invalid: "${from}" is after "${to}".`);
  }
}

/**
 * The instants between which a time must be, bounds included, as stored times are written.
 *
 * @throws Failure 3020 for a text that is no time, 3030 for bounds in the wrong order
 */
export function timesBetween({ timeZone }: CompanyFile, from: string | undefined, to: string | undefined) {
  const after = from === undefined ? undefined : instantOf(from, timeZone, 'start');
  const before = to === undefined ? undefined : instantOf(to, timeZone, 'end');
  requireOrder('time', after, before);
  return { after, before };
}

function addTimes(file: CompanyFile, { updatedAfter, updatedBefore }: ListQuery, add: Add): void {
  const { after, before } = timesBetween(file, updatedAfter as string | undefined, updatedBefore as string | undefined);
  // Responses show whole seconds, so a time that was shown finds its object.
  if (after !== undefined) add('object.updatedAt >= ?', after);
  if (before !== undefined) add('object.updatedAt <= ?', before);
}

/** Returns whether there is one that compares the texts of reference numbers. */
function addTexts(query: ListQuery, add: Add): boolean {
  const given = Object.entries(query).filter((one): one is [string, string] => typeof one[1] === 'string');
  for (const [name, value] of given) {
    switch (name) {
      case 'nameContains':
        add(`instr(lower(${NAME}), lower(?)) > 0`, value);
        break;
      case 'nameStartsWith':
        add(`lower(substr(${NAME}, 1, length(?))) = lower(?)`, value, value);
        break;
      case 'nameEndsWith':
        add(`lower(substr(${NAME}, -length(?))) = lower(?)`, value, value);
        break;
      case 'nameFrom':
        add(`${NAME} >= ? collate nocase`, value);
        break;
      case 'nameTo':
        add(`${NAME} <= ? collate nocase`, value);
        break;
      case 'refNumberContains':
        add('instr(object.refNumber, ?) > 0', value);
        break;
      case 'refNumberStartsWith':
        add('substr(object.refNumber, 1, length(?)) = ?', value, value);
        break;
      case 'refNumberEndsWith':
        add('substr(object.refNumber, -length(?)) = ?', value, value);
        break;
    }
  }
  addNumberRange(query, add);
  if (!given.some(([name]) => /^refNumber(Contains|StartsWith|EndsWith)$/.test(name))) return false;
  add('object.refNumber is not null');
  return true;
}

/** Bounds of digits are compared as numbers, and only with numbers (documented; the second is our choice). */
function addNumberRange({ refNumberFrom, refNumberTo }: ListQuery, add: Add): void {
  const bounds = [
    ['>=', refNumberFrom],
    ['<=', refNumberTo],
  ].filter((one): one is [string, string] => one[1] !== undefined);
  const areNumbers = bounds.every(([, value]) => /^\d{1,15}$/.test(value));
  for (const [comparison, value] of bounds) {
    if (areNumbers) add(`object.number ${comparison} ?`, Number(value));
    else add(`object.refNumber ${comparison} ?`, value);
  }
}

/** So many references are few: it is faster to read their objects than all numbers of the resource. */
const FEW = 2000;

/** @throws Failure 500 for an id that is of none of the resources */
export function requireAll(file: CompanyFile, ids: readonly string[], of: readonly string[]): void {
  for (const id of ids) if (file.find(of, id) === undefined) throw missedId(id);
}

/** Selects the objects that refer to one of the ids: few by a condition, many by reading which they are. */
function addReferring(
  file: CompanyFile,
  ids: readonly string[],
  of: readonly string[],
  { fields, lines }: { readonly fields: readonly string[]; readonly lines: boolean },
  found: Conditions,
): void {
  requireAll(file, ids, of);
  const referring = `select object from conductor_quickbooksReferences
    where target in (select value from json_each(?)) and field in (select value from json_each(?)) and inLine <= ?`;
  const values = [JSON.stringify(ids), JSON.stringify(fields), Number(lines)];
  const { count } = file.db.get(`select count(*) as count from (${referring} limit ${FEW})`, ...values) as {
    count: number;
  };
  if (count < FEW) {
    found.sql.push(`object.seq in (${referring})`);
    found.values.push(...values);
    found.few = true;
    return;
  }
  // SQLite would look up each object among them, which takes several times as long as to read both.
  const { seqs } = file.db.get(`select json_group_array(object) as seqs from (${referring})`, ...values) as {
    seqs: string;
  };
  found.among.push(bytesOf(JSON.parse(seqs) as number[]));
}
