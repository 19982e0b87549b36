// Accounts, classes, currencies, terms, methods, tax codes, sites, units, templates.
import { cents, fromCents } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { badReference, CODES, cannotChange, cannotSave, refusal } from '../failures.ts';
import { shownName } from '../names.ts';
import { accountBalances, naturalSign, type Posting, specialAccount, withDescendants } from '../postings.ts';
import { TERMS } from '../references.ts';
import { type Draft, list, type ResourceEntry } from '../resource-entry.ts';

/** The tax lines that accounts may name (fixed; our choice). */
export const TAX_LINES: readonly { taxLineId: number; taxLineName: string }[] = [
  { taxLineId: 1001, taxLineName: 'Income: Gross receipts or sales' },
  { taxLineId: 1002, taxLineName: 'Deductions: Rents' },
  { taxLineId: 1003, taxLineName: 'Deductions: Office expenses' },
];

const accounts = list('accounts', 'Account', {
  example: { create: { name: 'Workshop Tools', accountType: 'expense', description: 'Tools under 100' } },
  names: { field: 'fullName', space: ['accounts'] },
  required: ['name'],
  complete({ file, id, request, record, before }) {
    if (record.accountType === 'non_posting') {
      throw cannotSave('Account', 'Accounts of the type NonPosting cannot be created through the SDK.');
    }
    if (request.taxLineId !== undefined) {
      const line = TAX_LINES.find(({ taxLineId }) => taxLineId === request.taxLineId);
      if (line === undefined) throw badReference('TaxLine', String(request.taxLineId), 'Account');
      record.taxLineDetails = { ...line };
    }
    takeNumber(file, id, record.accountNumber as string | undefined);
    record.cashFlowClassification ??= record.accountType === 'bank' ? 'not_applicable' : 'none';
    if (request.openingBalance === undefined) return;
    const sign = naturalSign(record.accountType as string);
    if (sign === null) throw cannotSave('Account', 'Accounts of this type have no opening balance.');
    const amount = sign * cents(request.openingBalance as string);
    const date = (request.openingBalanceDate as string | undefined) ?? file.today;
    if (before !== null && record.postings !== undefined) {
      throw cannotSave('Account', 'The opening balance of this account has been entered already.');
    }
    record.postings = [
      { account: id, amount, date },
      { account: specialAccount(file, 'opening_balance_equity'), amount: -amount, date },
    ] satisfies Posting[];
  },
  computed(file, page) {
    const families = new Map(page.map((object) => [object.id, withDescendants(file, object)]));
    const posted = accountBalances(file, [...new Set([...families.values()].flat().map(({ id }) => id))]);
    return (object) => {
      const sign = naturalSign(object.body.accountType as string);
      const family = families.get(object.id) as readonly { id: string }[];
      const total = family.reduce((sum, { id }) => sum + (posted.get(id) ?? 0), 0);
      return {
        ...shownName(object),
        balance: sign === null ? null : fromCents(sign * (posted.get(object.id) ?? 0)),
        totalBalance: sign === null ? null : fromCents(sign * total),
      };
    };
  },
  filters: {
    accountType: (type: string) => ({ sql: "object.body ->> 'accountType' = ?", values: [type] }),
  },
});

/** @throws Failure 3180 for an account number that another account has */
function takeNumber(file: CompanyFile, id: string, number: string | undefined): void {
  if (number === undefined) return;
  const other = file.all('accounts').find((one) => one.id !== id && one.body.accountNumber === number);
  if (other !== undefined) throw cannotSave('Account', `The account number "${number}" is already in use.`);
}

/** Whether a transaction uses an object. */
export function isUsed(file: CompanyFile, id: string): boolean {
  return (
    file.db.get(
      `select 1 from conductor_quickbooksReferences as reference
       cross join conductor_quickbooksObjects as object on object.seq = reference.object
       where reference.target = ? and +object.endUserId = ? and object.transactionDate is not null limit 1`,
      id,
      file.endUserId,
    ) !== undefined
  );
}

/** QuickBooks' own tax codes. */
const BUILT_IN_CODES = new Set(['tax', 'non']);

