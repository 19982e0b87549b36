// Reports: those that follow from postings are computed, the others are refused rather than invented.
import { CODES, refusal } from '../failures.ts';
import { customDetail, generalLedger, openTransactions, transactionList } from '../reports/details.ts';
import { Ledger } from '../reports/ledger.ts';
import { requireUnderstood } from '../reports/parameters.ts';
import { dayOf, fiscalYearOf, periodOf, subtitleOf } from '../reports/period.ts';
import {
  type Asked,
  agingSummary,
  balanceSheet,
  partyBalances,
  profitAndLoss,
  trialBalance,
} from '../reports/summaries.ts';
import type { ReportTable } from '../reports/table.ts';
import type { ResourceEntry } from '../resource-entry.ts';

/**
 * A report: its title, what makes it, whether it is of a day or of a period, and the end of which it closes the fiscal year
 * before.
 */
type Report = readonly [
  title: string,
  make: (asked: Asked) => ReportTable,
  of: 'day' | 'period',
  closes?: 'from' | 'to',
];

/** The reports that are computed, by path and type. */
const COMPUTED: Readonly<Record<string, Readonly<Record<string, Report>>>> = {
  'general-summary': {
    balance_sheet_standard: ['Balance Sheet', balanceSheet, 'day', 'to'],
    profit_and_loss_standard: ['Profit & Loss', profitAndLoss, 'period'],
    trial_balance: ['Trial Balance', trialBalance, 'day', 'to'],
    customer_balance_summary: ['Customer Balance Summary', partyBalances('accounts_receivable'), 'day'],
    vendor_balance_summary: ['Vendor Balance Summary', partyBalances('accounts_payable'), 'day'],
  },
  'general-detail': {
    general_ledger: ['General Ledger', generalLedger, 'period', 'from'],
    open_invoices: ['Open Invoices', openTransactions('accounts_receivable'), 'day'],
    transaction_list_by_date: ['Transaction List by Date', transactionList, 'period'],
    unpaid_bills_detail: ['Unpaid Bills Detail', openTransactions('accounts_payable'), 'day'],
  },
  aging: {
    ap_aging_summary: ['A/P Aging Summary', agingSummary('accounts_payable'), 'day'],
    ar_aging_summary: ['A/R Aging Summary', agingSummary('accounts_receivable'), 'day'],
  },
  'custom-detail': { custom_transaction_detail: ['Custom Transaction Detail Report', customDetail, 'period'] },
  'custom-summary': {},
  'budget-summary': {},
  job: {},
  time: {},
  'payroll-detail': {},
  'payroll-summary': {},
};

/** Parameters that are required by a report, for the served document and the tests. */
const QUERIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'general-summary': { reportType: 'balance_sheet_standard' },
  'general-detail': { reportType: 'general_ledger' },
  aging: { reportType: 'ar_aging_summary' },
  'custom-detail': { summarizeRowsBy: 'account', includeColumns: 'amount' },
  'custom-summary': { summarizeColumnsBy: 'total_only', summarizeRowsBy: 'account' },
  'budget-summary': { reportType: 'balance_sheet_budget_overview', fiscalYear: '2025' },
  job: { reportType: 'item_profitability' },
  time: { reportType: 'time_by_item' },
  'payroll-detail': { reportType: 'employee_state_taxes_detail' },
  'payroll-summary': { reportType: 'employee_earnings_summary' },
};

/** Parameters that choose columns and rows, by path. */
const COLUMN_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'general-detail': ['includeColumns'],
  'custom-detail': ['includeColumns', 'summarizeRowsBy'],
};

/** What a path of reports computes; everything else it refuses. */
function noteOf(computed: readonly string[]): string {
  const only = computed.length === 0 ? 'refused' : `computed: ${computed.join(', ')}; others refused`;
  return `${only} with 1030`;
}

/** One entry for each path of reports. */
export const REPORTS: readonly ResourceEntry[] = Object.entries(COMPUTED).map(([path, reports]) => ({
  path: `reports/${path}`,
  title: 'Report',
  kind: 'computed',
  names: null,
  example: { query: QUERIES[path] as Record<string, string> },
  note: noteOf(Object.keys(reports)),
  reported(file, query) {
    const reportType = String(query.reportType);
    const report = reports[reportType];
    if (report === undefined) {
      throw refusal(CODES.unsupported, `Understudy does not emulate the report "${reportType}".`);
    }
    const [title, make, of, closes] = report;
    requireUnderstood(query, COLUMN_PARAMETERS[path] ?? []);
    const period = periodOf(file, query);
    const closed = closes && fiscalYearOf(file, closes === 'from' ? period.from : dayOf(period, file.today));
    const ledger = new Ledger(file, query, period.to, closed);
    return make({ file, ledger, period, query }).report({
      category: path.replace('-', '_'),
      reportType,
      title,
      subtitle: subtitleOf(period, of),
    });
  },
}));
