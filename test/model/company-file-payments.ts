// Random steps on a company file: payments with applications, discounts and automatic ones, received and changed.
import fc from 'fast-check';
import { type Applied, CompanyFile, type Sale, text } from './company-file-model.ts';
import { amountOf, DAY, expectOutcome, type Share, share, TRANSACTION_ID } from './company-file-outcomes.ts';
import { type Json, optional, step, which } from './model-runner.ts';

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

/** Receives a payment. */
export const pay = step<CompanyFile, { who: number; asked: Asked[]; extra: number; auto: boolean }>(
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

/** Changes a payment: its total, or all of its applications. */
export const changePayment = step<CompanyFile, { one: number; asked: Asked[]; less: number | undefined }>(
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
