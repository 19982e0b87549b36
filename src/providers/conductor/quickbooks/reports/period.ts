// The period of a report: dates, or a name such as `last_month_to_date`.
import { invalid } from '../../errors.ts';
import type { CompanyFile } from '../company-file.ts';
import { CODES, refusal } from '../failures.ts';
import { addDays } from '../file-time.ts';

/** From the first to the last day, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** All dates there are. */
const EVERYTHING: Period = { from: '0001-01-01', to: '9999-12-31' };

/** The day on which a report tells what is open: the last of its period, or today where that is all dates. */
export function dayOf({ to }: Period, today: string): string {
  return to === EVERYTHING.to ? today : to;
}

/** What a report says of its period, or of the day it is of. */
export function subtitleOf({ from, to }: Period, of: 'day' | 'period'): string {
  if (to === EVERYTHING.to) return 'All Transactions';
  return of === 'day' ? `As of ${to}` : `${from} through ${to}`;
}

type Unit = 'week' | 'month' | 'quarter' | 'year';

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august'];
MONTHS.push('september', 'october', 'november', 'december');

/**
 * The period that a report asks for; without one the fiscal year to date (documented).
 *
 * @throws Failure PARAMETER_INVALID for dates beside a name, 3030 for a range that ends before it begins
 */
export function periodOf(file: CompanyFile, query: Readonly<Record<string, unknown>>): Period {
  const {
    reportDateFrom: from,
    reportDateTo: to,
    reportDateMacro: macro,
  } = query as Record<string, string | undefined>;
  if (macro !== undefined) {
    if (from !== undefined || to !== undefined) {
      throw invalid('Invalid input: a macro excludes dates at "reportDateMacro"');
    }
    return named(macro, file.today, fiscalMonth(file));
  }
  const end = to ?? file.today;
  const start = from ?? fiscalYearOf(file, end);
  if (start > end) throw refusal(CODES.dateRange, `The date range is invalid: "${start}" is after "${end}".`);
  return { from: start, to: end };
}

/** The first day of the fiscal year that a date is in. */
export function fiscalYearOf(file: CompanyFile, date: string): string {
  return startOf('year', date, 0, fiscalMonth(file));
}

/** The month in which the fiscal year begins, from 0 for January. */
function fiscalMonth({ company }: CompanyFile): number {
  return Math.max(0, MONTHS.indexOf(String(company.fiscalYearStartMonth)));
}

function named(macro: string, today: string, firstMonth: number): Period {
  if (macro === 'all') return EVERYTHING;
  if (macro === 'today') return { from: today, to: today };
  if (macro === 'yesterday') return { from: addDays(today, -1), to: addDays(today, -1) };
  if (macro === 'next_four_weeks') {
    const from = startOf('week', today, 1, firstMonth);
    return { from, to: addDays(from, 27) };
  }
  const [, which, unit, toDate] = /^(this|last|next)_(week|month|quarter|year)(_to_date)?$/.exec(macro) as unknown as [
    string,
    'this' | 'last' | 'next',
    Unit,
    string | undefined,
  ];
  const offset = { last: -1, this: 0, next: 1 }[which];
  const from = startOf(unit, today, offset, firstMonth);
  if (toDate === undefined) return { from, to: addDays(startOf(unit, today, offset + 1, firstMonth), -1) };
  return { from, to: offset === 0 ? today : before(unit, today) };
}

/** The first day of a week (Sunday), month, quarter or year, some of them later. */
function startOf(unit: Unit, date: string, offset: number, firstMonth: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  if (unit === 'week') return addDays(date, 7 * offset - day.getUTCDay());
  const size = { month: 1, quarter: 3, year: 12 }[unit];
  const month = day.getUTCMonth() - firstMonth;
  const start = Math.floor(month / size) * size + size * offset + firstMonth;
  return new Date(Date.UTC(day.getUTCFullYear(), start, 1)).toISOString().slice(0, 10);
}

/** The same day a week, month, quarter or year before; the last of a month that is shorter. */
function before(unit: Unit, date: string): string {
  if (unit === 'week') return addDays(date, -7);
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const back = { month: 1, quarter: 3, year: 12 }[unit];
  const last = new Date(Date.UTC(year, month - back, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - back, Math.min(day, last))).toISOString().slice(0, 10);
}
