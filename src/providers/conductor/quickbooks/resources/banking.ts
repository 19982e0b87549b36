// Transfers between accounts, journal entries, and the list of payments that wait for a deposit.
import { cents, fromCents, total } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { keepAppliedLines } from '../credits.ts';
import { badReference, CODES, cannotSave, missing, notThere, refusal } from '../failures.ts';
import { linkedObjects } from '../links.ts';
import { listOf } from '../list.ts';
import { feedName } from '../operations.ts';
import { accountBalances, naturalSign, type Posting, specialAccount } from '../postings.ts';
import { type ResourceEntry, transaction } from '../resource-entry.ts';
import { showValue } from '../show-record.ts';

type Ref = { readonly id: string };

const transfers = transaction('transfers', 'Transfer', {
  example: {
    create: {
      transactionDate: '2025-02-19',
      sourceAccountId: '@accounts:Checking',
      targetAccountId: '@accounts:Undeposited Funds',
      amount: '15.00',
    },
  },
  required: ['sourceAccount', 'targetAccount', 'transactionDate', 'amount'],
  complete({ file, record, before }) {
    const { sourceAccount: source, targetAccount: target } = record as Record<string, Ref>;
    const [from, to] = [source as Ref, target as Ref];
    const amount = cents(record.amount as string);
    if (from.id === to.id) throw cannotSave('Transfer', 'An account cannot be transferred to itself.');
    if (amount <= 0) throw refusal(CODES.value, `The amount "${record.amount}" is not more than zero.`);
    const classId = (record.class as Ref | undefined)?.id;
    const more = classId === undefined ? {} : { class: classId };
    const postings: Posting[] = [
      { account: to.id, amount, ...more },
      { account: from.id, amount: -amount, ...more },
    ];
    record.sourceAccountBalance = balanceAfter(file, 'SourceAccount', from.id, before, postings);
    record.targetAccountBalance = balanceAfter(file, 'TargetAccount', to.id, before, postings);
    record.postings = postings;
  },
});

/** The balance of an account once something new is posted instead of what was. @throws Failure 3140 for one without */
function balanceAfter(
  file: CompanyFile,
  field: string,
  id: string,
  before: StoredObject | null,
  now: Posting[],
): string {
  const { body } = file.find('accounts', id) as StoredObject;
  const sign = naturalSign(body.accountType as string);
  if (sign === null) throw badReference(field, id, 'Transfer');
  const sum = (postings: readonly Posting[]) =>
    postings.filter(({ account }) => account === id).reduce((all, { amount }) => all + amount, 0);
  const balance = (accountBalances(file, [id]).get(id) ?? 0) - sum((before?.body.postings ?? []) as Posting[]);
  return fromCents(sign * (balance + sum(now)));
}

const SIDES = { debit: 'debitLines', credit: 'creditLines' } as const;

const journalEntries = transaction('journal-entries', 'Journal Entry', {
  example: {
    create: {
      transactionDate: '2025-02-20',
      refNumber: 'J-1',
      debitLines: [{ accountId: '@accounts:Wages', amount: '9.00' }],
      creditLines: [{ accountId: '@accounts:Checking', amount: '9.00' }],
    },
    update: { isAdjustment: true },
  },
  accounts: ['account'],
  accountsInLines: true,
  required: ['transactionDate'],
  rewritten(request, before) {
    const { lines, ...rest } = request as Json & { lines?: Json[] };
    return lines === undefined ? request : { ...rest, ...linesBySide(lines, before) };
  },
  complete(draft) {
    const { file, record } = draft;
    const side = (field: string) => (record[field] ?? []) as Json[];
    const [debits, credits] = [side('debitLines'), side('creditLines')];
    for (const line of [...debits, ...credits]) completeJournalLine(file, line);
    const [debit, credit] = [debits, credits].map((lines) => total(lines.map(({ amount }) => amount as string)));
    if (debits.length + credits.length === 0 || debit !== credit) {
      throw cannotSave(
        'Journal Entry',
        `The debits of ${debit} are not the credits of ${credit}, or there is no line.`,
      );
    }
    const post =
      (sign: 1 | -1) =>
      (line: Json): Posting => {
        const { account, entity, class: classRef } = line as { account: Ref; entity?: Ref; class?: Ref };
        return {
          account: account.id,
          amount: sign * cents(line.amount as string),
          ...(entity && { entity: entity.id }),
          ...(classRef && { class: classRef.id }),
          line: line.id as string,
        };
      };
    keepAppliedLines(draft);
    record.postings = [...debits.map(post(1)), ...credits.map(post(-1))];
  },
});

/** The lines of an update, in the arrays that responses have; a stored line stays on its side (our choice). */
function linesBySide(lines: readonly Json[], { body }: StoredObject): Json {
  const sides: Record<string, Json[]> = { debitLines: [], creditLines: [] };
  for (const { journalLineType: type, ...line } of lines) {
    const stored = Object.values(SIDES).find((field) =>
      ((body[field] ?? []) as Json[]).some(({ id }) => id === line.id),
    );
    if (stored === undefined && line.id !== '-1') throw notThere(String(line.id));
    if (stored === undefined && type === undefined) throw missing('JournalLineType');
    (sides[stored ?? SIDES[type as keyof typeof SIDES]] as Json[]).push(line);
  }
  return sides;
}

/** @throws Failure 3150 without an account, 3180 for a receivable without a customer or a payable without a vendor */
function completeJournalLine(file: CompanyFile, line: Json): void {
  const { account, entity } = line as { account?: Ref; entity?: Ref };
  if (account === undefined) throw missing('AccountRef');
  line.amount ??= '0.00';
  const isOf = (path: string) => entity !== undefined && file.find(path, entity.id) !== undefined;
  const type = file.find('accounts', account.id)?.body.accountType;
  if (type === 'accounts_receivable' && !isOf('customers')) {
    throw cannotSave('Journal Entry', 'A line of a receivable needs a customer.');
  }
  if (type === 'accounts_payable' && !isOf('vendors')) {
    throw cannotSave('Journal Entry', 'A line of a payable needs a vendor.');
  }
  if (!isOf('customers')) delete line.billingStatus;
}

/** Payments and sales receipts in Undeposited Funds that are in no deposit (our choice: by age, without line ids). */
const paymentsToDeposit: ResourceEntry = {
  path: 'payments-to-deposit',
  title: 'Payment To Deposit',
  kind: 'computed',
  names: null,
  listed(file, { shape }) {
    const undeposited = specialAccount(file, 'undeposited_funds');
    const waiting = ['receive-payments', 'sales-receipts']
      .flatMap((path) => file.all(path))
      .filter(({ body }) => (body.depositToAccount as Ref | undefined)?.id === undeposited && body.voided !== true)
      .filter(({ body }) => body.isPending !== true)
      .filter((payment) => linkedObjects(file, payment, 'deposit').length === 0)
      .sort((one, other) => one.seq - other.seq);
    const rows = waiting.map(({ id, resource, body }) => ({
      paymentTransactionId: id,
      transactionType: feedName(resource),
      customer: body.customer,
      transactionDate: body.transactionDate,
      refNumber: body.refNumber,
      amount: body.totalAmount,
      currency: body.currency,
      exchangeRate: body.exchangeRate,
    }));
    return listOf(
      'payments-to-deposit',
      rows.map((row) => showValue(paymentsToDeposit, shape, row, file)),
      null,
    );
  },
};

/** Money that is moved by hand, and what waits to be moved. */
export const BANKING: readonly ResourceEntry[] = [transfers, journalEntries, paymentsToDeposit];
