// Checks that hold for every company file: books balance, links have two ends, open amounts follow from what is applied.

/** A JSON object: a row or an API object. */
export type Json = Record<string, any>;

/** Rows as in `GET /__admin/state`, by resource. */
export type State = Record<string, Json[]>;

interface Row {
  readonly resource: string;
  readonly id: string;
  readonly body: Json;
}

/** The objects of one end-user's company file. */
export function objectsOf(state: State, endUserId: string): Row[] {
  return Object.entries(state).flatMap(([resource, rows]) =>
    // Documents, such as the starting file, are no rows.
    (Array.isArray(rows) ? rows : [])
      .filter((row) => row.endUserId === endUserId && row.body !== undefined)
      .map(({ id, body }) => ({ resource, id, body })),
  );
}

/** The sum of all debits of a company file, in cents: equal to its credits when the file is in order. */
export function trialBalance(objects: readonly Row[]): number {
  const balances = new Map<string, number>();
  for (const { body } of objects) {
    for (const { account, amount = 0 } of body.postings ?? []) {
      balances.set(account, (balances.get(account) ?? 0) + amount);
    }
  }
  return [...balances.values()].reduce((sum, amount) => sum + Math.max(amount, 0), 0);
}

/** What is wrong with the rows of a company file: an empty array when nothing is. */
export function faultsOf(objects: readonly Row[]): string[] {
  const known = new Map(objects.map((object) => [object.id, object]));
  return objects.flatMap(({ resource, id, body }) => {
    const where = `${resource} ${id}`;
    const found: string[] = [];
    const sum = (body.postings ?? []).reduce((total: number, { amount = 0 }: Json) => total + amount, 0);
    if (sum !== 0) found.push(`${where} posts ${sum} cents more than nothing`);
    for (const posting of body.postings ?? []) {
      if (known.get(posting.account)?.resource !== 'accounts') found.push(`${where} posts to ${posting.account}`);
      for (const field of ['entity', 'item', 'class'] as const) {
        if (posting[field] !== undefined && !known.has(posting[field])) {
          found.push(`${where} posts for ${field} ${posting[field]}, which is nothing`);
        }
      }
    }
    for (const [path, target] of referencesOf(body)) {
      if (!known.has(target)) found.push(`${where} refers to ${target} at ${path}, which is nothing`);
    }
    for (const link of body.links ?? []) found.push(...faultsOfLink(where, body, link, known));
    return found;
  });
}

function faultsOfLink(where: string, body: Json, link: Json, known: ReadonlyMap<string, Row>): string[] {
  const other = known.get(link.id);
  if (other === undefined) return [`${where} is linked to ${link.id}, which is nothing`];
  const found: string[] = [];
  if (other.resource !== link.resource) found.push(`${where} is linked to ${link.id} as one of ${link.resource}`);
  const lines = (of: Json): string[] =>
    ['lines', 'itemLines', 'lineGroups', 'itemGroupLines', 'debitLines', 'creditLines'].flatMap((field) =>
      (of[field] ?? []).flatMap((line: Json) => [line.id, ...lines(line)]),
    );
  if (link.line !== undefined && !lines(body).includes(link.line))
    found.push(`${where} links its line ${link.line}, which is gone`);
  if (link.toLine !== undefined && !lines(other.body).includes(link.toLine)) {
    found.push(`${where} is linked to line ${link.toLine} of ${link.id}, which is gone`);
  }
  return found;
}

/** Every reference in a body, `{"id"}` and nothing else, with its path. */
function referencesOf(node: unknown, path = ''): [string, string][] {
  if (typeof node !== 'object' || node === null) return [];
  const keys = Object.keys(node);
  if (keys.length === 1 && keys[0] === 'id') return [[path, (node as Json).id]];
  return Object.entries(node).flatMap(([key, value]) =>
    ['links', 'postings'].includes(key) ? [] : referencesOf(value, `${path}.${key}`),
  );
}

const cents = (text: string | null) => Math.round(Number(text ?? 0) * 100);
const linkedBy = ({ linkedTransactions }: Json) =>
  linkedTransactions
    .filter(({ linkType }: Json) => linkType === 'amount')
    .reduce((sum: number, { amount }: Json) => sum + Math.abs(cents(amount)), 0);

/** What the API shows of a company file, as far as its open amounts are concerned. */
export interface Shown {
  readonly invoices: readonly Json[];
  readonly credits: readonly Json[];
  readonly payments: readonly Json[];
  readonly refunds: readonly Json[];
  readonly customers: readonly Json[];
  readonly accounts: readonly Json[];
}

