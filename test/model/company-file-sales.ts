// Random steps on a company file: customers, items, invoices and credit memos.
import fc from 'fast-check';
import { stockItem } from './company-file-begin.ts';
import { CompanyFile, type Sale } from './company-file-model.ts';
import { DAY, expectOutcome, LIST_ID, TRANSACTION_ID } from './company-file-outcomes.ts';
import { type Call, step, which } from './model-runner.ts';

/** Creates a customer; a name is taken once. */
export const customer = step<CompanyFile, { n: number; taxed: boolean }>(
  'create a customer',
  1,
  null,
  { n: fc.nat(3), taxed: fc.boolean() },
  async ({ n, taxed }, m, call) => {
    const { ids } = CompanyFile.world;
    const name = `Customer ${n}`;
    const answer = await m.ask(call, 'POST', 'customers', {
      name,
      salesTaxCodeId: taxed ? ids.Tax : ids.Non,
      salesTaxItemId: ids['State Tax'] as string,
    });
    const taken = [...m.customers.values()].some((one) => one.name === name);
    expectOutcome(answer, taken ? '3100' : null);
    if (!taken) m.customers.set(m.fresh(answer.body.id, LIST_ID), { id: answer.body.id, name, taxed });
  },
);

/** Creates a stock item; a name is taken once. */
export const item = step<CompanyFile, { n: number; price: number; cost: number; start: number }>(
  'create an item',
  1,
  null,
  {
    n: fc.nat(2),
    price: fc.integer({ min: 1, max: 9999 }),
    cost: fc.integer({ min: 0, max: 5000 }),
    start: fc.nat(20),
  },
  async ({ n, price, cost, start }, m, call) => {
    const { ids } = CompanyFile.world;
    const name = `Item ${n}`;
    const answer = await m.ask(call, 'POST', 'inventory-items', stockItem(ids, { name, price, cost, start }));
    const taken = [...m.items.values()].some((one) => one.name === name);
    expectOutcome(answer, taken ? '3100' : null);
    if (!taken) m.items.set(m.fresh(answer.body.id, LIST_ID), { id: answer.body.id, name, price, cost, start });
  },
);

const line = fc.record({ which, quantity: fc.integer({ min: 1, max: 9 }) });

type Lines = { which: number; quantity: number }[];

/** Creates an invoice or a credit memo; there must be a customer and an item. */
async function sell(
  path: 'invoices' | 'credit-memos',
  who: number,
  lines: Lines,
  day: number,
  m: CompanyFile,
  call: Call,
) {
  const [customers, items] = [[...m.customers.keys()], [...m.items.keys()]];
  if (items.length === 0 || customers.length === 0) return;
  const customerId = customers[who % customers.length] as string;
  const date = `${DAY}${String(10 + day)}`;
  const asked = lines.map((one) => ({ itemId: items[one.which % items.length] as string, quantity: one.quantity }));
  const answer = await m.ask(call, 'POST', path, { customerId, transactionDate: date, lines: asked });
  expectOutcome(answer, null);
  const id = m.fresh(answer.body.id, TRANSACTION_ID);
  const kept = asked.map(({ itemId, quantity }, n) => ({ id: answer.body.lines[n].id, item: itemId, quantity }));
  const sales = path === 'invoices' ? m.invoices : m.credits;
  sales.set(id, { id, customer: customerId, date, lines: kept, voided: false });
  if (items.some((one) => m.onHand(one) < 0)) m.saw('stock below zero');
}

const sale = { who: which, lines: fc.array(line, { minLength: 1, maxLength: 3 }), day: fc.nat(19) };

type SaleArgs = { who: number; lines: Lines; day: number };

/** Creates an invoice. */
export const invoice = step<CompanyFile, SaleArgs>(
  'create an invoice',
  4,
  'items',
  sale,
  ({ who, lines, day }, m, call) => sell('invoices', who, lines, day, m, call),
);

/** Creates a credit memo. */
export const credit = step<CompanyFile, SaleArgs>(
  'create a credit memo',
  3,
  'items',
  sale,
  ({ who, lines, day }, m, call) => sell('credit-memos', who, lines, day, m, call),
);

/** Changes the first quantity of an invoice, and drops its other lines or keeps them. */
export const changeInvoice = step<CompanyFile, { one: number; quantity: number; keep: boolean }>(
  'change an invoice',
  3,
  'invoices',
  { one: which, quantity: fc.integer({ min: 1, max: 9 }), keep: fc.boolean() },
  async ({ one, quantity, keep }, m, call) => {
    const found = m.invoices.get(m.pick(m.invoices.keys(), one));
    if (found === undefined || found.voided) return;
    const lines = found.lines.slice(0, keep ? undefined : 1).map((line, n) => (n === 0 ? { ...line, quantity } : line));
    const changed: Sale = { ...found, lines };
    const { body } = await m.ask(call, 'GET', `invoices/${found.id}`);
    const answer = await m.ask(call, 'POST', `invoices/${found.id}`, {
      revisionNumber: body.revisionNumber,
      lines: lines.map(({ id }, n) => (n === 0 ? { id, quantity } : { id })),
    });
    const below = m.total(changed) < m.taken(found.id);
    if (below) m.saw('a total below what is paid is refused');
    expectOutcome(answer, below ? '3170' : null);
    if (!below) m.invoices.set(found.id, changed);
  },
);
