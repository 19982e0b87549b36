// The lists that the sales of a test refer to, by short names.
import type { Books } from './company-file.ts';

/** The lists that the sales of a test refer to. */
export async function shop(books: Books) {
  const named = books.named;
  const [customer, bakery, widget, consulting, freight, sales, tax, non] = await Promise.all([
    named('customers', 'Harbor Cafe'),
    named('customers', 'Millstone Bakery'),
    named('inventory-items', 'Widget'),
    named('service-items', 'Consulting'),
    named('other-charge-items', 'Freight'),
    named('accounts', 'Sales Income'),
    named('sales-tax-codes', 'Tax'),
    named('sales-tax-codes', 'Non'),
  ]);
  const on = '2025-02-01';
  return { customer, bakery, widget, consulting, freight, sales, tax, non, on };
}
