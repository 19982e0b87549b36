// Random steps on a company file: credits applied, refunds, deposits, deletes and voids.
import fc from 'fast-check';
import { CompanyFile, text } from './company-file-model.ts';
import { amountOf, DAY, expectOutcome, type Share, share, TRANSACTION_ID } from './company-file-outcomes.ts';
import { type Json, step, which } from './model-runner.ts';

/** Applies a credit memo to an invoice. */
export const applyCredit = step<CompanyFile, { one: number; to: number; share: Share }>(
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

/** Refunds what is left of a credit memo or a payment. */
export const refund = step<CompanyFile, { one: number; share: Share }>(
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

/** Takes a payment to the bank. */
export const deposit = step<CompanyFile, { one: number }>(
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

/** Deletes a transaction. */
export const remove = step<CompanyFile, { kind: Kind; one: number }>(
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

/** Voids a transaction. */
export const makeVoid = step<CompanyFile, { kind: Exclude<Kind, 'payments'>; one: number }>(
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
