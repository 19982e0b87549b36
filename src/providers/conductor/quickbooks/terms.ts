// Payment terms: due dates and discount dates.
import type { CompanyFile, Json } from './company-file.ts';
import { addDays, dateOf, noDate } from './file-time.ts';
import { TERMS } from './references.ts';

/** The body of the terms that a record refers to. */
export function termsOf(file: CompanyFile, record: Json): Json | undefined {
  const { terms } = record as { terms?: { id: string } };
  return terms === undefined ? undefined : file.find(TERMS, terms.id)?.body;
}

/**
 * The due date of something issued on `date`: some days later, or on a day of the month, a month later if the document
 * is issued within the grace period before it (documented).
 *
 * @throws Failure 3020 for a date after the year 9999
 */
export function dueDate(terms: Json, date: string): string {
  const { dueDayOfMonth, gracePeriodDays = 0, dueDays = 0 } = terms as Record<string, number>;
  if (dueDayOfMonth === undefined) return addDays(date, dueDays);
  const next = nextDayOfMonth(date, dueDayOfMonth);
  if (next !== undefined && addDays(date, gracePeriodDays) < next) return next;
  const later = next && nextDayOfMonth(addDays(next, 1), dueDayOfMonth);
  if (later === undefined) throw noDate(`the next day ${dueDayOfMonth} after ${date}`);
  return later;
}

/** The last day for the discount of terms; undefined for terms without one, and after the year 9999. */
export function discountDate(terms: Json, date: string): string | undefined {
  const { discountDays, discountDayOfMonth } = terms as Record<string, number | undefined>;
  if (discountDays !== undefined) return dateOf(Date.parse(`${date}T00:00:00Z`) + discountDays * 86_400_000);
  return discountDayOfMonth === undefined ? undefined : nextDayOfMonth(date, discountDayOfMonth);
}

/** The first such day of a month on or after a date; the last day of a month that is shorter. */
function nextDayOfMonth(date: string, day: number): string | undefined {
  const [year, month] = date.split('-').map(Number) as [number, number];
  const inMonth = (after: number) => {
    const last = new Date(Date.UTC(year, month + after, 0)).getUTCDate();
    return dateOf(Date.UTC(year, month - 1 + after, Math.min(day, last)));
  };
  const soon = inMonth(0) as string;
  return soon >= date ? soon : inMonth(1);
}
