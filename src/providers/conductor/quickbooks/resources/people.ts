// Customers and jobs, vendors, employees, other names, and the lists about them.
import { invalid } from '../../errors.ts';
import { cents, fromCents, money } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { CODES, cannotSave, missing, refusal } from '../failures.ts';
import { shownName } from '../names.ts';
import { ACCOUNTS, entityBalances, type Posting, specialAccount, withDescendants } from '../postings.ts';
import { NAMES } from '../references.ts';
import { type Draft, type Filter, list, type ResourceEntry } from '../resource-entry.ts';

const ENTITY_NAMES = { field: 'name', space: NAMES } as const;

/** New notes are dated; contacts have a name, times and revision numbers of their own (documented). */
function completeContacts({ file, request, record, before }: Draft): void {
  const notes = (record.additionalNotes ?? []) as Json[];
  for (const note of notes) note.date ??= file.today;
  const contacts = (record.additionalContacts ?? []) as Json[];
  const now = file.sandbox.clock.iso();
  for (const contact of contacts) {
    const given = ((request.additionalContacts ?? []) as Json[]).find(({ id }) => id === contact.id);
    if (before !== null && given === undefined) continue;
    if (given !== undefined && given.revisionNumber !== contact.revisionNumber) {
      const text = `The provided revision number (edit sequence) "${String(given.revisionNumber)}" is out-of-date.`;
      throw refusal(CODES.revision, text);
    }
    contact.createdAt ??= file.shown(now);
    contact.updatedAt = file.shown(now);
    contact.revisionNumber = String(
      Math.max(Number(contact.revisionNumber ?? 0) + 1, Math.floor(Date.parse(now) / 1000)),
    );
    contact.name = fullNameOf(contact);
  }
}

function fullNameOf({ firstName, middleName, lastName }: Json): string {
  return [firstName, middleName, lastName].filter(Boolean).join(' ');
}

/** An opening balance is an open item against an uncategorized account (known of QuickBooks). */
function postOpeningBalance(
  { file, id, request, record, before }: Draft,
  side: 'accounts_receivable' | 'accounts_payable',
): void {
  if (before !== null || request.openingBalance === undefined) return;
  const amount = cents(request.openingBalance as string) * (side === 'accounts_receivable' ? 1 : -1);
  const date = (request.openingBalanceDate as string | undefined) ?? file.today;
  const other = side === 'accounts_receivable' ? 'uncategorized_income' : 'uncategorized_expenses';
  record.postings = [
    { account: specialAccount(file, side), amount, date, entity: id },
    { account: specialAccount(file, other), amount: -amount, date, entity: id },
  ] satisfies Posting[];
}

/** Balance of the record itself and, with its jobs, of everything below it; what is owed is positive. */
function balances(file: CompanyFile, page: readonly StoredObject[]): (object: StoredObject) => Json {
  const families = new Map(page.map((object) => [object.id, withDescendants(file, object).map(({ id }) => id)]));
  const open = entityBalances(file, 'accounts_receivable', [...new Set([...families.values()].flat())]);
  return (object) => ({
    ...shownName(object),
    balance: fromCents(open.get(object.id) ?? 0),
    totalBalance: fromCents((families.get(object.id) as string[]).reduce((sum, id) => sum + (open.get(id) ?? 0), 0)),
  });
}

/** The five filters by balance; `family` selects the ids whose balances count. */
function balanceFilters(account: string, sign: 1 | -1, family: string): Readonly<Record<string, Filter>> {
  const total = `(select coalesce(sum(amount), 0) * ${sign} from conductor_quickbooksPostings
    where account in (${ACCOUNTS}) and entity in (${family}))`;
  const filter =
    (comparison: string): Filter =>
    (value: string, file) => {
      if (!/^-?\d{1,13}(\.\d{1,2})?$/.test(value)) {
        const text = `There was an error when converting the amount "${value}" in the field "TotalBalance".`;
        throw refusal(CODES.amount, text);
      }
      return { sql: `${total} ${comparison} ?`, values: [file.endUserId, account, cents(value)] };
    };
  return {
    totalBalance: filter('='),
    totalBalanceGreaterThan: filter('>'),
    totalBalanceGreaterThanOrEqualTo: filter('>='),
    totalBalanceLessThan: filter('<'),
    totalBalanceLessThanOrEqualTo: filter('<='),
  };
}

const customers = list('customers', 'Customer', {
  example: {
    create: { name: 'Harbour Club', email: 'club@harbour.example', termsId: '@standard-terms', phone: '555-0102' },
  },
  names: { field: 'fullName', space: NAMES },
  person: true,
  required: ['name'],
  complete(draft) {
    completeContacts(draft);
    completeShipTo(draft.record);
    postOpeningBalance(draft, 'accounts_receivable');
  },
  computed: balances,
  filters: balanceFilters(
    'accounts_receivable',
    1,
    `select object.id union all
     select family.id from conductor_quickbooksObjects as family where family.endUserId = object.endUserId
     and family.resource = 'customers'
     and family.label > object.label || ':' collate nocase and family.label < object.label || ';' collate nocase`,
  ),
});

