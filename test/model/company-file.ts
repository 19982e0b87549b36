// Random steps on a QuickBooks company file: customers, items, invoices, payments, credits, refunds, deposits, deletes, voids.
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import type { TestResponse } from '../harness.ts';
import { type Applied, CompanyFile, type Item, type Party, type Sale, text } from './company-file-model.ts';
import { KEY } from './conductor-model.ts';
import {
  type Call,
  expectResponse,
  type Json,
  type ModelTest,
  optional,
  sequence,
  step,
  wait,
  which,
} from './model-runner.ts';

const DAY = '2025-05-';
/** Amounts by what is open: nothing, a cent, half, all of it, a cent too much. */
const share = fc.constantFrom('none', 'cent', 'half', 'all', 'all', 'more');
type Share = 'none' | 'cent' | 'half' | 'all' | 'more';

function amountOf(open: number, one: Share): number {
  return { none: 0, cent: 1, half: Math.floor(open / 2), all: open, more: open + 1 }[one];
}

/** Expects a refusal of QuickBooks with a code; null for success. */
function expectOutcome(answer: TestResponse, code: string | null): void {
  deepStrictEqual(
    [answer.status, answer.body.error?.integrationCode ?? null],
    code === null ? [200, null] : [502, code],
    answer.body.error?.message,
  );
}

/** A stock item as a request writes it. */
function stockItem(ids: Record<string, string>, { name, price, cost, start }: Omit<Item, 'id'>): Json {
  return {
    name,
    salesPrice: text(price),
    purchaseCost: text(cost),
    salesTaxCodeId: ids.Tax,
    incomeAccountId: ids.Sales,
    cogsAccountId: ids['Cost of Goods Sold'],
    assetAccountId: ids['Inventory Asset'],
    ...(start > 0 && { quantityOnHand: start }),
  };
}

/** A file with accounts, a tax, two customers, two stock items and four sales, kept in a snapshot. */
async function begin(call: Call): Promise<unknown> {
  expectResponse(await call('POST', '/__admin/reset', { json: { to: 'empty' } }), 204);
  const ask = async (method: string, path: string, json?: Json, more: Record<string, string> = {}) => {
    const { status, body } = await call(method, `/conductor/v1/${path}`, {
      headers: { ...KEY, ...more },
      ...(json && { json }),
    });
    deepStrictEqual(status, 200, JSON.stringify(body));
    return body;
  };
  const { id: endUserId } = await ask('POST', 'end-users', {
    companyName: 'Model',
    sourceId: 'model',
    email: 'model@example.com',
  });
  const { clientSecret } = await ask('POST', 'auth-sessions', { endUserId, publishableKey: 'pk_conductor_test' });
  await call('POST', `/conductor/connect/qbd/${clientSecret}?key=pk_conductor_test`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    raw: '',
  });
  const ids: Record<string, string> = {};
  const qbd = (method: string, path: string, json?: Json) =>
    ask(method, `quickbooks-desktop/${path}`, json, { 'conductor-end-user-id': endUserId });
  const make = async (path: string, json: Json) => {
    ids[json.name] = (await qbd('POST', path, json)).id;
  };
  for (const path of ['accounts', 'sales-tax-codes']) {
    for (const { id, name } of (await qbd('GET', path)).data) ids[name] = id;
  }
  await make('accounts', { name: 'Sales', accountType: 'income' });
  await make('accounts', { name: 'Cost of Goods Sold', accountType: 'cost_of_goods_sold' });
  await make('accounts', { name: 'Inventory Asset', accountType: 'other_current_asset' });
  await make('accounts', { name: 'Discounts', accountType: 'expense' });
  await make('vendors', { name: 'State' });
  await make('sales-tax-items', { name: 'State Tax', taxRate: '8', taxVendorId: ids.State });
  const customers: Party[] = [];
  for (const taxed of [true, false]) {
    const name = `Customer ${customers.length}`;
    await make('customers', { name, salesTaxCodeId: taxed ? ids.Tax : ids.Non, salesTaxItemId: ids['State Tax'] });
    customers.push({ id: ids[name] as string, name, taxed });
  }
  const items: Item[] = [];
  for (const [price, cost, start] of [
    [5000, 2500, 20],
    [333, 100, 4],
  ] as const) {
    const name = `Item ${items.length}`;
    await make('inventory-items', stockItem(ids, { name, price, cost, start }));
    items.push({ id: ids[name] as string, name, price, cost, start });
  }
  const [item] = items as [Item];
  const sales: Record<'invoices' | 'credit-memos', Sale[]> = { invoices: [], 'credit-memos': [] };
  for (const [path, n, quantity] of [
    ['invoices', 0, 3],
    ['invoices', 0, 1],
    ['invoices', 1, 2],
    ['credit-memos', 0, 2],
  ] as const) {
    const customer = customers[n]?.id as string;
    const date = `${DAY}01`;
    const { id, lines } = await qbd('POST', path, {
      customerId: customer,
      transactionDate: date,
      lines: [{ itemId: item.id, quantity }],
    });
    sales[path].push({ id, customer, date, lines: [{ id: lines[0].id, item: item.id, quantity }], voided: false });
  }
  CompanyFile.world = { endUserId, ids, customers, items, invoices: sales.invoices, credits: sales['credit-memos'] };
  expectResponse(await call('POST', '/__admin/snapshots', { json: { name: 'books' } }), 201);
  return { snapshot: 'books' };
}