const salesTaxCodes = list('sales-tax-codes', 'Sales Tax Code', {
  example: { create: { name: 'X', isTaxable: true, description: 'Taxed as an example' } },
  required: ['name'],
  complete({ file, id, record, before }) {
    if (before === null || (record.isTaxable ?? false) === (before.body.isTaxable ?? false)) return;
    const { defaultTaxableSalesTaxCode: taxable, defaultNonTaxableSalesTaxCode: non } = file.preference('salesTax');
    const isDefault = [taxable, non].some((code) => (code as Json | undefined)?.id === id);
    if (isDefault || BUILT_IN_CODES.has(String(before.body.name).toLowerCase()) || isUsed(file, id)) {
      throw cannotChange('Sales Tax Code', 'A built-in or used code stays taxable or non-taxable.');
    }
  },
});

const currencies = list('currencies', 'Currency', {
  example: { create: { name: 'Example Crown', currencyCode: 'XCR' } },
  required: ['name', 'currencyCode'],
  complete({ request, record, before }) {
    if (before === null) {
      record.isUserDefinedCurrency = true;
      record.currencyFormat = {
        thousandSeparator: 'comma',
        thousandSeparatorGrouping: 'xx_xxx_xxx',
        decimalPlaces: '2',
        decimalSeparator: 'period',
        ...(record.currencyFormat as Json | undefined),
      };
      return;
    }
    const changed = Object.keys(request).filter((key) => key !== 'revisionNumber' && key !== 'isActive');
    if (before.body.isUserDefinedCurrency !== true && changed.length > 0) {
      throw cannotChange('Currency', 'Only whether a built-in currency is active can change.');
    }
  },
});

/** @throws Failure 3050 for a discount that is no share (documented), 3210 for a day that no month has (our choice) */
function checkTerms({ record }: Draft): void {
  const {
    discountPercentage: percent,
    dueDayOfMonth,
    discountDayOfMonth,
  } = record as {
    readonly discountPercentage?: string;
    readonly dueDayOfMonth?: number;
    readonly discountDayOfMonth?: number;
  };
  if (percent !== undefined && (Number(percent) < 0 || Number(percent) > 100)) {
    const text = `There was an error when converting the percent "${percent}" in the field "DiscountPercentage".`;
    throw refusal(CODES.percent, text);
  }
  for (const day of [dueDayOfMonth, discountDayOfMonth]) {
    if (day !== undefined && (day < 1 || day > 31)) throw refusal(CODES.value, `No month has a day ${day}.`);
  }
}

const unitOfMeasureSets = list('unit-of-measure-sets', 'Unit Of Measure Set', {
  example: {
    create: {
      name: 'By the piece',
      unitOfMeasureType: 'count',
      baseUnit: { name: 'Piece', abbreviation: 'pc' },
      relatedUnits: [{ name: 'Dozen', abbreviation: 'dz', conversionRatio: '12' }],
      defaultUnits: [{ unitUsedFor: 'sales', unit: 'Dozen' }],
    },
  },
  complete({ record }) {
    const base = record.baseUnit as { name: string };
    const units = [base, ...((record.relatedUnits ?? []) as { name: string }[])].map(({ name }) => name);
    for (const { unit } of (record.defaultUnits ?? []) as { unit: string }[]) {
      if (!units.includes(unit)) throw badReference('Unit Of Measure', unit, 'Unit Of Measure Set');
    }
  },
});

const named = (object: StoredObject) => shownName(object);

/** The lists that name neither persons nor items. */
export const LISTS: readonly ResourceEntry[] = [
  currencies,
  salesTaxCodes,
  accounts,
  list('classes', 'Class', {
    example: { create: { name: 'Workshop' } },
    names: { field: 'fullName', space: ['classes'] },
    required: ['name'],
    computed: () => named,
  }),
  list('standard-terms', 'Standard Terms', {
    complete: checkTerms,
    example: { create: { name: '2% 10 Net 45', dueDays: 45, discountDays: 10, discountPercentage: '2' } },
    names: { field: 'name', space: TERMS },
  }),
  list('date-driven-terms', 'Date Driven Terms', {
    complete: checkTerms,
    example: { create: { name: 'Due on the 15th', dueDayOfMonth: 15, gracePeriodDays: 2 } },
    names: { field: 'name', space: TERMS },
  }),
  list('payment-methods', 'Payment Method', {
    example: { create: { name: 'Visa', paymentMethodType: 'visa' } },
    filters: {
      paymentMethodType: (type: string) => ({ sql: "object.body ->> 'paymentMethodType' = ?", values: [type] }),
    },
  }),
  list('shipping-methods', 'Ship Method', { example: { create: { name: 'Courier' } } }),
  list('inventory-sites', 'Inventory Site', {
    example: { create: { name: 'Back Room' } },
    required: ['name'],
  }),
  unitOfMeasureSets,
  list('templates', 'Template'),
];