/** The names of a customer's shipping addresses are unique; one of them is the default (documented). */
function completeShipTo(record: Json): void {
  const addresses = (record.alternateShippingAddresses ?? []) as Json[];
  const names = addresses.map(({ name }) => String(name).toLowerCase());
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined)
    throw refusal(CODES.nameTaken, `The name "${double}" of the list element is already in use.`);
  const chosen = addresses.filter(({ isDefaultShippingAddress }) => isDefaultShippingAddress === true);
  for (const one of chosen.slice(0, -1)) one.isDefaultShippingAddress = false;
}

const vendors = list('vendors', 'Vendor', {
  example: { create: { name: 'Frame Works', email: 'sales@frameworks.example', termsId: '@standard-terms' } },
  names: ENTITY_NAMES,
  person: true,
  required: ['name'],
  complete(draft) {
    const { record } = draft;
    completeContacts(draft);
    if (((record.defaultExpenseAccounts ?? []) as Json[]).length > 3) {
      throw cannotSave('Vendor', 'A vendor has at most three default expense accounts.');
    }
    if (record.isEligibleFor1099 === true) {
      if (record.taxIdentificationNumber === undefined) throw missing('VendorTaxIdent');
      if (record.billingAddress === undefined) throw missing('VendorAddress');
    }
    postOpeningBalance(draft, 'accounts_payable');
  },
  computed(file, page) {
    const open = entityBalances(
      file,
      'accounts_payable',
      page.map(({ id }) => id),
    );
    return ({ id }) => ({ balance: fromCents(-(open.get(id) ?? 0)) });
  },
  filters: balanceFilters('accounts_payable', -1, 'select object.id'),
});

const employees = list('employees', 'Employee', {
  example: { create: { firstName: 'Mara', lastName: 'Bell', email: 'mara.bell@millrace.example' } },
  names: ENTITY_NAMES,
  person: true,
  complete(draft) {
    const { file, record, request, before } = draft;
    completeContacts(draft);
    const name = fullNameOf(record);
    if (name === '') throw missing('FirstName');
    if (record.printAs === undefined || record.printAs === before?.body.name) record.printAs = name;
    record.name = name;
    if (before === null) record.employeeType ??= 'regular';
    const { isPersonalDataAccessAllowed } = file.preference('appAccessRights');
    if (before !== null && request.employeePayroll !== undefined && isPersonalDataAccessAllowed !== true) {
      throw refusal(CODES.personalData, 'The application does not have permission to access personal data.');
    }
    completePayroll(request, record, before);
  },
  computed(file) {
    const { isPersonalDataAccessAllowed } = file.preference('appAccessRights');
    const hidden = { ssn: undefined, employeePayroll: undefined };
    return () => (isPersonalDataAccessAllowed === true ? {} : hidden);
  },
});

/**
 * Payroll that is sent replaces what is stored (our choice), but for earnings: those that are sent replace all, absent
 * ones stay, `deleteAllEarnings` empties them (documented).
 */
function completePayroll(request: Json, record: Json, before: StoredObject | null): void {
  const given = request.employeePayroll as Json | undefined;
  const earlier = before?.body.employeePayroll as Json | undefined;
  if (given === undefined || earlier === undefined) return;
  const { earnings } = given.deleteAllEarnings === true ? {} : (earlier as Json);
  record.employeePayroll = { earnings, ...(record.employeePayroll as Json | undefined) };
}

/** Customers and jobs, vendors, employees and other names share one name space (known of QuickBooks). */
export const PEOPLE: readonly ResourceEntry[] = [
  list('customer-types', 'Customer Type', {
    example: { create: { name: 'Retail' } },
    names: { field: 'fullName', space: ['customer-types'] },
    computed: () => shownName,
  }),
  customers,
  vendors,
  employees,
  list('other-names', 'Other Name', {
    example: { create: { name: 'Petty Cash Holder' } },
    names: ENTITY_NAMES,
    person: true,
    required: ['name'],
    complete: completeContacts,
  }),
  list('sales-representatives', 'Sales Representative', {
    example: { create: { initial: 'MB', entityId: '@employees' } },
    names: { field: 'initial', space: ['sales-representatives'] },
    references: { entity: { resources: ['employees', 'vendors', 'other-names'] } },
    required: ['initial', 'entity'],
  }),
  list('payroll-wage-items', 'Payroll Wage Item', {
    example: {
      create: { name: 'Hourly Wage', wageType: 'hourly_regular', expenseAccountId: '@accounts:Wages', rate: '20.00' },
    },
    complete({ record }) {
      if (record.rate !== undefined && record.ratePercent !== undefined) {
        throw invalid('Invalid input: only one of rate and ratePercent may be given at "ratePercent"');
      }
      if (record.rate !== undefined) record.rate = money(record.rate as string);
    },
  }),
];