const customer = step<CompanyFile, { n: number; taxed: boolean }>(
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

const LIST_ID = /^8[0-9A-F]{7}-\d+$/;
const TRANSACTION_ID = /^[0-9A-F]+-\d+$/;

const item = step<CompanyFile, { n: number; price: number; cost: number; start: number }>(
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
const invoice = step<CompanyFile, SaleArgs>('create an invoice', 4, 'items', sale, ({ who, lines, day }, m, call) =>
  sell('invoices', who, lines, day, m, call),
);
const credit = step<CompanyFile, SaleArgs>('create a credit memo', 3, 'items', sale, ({ who, lines, day }, m, call) =>
  sell('credit-memos', who, lines, day, m, call),
);

const changeInvoice = step<CompanyFile, { one: number; quantity: number; keep: boolean }>(
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

interface Asked {
  to: number;
  share: Share;
  discount: Share;
}

/** Mostly an open invoice of the customer, so that payments build on each other. */
function target(m: CompanyFile, customerId: string, n: number): string {
  const own = [...m.invoices.values()].filter(({ id, customer }) => customer === customerId && m.open(id) > 0);
  if (own.length === 0 || n % 6 === 0) return m.pick(m.invoices.keys(), n);
  return (own[n % own.length] as Sale).id;
}

/** Applications as a request writes them, what they mean, and the refusal that is due. */
function applications(
  m: CompanyFile,
  customerId: string,
  asked: Asked[],
  own: Applied[],
): { json: Json[]; made: Omit<Applied, 'from'>[]; code: string | null } {
  let code: string | null = null;
  const made: Omit<Applied, 'from'>[] = [];
  const json = asked.map((one) => {
    const id = target(m, customerId, one.to);
    const sum = (rows: Omit<Applied, 'from'>[]) =>
      rows.filter(({ to }) => to === id).reduce((total, { amount, discount }) => total + amount + discount, 0);
    const open = m.open(id) + sum(own) - sum(made);
    const amount = amountOf(open, one.share);
    const discount = one.discount === 'none' ? 0 : Math.max(0, Math.min(amountOf(open, one.discount), open) - amount);
    if (code === null) {
      if (m.invoices.get(id)?.customer !== customerId || m.invoices.get(id)?.voided || open === 0) code = '3120';
      else if (amount === 0 && discount === 0) code = '3180';
      else if (amount + discount > open) code = '3210';
      made.push({ to: id, amount, discount });
    }
    const account = { discountAmount: text(discount), discountAccountId: CompanyFile.world.ids.Discounts };
    return { transactionId: id, paymentAmount: text(amount), ...(discount > 0 && account) };
  });
  if (code === '3120') m.saw('what cannot be paid is refused');
  if (code === '3210') m.saw('a payment over what is open is refused');
  return { json, made, code };
}

const asked = fc.array(fc.record({ to: which, share, discount: fc.constantFrom('none', 'none', 'half', 'all') }), {
  maxLength: 2,
});

/** The invoices an automatic payment pays, with the amounts. */
function automatic(m: CompanyFile, customerId: string, total: number): Omit<Applied, 'from'>[] {
  const open = [...m.invoices.values()]
    .filter((one) => one.customer === customerId && m.open(one.id) > 0)
    .sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));
  const same = open.find(({ id }) => m.open(id) === total);
  let rest = total;
  const paid = (same === undefined ? open : [same]).map(({ id }) => {
    const amount = Math.min(rest, m.open(id));
    rest -= amount;
    return { to: id, amount, discount: 0 };
  });
  return paid.filter(({ amount }) => amount > 0);
}

const pay = step<CompanyFile, { who: number; asked: Asked[]; extra: number; auto: boolean }>(
  'receive a payment',
  7,
  'customers',
  { who: which, asked, extra: fc.constantFrom(-1, 0, 0, 500), auto: fc.boolean() },
  async ({ who, asked, extra, auto }, m, call) => {
    const buyers = [...m.invoices.values()].map(({ customer }) => customer);
    const customers = buyers.length > 0 ? buyers : [...m.customers.keys()];
    const customerId = customers[who % customers.length] as string;
    if (customerId === undefined) return;
    const { json, made, code } = auto ? { json: [], made: [], code: null } : applications(m, customerId, asked, []);
    const sum = made.reduce((total, { amount }) => total + amount, 0);
    const owing = Math.max(0, m.owed(customerId));
    const total = auto ? amountOf(owing, asked[0]?.share ?? 'half') : sum + extra;
    const answer = await m.ask(call, 'POST', 'receive-payments', {
      customerId,
      transactionDate: `${DAY}30`,
      totalAmount: text(total),
      ...(auto ? { isAutoApply: true } : json.length > 0 ? { applyToTransactions: json } : {}),
    });
    const refused = code ?? (total < sum || total < 0 ? '3210' : null);
    expectOutcome(answer, refused);
    if (refused !== null) return;
    const applied = auto ? automatic(m, customerId, total) : made;
    if (auto && applied.length > 1) m.saw('an automatic payment pays several');
    if (applied.some(({ discount }) => discount > 0)) m.saw('a discount is taken');
    const id = m.fresh(answer.body.id, TRANSACTION_ID);
    m.payments.set(id, { id, customer: customerId, total, deposit: null });
    m.applied.push(...applied.map((one) => ({ from: id, ...one })));
  },
);

const changePayment = step<CompanyFile, { one: number; asked: Asked[]; less: number | undefined }>(
  'change a payment',
  3,
  'payments',
  { one: which, asked, less: optional(fc.constantFrom(-100, 1, 100, 5000)) },
  async ({ one, asked, less }, m, call) => {
    const found = m.payments.get(m.pick(m.payments.keys(), one));
    if (found === undefined) return;
    const own = m.applied.filter(({ from }) => from === found.id);
    const replaced = asked.length > 0;
    const { json, made, code } = applications(m, found.customer, asked, own);
    const total = found.total - (less ?? 0);
    const { body } = await m.ask(call, 'GET', `receive-payments/${found.id}`);
    const answer = await m.ask(call, 'POST', `receive-payments/${found.id}`, {
      revisionNumber: body.revisionNumber,
      ...(less !== undefined && { totalAmount: text(total) }),
      ...(replaced && { applyToTransactions: json }),
    });
    const used = (replaced ? made : own).reduce((sum, { amount }) => sum + amount, 0);
    const refunded = m.applied.filter(({ to }) => to === found.id).reduce((sum, { amount }) => sum + amount, 0);
    const refused =
      code ??
      (total < 0 || used > total - refunded ? '3210' : found.deposit !== null && less !== undefined ? '3170' : null);
    expectOutcome(answer, refused);
    if (refused !== null) return;
    m.payments.set(found.id, { ...found, total });
    if (!replaced) return;
    m.saw('applications are replaced');
    m.applied = m.applied
      .filter(({ from }) => from !== found.id)
      .concat(made.map((one) => ({ from: found.id, ...one })));
  },
);

const applyCredit = step<CompanyFile, { one: number; to: number; share: Share }>(
  'apply a credit',
  4,
  'credits',
  { one: which, to: which, share },
  async ({ one, to, share }, m, call) => {
    const found = m.invoices.get(m.pick(m.invoices.keys(), to));
    if (found === undefined) return;
    const id = m.pick(m.credits.keys(), one);
    const amount = amountOf(Math.min(m.open(id), m.open(found.id)), share);
    const { body } = await m.ask(call, 'GET', `invoices/${found.id}`);
    const answer = await m.ask(call, 'POST', `invoices/${found.id}`, {
      revisionNumber: body.revisionNumber,
      applyCredits: [{ creditTransactionId: id, appliedAmount: text(amount) }],
    });
    const refused =
      m.credits.get(id)?.customer !== found.customer
        ? '3120'
        : amount <= 0 || amount > m.open(id) || amount > m.open(found.id)
          ? '3210'
          : null;
    expectOutcome(answer, refused);
    if (refused !== null) return;
    m.saw('a credit is applied');
    m.applied.push({ from: id, to: found.id, amount, discount: 0 });
  },
);

const refund = step<CompanyFile, { one: number; share: Share }>(
  'refund a credit or payment',
  3,
  'customers',
  { one: which, share },
  async ({ one, share }, m, call) => {
    const id = m.pick([...m.payments.keys(), ...m.credits.keys()], one);
    const found = m.payments.get(id) ?? m.credits.get(id);
    if (found === undefined) return;
    const amount = amountOf(m.open(id), share);
    const answer = await m.ask(call, 'POST', 'credit-card-refunds', {
      customerId: found.customer,
      transactionDate: `${DAY}30`,
      refundAppliedToTransactions: [{ transactionId: id, refundAmount: text(amount) }],
    });
    const refused = amount <= 0 || amount > m.open(id) ? '3210' : null;
    expectOutcome(answer, refused);
    if (refused !== null) return;
    m.saw(m.payments.has(id) ? 'a payment is refunded' : 'a credit is refunded');
    const made = m.fresh(answer.body.id, TRANSACTION_ID);
    m.refunds.set(made, { id: made, customer: found.customer, total: amount });
    m.applied.push({ from: made, to: id, amount, discount: 0 });
  },
);

const deposit = step<CompanyFile, { one: number }>(
  'deposit a payment',
  2,
  'payments',
  { one: which },
  async ({ one }, m, call) => {
    const id = m.pick(m.payments.keys(), one);
    const answer = await m.ask(call, 'POST', 'deposits', {
      transactionDate: `${DAY}31`,
      depositToAccountId: CompanyFile.world.ids.Checking,
      lines: [{ paymentTransactionId: id }],
    });
    const found = m.payments.get(id);
    const refused = found === undefined || found.deposit !== null ? '3120' : null;
    expectOutcome(answer, refused);
    if (found === undefined || refused !== null) return;
    const made = m.fresh(answer.body.id, TRANSACTION_ID);
    m.deposits.set(made, { id: made, total: found.total });
    m.payments.set(id, { ...found, deposit: made });
  },
);

const KINDS = {
  invoices: 'invoices',
  credits: 'credit-memos',
  payments: 'receive-payments',
  refunds: 'credit-card-refunds',
  deposits: 'deposits',
} as const;
type Kind = keyof typeof KINDS;

const remove = step<CompanyFile, { kind: Kind; one: number }>(
  'delete a transaction',
  6,
  'customers',
  {
    kind: fc.constantFrom('invoices', 'invoices', 'credits', 'payments', 'payments', 'refunds', 'deposits'),
    one: which,
  },
  async ({ kind, one }, m, call) => {
    const rows = m.rows[kind] as Map<string, Json>;
    const id = m.pick(rows.keys(), one);
    const answer = await m.ask(call, 'DELETE', `${KINDS[kind]}/${id}`);
    const found = rows.get(id);
    const refused = found === undefined ? '3120' : kind === 'payments' && found.deposit !== null ? '3160' : null;
    if (refused === '3160') m.saw('a deposited payment stays');
    expectOutcome(answer, refused);
    if (refused !== null) return;
    if (m.taken(id) > 0) m.saw(`${kind} with something applied are deleted`);
    release(m, id);
    // The rule that a deliberately wrong model forgets: what was paid is open again.
    if (!m.broken || kind !== 'payments') m.unlink(id);
    m.drop(kind, (row) => row.id === id);
  },
);

/** Payments that were in a deposit are undeposited. */
function release(m: CompanyFile, deposit: string): void {
  for (const payment of m.payments.values()) if (payment.deposit === deposit) payment.deposit = null;
}

const makeVoid = step<CompanyFile, { kind: Exclude<Kind, 'payments'>; one: number }>(
  'void a transaction',
  4,
  'customers',
  { kind: fc.constantFrom('invoices', 'credits', 'refunds', 'deposits'), one: which },
  async ({ kind, one }, m, call) => {
    const rows = m.rows[kind] as Map<string, Json>;
    const id = m.pick(rows.keys(), one);
    const answer = await m.ask(call, 'POST', `${KINDS[kind]}/${id}/void`);
    const found = rows.get(id);
    expectOutcome(answer, found === undefined ? '3120' : null);
    if (found === undefined) return;
    if (m.taken(id) > 0) m.saw(`${kind} with something applied are voided`);
    release(m, id);
    m.unlink(id);
    rows.set(id, { ...found, voided: true, total: 0 });
  },
);

const paid = pay.of({ who: 0, asked: [{ to: 1, share: 'all', discount: 'none' }], extra: 0, auto: false });
const unused = pay.of({ who: 0, asked: [], extra: 500, auto: false });

export const companyFile: ModelTest<CompanyFile> = {
  provider: 'conductor',
  model: CompanyFile,
  begin,
  steps: [
    customer,
    item,
    invoice,
    credit,
    changeInvoice,
    pay,
    changePayment,
    applyCredit,
    refund,
    deposit,
    remove,
    makeVoid,
    wait(1, fc.constantFrom(0, 1000, 86_400_000)),
    sequence(2, [paid, deposit.of({ one: 0 }), remove.of({ kind: 'payments', one: 0 })]),
    sequence(2, [
      paid,
      changePayment.of({ one: 0, asked: [{ to: 2, share: 'half', discount: 'none' }], less: undefined }),
    ]),
    sequence(1, [paid, changeInvoice.of({ one: 3, quantity: 1, keep: false })]),
    sequence(1, [unused, refund.of({ one: 0, share: 'half' })]),
    sequence(1, [applyCredit.of({ one: 0, to: 3, share: 'half' }), makeVoid.of({ kind: 'credits', one: 0 })]),
  ],
  landmarks: [
    'stock below zero',
    'a total below what is paid is refused',
    'what cannot be paid is refused',
    'a payment over what is open is refused',
    'an automatic payment pays several',
    'a discount is taken',
    'applications are replaced',
    'a credit is applied',
    'a payment is refunded',
    'a credit is refunded',
    'a deposited payment stays',
    'invoices with something applied are deleted',
    'credits with something applied are deleted',
    'payments with something applied are deleted',
    'refunds with something applied are deleted',
    'invoices with something applied are voided',
    'credits with something applied are voided',
    'refunds with something applied are voided',
  ],
};
