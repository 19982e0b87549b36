// Amounts in the home currency: with several currencies a rate is shown, and what amounts are at that rate.
import { times } from './amounts.ts';
import type { CompanyFile, Json } from './company-file.ts';

const SUFFIX = /InHomeCurrency$/;

/**
 * Fills in the exchange rate of something shown (1 where none was sent) and its amounts in the home currency, also those
 * of its rows. Without several currencies in the preferences all of them are null (our choice).
 */
export function showHomeCurrency(file: CompanyFile, shown: Json): void {
  if (file.preference('multiCurrency').isMultiCurrencyEnabled === true) atRate(shown, undefined);
  else if ('exchangeRate' in shown) shown.exchangeRate = null;
}

function atRate(shown: Json, above: number | undefined): void {
  if ('exchangeRate' in shown) shown.exchangeRate ??= 1;
  const rate = (shown.exchangeRate as number | undefined) ?? above;
  for (const [field, value] of Object.entries(shown)) {
    const amount = SUFFIX.test(field) ? shown[field.replace(SUFFIX, '')] : undefined;
    if (typeof amount === 'string' && rate !== undefined) shown[field] = times(amount, rate).toFixed(2);
    for (const row of Array.isArray(value) ? value : [value]) {
      if (typeof row === 'object' && row !== null) atRate(row as Json, rate);
    }
  }
}
