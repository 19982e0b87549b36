// Records of a company file as people read them: names in words, amounts grouped, fields, lines, links.
import type { Resource } from '../../control/schemas.ts';

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** A list object that a record refers to. */
export interface Reference {
  readonly id: string;
  readonly fullName: string | null;
}

/** A link to another transaction. */
export interface RecordLink {
  readonly resource: string;
  readonly id: string;
  readonly refNumber: string | null;
  readonly transactionDate: string | null;
  readonly linkType: 'amount' | 'quantity' | 'deposit' | 'billing';
  /** The link is stored with the record, the later of the two documents. */
  readonly outward: boolean;
  readonly amount: string | null;
  readonly quantity: number | null;
}

/** What `GET /conductor/end-users/{id}/records/{recordId}` returns. */
export interface RecordView {
  readonly resource: string;
  readonly kind: 'list' | 'transaction';
  readonly verbs: readonly ('update' | 'delete' | 'void')[];
  readonly locked: boolean;
  readonly record: Json;
  readonly postings: readonly {
    readonly date: string | null;
    readonly account: Reference;
    readonly entity: Reference | null;
    readonly item: Reference | null;
    readonly debit: string | null;
    readonly credit: string | null;
  }[];
  readonly links: readonly RecordLink[];
}

/** Resources of a company file that hold values of fields and are no records. */
const VALUES = [
  ...['customerMessages', 'jobTypes', 'vendorTypes', 'billingRates', 'salesTaxReturns', 'salesTaxReturnLines'],
];

/** Whether rows of a resource are kept in company files. */
export function isCompanyRow({ provider, columns }: Pick<Resource, 'provider' | 'columns'>): boolean {
  return provider === 'conductor' && columns.includes('revisionNumber');
}

/** Whether a row of a resource can be opened as a record of a company file. */
export function isRecord(resource: Pick<Resource, 'provider' | 'columns' | 'name'>): boolean {
  return isCompanyRow(resource) && !VALUES.includes(resource.name);
}

/** `Bill check payment` of `billCheckPayment` or `bill_check_payment`. */
export function inWords(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** `Journal entry` of `journalEntries`. */
export function kindOf(resource: string): string {
  return inWords(
    resource
      .replace(/ies$/, 'y')
      .replace(/sses$/, 'ss')
      .replace(/(?<!s)s$/, ''),
  );
}

/** `1,234.50` of `1234.50`: amounts are texts, so that no cent gets lost. */
export function money(amount: string): string {
  return amount.replace(/^-/, '−').replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

/** `Invoice 1001`, or the name of a list object. */
export function titleOf({ resource, record }: Pick<RecordView, 'resource' | 'record'>): string {
  const { fullName, name, refNumber, transactionDate } = record;
  const called = fullName ?? name;
  if (typeof called === 'string') return called;
  return [kindOf(resource), refNumber ?? transactionDate].filter(Boolean).join(' ');
}

/** What is shown of a value: a text, or the record that it refers to. */
export interface Shown {
  readonly text: string;
  readonly to?: string;
}

/** A field with its name in words. */
export interface ShownField extends Shown {
  readonly name: string;
}

const AMOUNT = /^-?\d+\.\d\d$/;

/** Fields that are shown elsewhere, or say nothing to people. */
const HIDDEN = ['id', 'objectType', 'linkedTransactions'];

/** The fields of a record that have a value: those that describe it, and its amounts. */
export function fieldsOf(record: Json): { readonly facts: ShownField[]; readonly amounts: ShownField[] } {
  const fields = Object.entries(record).flatMap(([key, value]): ShownField[] => {
    const shown = Array.isArray(value) || HIDDEN.includes(key) ? undefined : shownValue(value);
    return shown === undefined ? [] : [{ name: inWords(key), ...shown }];
  });
  const isAmount = ({ name, text, to }: ShownField) => to === undefined && AMOUNT.test(text) && !/percent/i.test(name);
  return {
    facts: fields.filter((field) => !isAmount(field)),
    amounts: fields.filter(isAmount).map((field) => ({ ...field, text: money(field.text) })),
  };
}

function shownValue(value: unknown): Shown | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no' };
  if (Array.isArray(value)) return value.length === 0 ? undefined : { text: value.map(partText).join('; ') };
  if (typeof value !== 'object') return { text: String(value) };
  if (isReference(value)) return shownReference(value);
  const text = partText(value);
  return text === '' ? undefined : { text };
}

/** A reference by its name; its id where what it refers to is gone. */
export function shownReference(
  reference: Reference | null,
): { readonly text: string; readonly to: string } | undefined {
  return reference === null ? undefined : { text: reference.fullName ?? reference.id, to: reference.id };
}

function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null) return part === null ? '' : String(part);
  const { id, objectType, ...rest } = part as Json;
  return Object.values(rest).map(partText).filter(Boolean).join(', ');
}