/**
 * What is wrong with the open amounts that the API shows: each is the total without what is linked, and the customers'
 * balances and the receivable are the sum of them. `opening` is what customers owed before, in cents.
 */
export function openAmountFaults(
  { invoices, credits, payments, refunds, customers, accounts }: Shown,
  opening = 0,
): string[] {
  const found: string[] = [];
  const expect = (what: string, actual: unknown, wanted: unknown) => {
    if (actual !== wanted) found.push(`${what} is ${actual}, not ${wanted}`);
  };
  for (const one of invoices) {
    const total = cents(one.subtotal) + cents(one.salesTaxTotal);
    const open = total - linkedBy(one);
    expect(`open amount of invoice ${one.id}`, cents(one.balanceRemaining), open);
    expect(`applied amount of invoice ${one.id}`, cents(one.appliedAmount), total - open);
    expect(`isPaid of invoice ${one.id}`, one.isPaid, open === 0);
    if (open < 0) found.push(`more than the total is applied to invoice ${one.id}`);
  }
  for (const one of credits) {
    expect(`rest of credit ${one.id}`, cents(one.creditRemaining), cents(one.totalAmount) - linkedBy(one));
    if (cents(one.creditRemaining) < 0) found.push(`more than there was is taken from credit ${one.id}`);
  }
  for (const one of payments) {
    if (cents(one.unusedPayment) < 0) found.push(`more than was paid is applied of payment ${one.id}`);
  }
  const sum = (rows: readonly Json[], field: string) => rows.reduce((total, row) => total + cents(row[field]), 0);
  // A refund whose credit is gone is owed by the customer.
  const refunded = refunds.flatMap((one) => one.refundAppliedToTransactions);
  const orphaned = sum(refunds, 'totalAmount') - sum(refunded, 'refundAmount');
  const credited = sum(credits, 'creditRemaining') + sum(payments, 'unusedPayment');
  const owed = opening + sum(invoices, 'balanceRemaining') + orphaned - credited;
  const pending = invoices.concat(credits).filter(({ isPending }) => isPending === true);
  if (pending.length > 0) return found;
  expect('the balance of all customers', sum(customers, 'balance'), owed);
  const receivable = accounts.filter(({ accountType }) => accountType === 'accounts_receivable');
  expect('the receivable', sum(receivable, 'balance'), owed);
  return found;
}

/** What the API shows of a company file, as far as its vendors are concerned. */
export interface ShownPayables {
  readonly bills: readonly Json[];
  readonly credits: readonly Json[];
  readonly payments: readonly Json[];
  readonly receipts: readonly Json[];
  readonly vendors: readonly Json[];
  readonly accounts: readonly Json[];
}

/**
 * What is wrong with what is owed to vendors: an open amount is the total without what is linked, and the vendors'
 * balances and the payable are bills, and receipts that are not billed, less credits and payments without a bill.
 */
export function payableFaults(shown: ShownPayables, objects: readonly Row[]): string[] {
  const { bills, credits, payments, receipts, vendors, accounts } = shown;
  const found: string[] = [];
  const expect = (what: string, actual: unknown, wanted: unknown) => {
    if (actual !== wanted) found.push(`${what} is ${actual}, not ${wanted}`);
  };
  for (const one of bills) {
    expect(`open amount of bill ${one.id}`, cents(one.openAmount), cents(one.amountDue) - linkedBy(one));
    expect(`isPaid of bill ${one.id}`, one.isPaid, cents(one.openAmount) === 0);
    if (cents(one.openAmount) < 0) found.push(`more than the total is applied to bill ${one.id}`);
  }
  for (const one of credits) {
    expect(`rest of credit ${one.id}`, cents(one.openAmount), cents(one.creditAmount) - linkedBy(one));
    if (cents(one.openAmount) < 0) found.push(`more than there was is taken from credit ${one.id}`);
  }
  const sum = (rows: readonly Json[], field: string) => rows.reduce((total, row) => total + cents(row[field]), 0);
  const applied = payments.flatMap((one) => one.appliedToTransactions);
  const billed = objects
    .flatMap(({ body }) => body.links ?? [])
    .filter(({ linkType }) => linkType === 'billing')
    .reduce((total, { amount }) => total + amount, 0);
  const unapplied = sum(payments, 'amount') - sum(applied, 'amount');
  const unbilled = sum(receipts, 'totalAmount') - billed;
  const owed = sum(bills, 'openAmount') + unbilled - sum(credits, 'openAmount') - unapplied;
  expect('the balance of all vendors', sum(vendors, 'balance'), owed);
  const payable = accounts.filter(({ accountType }) => accountType === 'accounts_payable');
  expect('the payable', sum(payable, 'balance'), owed);
  return found;
}