function isReference(value: object): value is Reference {
  return 'fullName' in value && 'id' in value && Object.keys(value).length === 2;
}

/** Lines as a table: the columns that some line fills in. */
export interface Lines {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly (Shown | undefined)[])[];
}

/** The arrays of a record that have lines, each as a table. */
export function linesOf(record: Json): Lines[] {
  return Object.entries(record).flatMap(([key, value]): Lines[] => {
    if (!Array.isArray(value) || value.length === 0 || HIDDEN.includes(key)) return [];
    const lines = value.map((line): Json => (typeof line === 'object' && line !== null ? line : { value: line }));
    const keys = [...new Set(lines.flatMap((line) => Object.keys(line)))].filter(
      (one) => !HIDDEN.includes(one) && lines.some((line) => shownValue(line[one]) !== undefined),
    );
    const isNumber = (one: string) =>
      lines.every((line) => line[one] === null || typeof line[one] === 'number' || AMOUNT.test(String(line[one])));
    return [
      {
        name: inWords(key),
        columns: keys.map((one) => ({ name: inWords(one), isNumber: isNumber(one) })),
        rows: lines.map((line) => keys.map((one) => shownCell(line[one]))),
      },
    ];
  });
}

function shownCell(value: unknown): Shown | undefined {
  const shown = shownValue(value);
  return shown !== undefined && AMOUNT.test(shown.text) ? { text: money(shown.text) } : shown;
}

const LINKS: Readonly<Record<RecordLink['linkType'], readonly [outward: string, inward: string]>> = {
  amount: ['applied to', 'paid or credited by'],
  quantity: ['made from', 'became'],
  deposit: ['deposits', 'deposited in'],
  billing: ['bills', 'billed by'],
};

/** What a link is to the record that has it: `paid or credited by`. */
export function linkText({ linkType, outward }: Pick<RecordLink, 'linkType' | 'outward'>): string {
  return LINKS[linkType][outward ? 0 : 1];
}

/** A transaction that a delete or void reopens, with the fields that differ. */
export interface Reopened {
  readonly resource: string;
  readonly id: string;
  readonly refNumber?: string | null;
  readonly transactionDate?: string;
  readonly before: Json;
  readonly after: Json;
}

/** What a request reopened: the first transactions, and how many more there are. */
export interface Reopenings {
  readonly reopened: readonly Reopened[];
  readonly more: number;
}

/** What a journal entry's notes say is reopened. */
export function reopenedIn(notes: unknown): Reopenings {
  const { reopened = [], moreReopened: more = 0 } = (notes ?? {}) as {
    reopened?: readonly Reopened[];
    moreReopened?: number;
  };
  return { reopened, more };
}

/** `Balance remaining 0.00 → 360.00`, a field each. */
export function changesOf({ before, after }: Pick<Reopened, 'before' | 'after'>): string[] {
  return Object.keys(after).map(
    (field) =>
      `${inWords(field)} ${shownCell(before[field])?.text ?? 'none'} → ${shownCell(after[field])?.text ?? 'none'}`,
  );
}
