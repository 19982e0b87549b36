// Deposits: payments that were received, and other money, put into a bank account.
import { cents, total } from '../amounts.ts';
import type { Json } from '../company-file.ts';
import { cannotSave, missing, notFound } from '../failures.ts';
import { type Link, linkedObjects, linksIn, linkTo, touch } from '../links.ts';
import { feedName } from '../operations.ts';
import { type Posting, specialAccount } from '../postings.ts';
import { type Draft, transaction } from '../resource-entry.ts';

type Ref = { readonly id: string };

/** Payments that can be deposited (known of QuickBooks). */
const DEPOSITABLE = ['receive-payments', 'sales-receipts'];

/** Deposits. */
export const DEPOSITS = transaction('deposits', 'Deposit', {
  example: {
    create: {
      transactionDate: '2025-02-14',
      depositToAccountId: '@accounts:Checking',
      lines: [{ accountId: '@accounts:Sales', amount: '5.00', memo: 'Change found' }],
    },
  },
  lines: ['lines'],
  accounts: ['depositToAccount'],
  required: ['depositToAccount', 'transactionDate'],
  complete(draft) {
    const { file, request, record, before } = draft;
    const given = request.lines as Json[] | undefined;
    const lines = (record.lines ?? []) as Json[];
    const links = [...((record.links ?? []) as Link[])];
    // What a void has released must be taken again.
    const wasVoided = before?.body.voided === true;
    for (const [n, asked] of (given ?? []).entries()) {
      const line = lines[n] as Json;
      if (wasVoided) releaseLine(line);
      completeDepositLine(draft, line, asked);
    }
    const payments = lines.flatMap(({ paymentTransactionId: one }) => (one === undefined ? [] : [one as string]));
    const twice = payments.find((one, n) => payments.indexOf(one) !== n);
    if (twice !== undefined) throw notFound(twice);
    if (given !== undefined || before === null) {
      links.splice(0);
      for (const { id, paymentTransactionId } of lines) {
        const payment =
          paymentTransactionId === undefined ? undefined : file.find(DEPOSITABLE, paymentTransactionId as string);
        if (payment !== undefined) links.push(linkTo(payment, { linkType: 'deposit', line: id as string }));
      }
      if (lines.length === 0) throw cannotSave('Deposit', 'A deposit needs a line.');
    }
    record.links = links;
    const cashBack = record.cashBack as Json | undefined;
    if (cashBack !== undefined) completeCashBack(draft, cashBack);
    const back = (cashBack?.amount ?? '0') as string;
    const sum = total(lines.map(({ amount }) => amount as string | undefined));
    record.totalAmount = total([sum, `-${back}`]);
    record.postings = [
      { account: (record.depositToAccount as Ref).id, amount: cents(record.totalAmount as string) },
      ...(cashBack === undefined ? [] : [{ account: (cashBack.account as Ref).id, amount: cents(back) }]),
      ...lines.map((line) => ({
        account: (line.account as Ref).id,
        amount: -cents(line.amount as string | undefined),
        ...(line.entity === undefined ? {} : { entity: (line.entity as Ref).id }),
        ...(line.class === undefined ? {} : { class: (line.class as Ref).id }),
        line: line.id as string,
      })),
    ] satisfies Posting[];
  },
  stored: ({ file, before }, object) => touch(file, [...linksIn(before), ...linksIn(object)]),
});

/** Makes a line with a payment one without: the payment may be in another deposit now. */
function releaseLine(line: Json): void {
  delete line.taken;
  delete line.paymentTransactionId;
  delete line.transactionType;
}

/** Cash back keeps its id, and its account where none is sent. @throws Failure 3150 without an account */
function completeCashBack({ file, before }: Draft, cashBack: Json): void {
  const earlier = before?.body.cashBack as Json | undefined;
  cashBack.id = earlier?.id ?? file.nextId('transaction');
  cashBack.account ??= earlier?.account;
  if (cashBack.account === undefined) throw missing('AccountRef');
}

/** A line with a payment takes everything from it but the overrides; another one needs account and amount. */
function completeDepositLine({ file, id }: Draft, line: Json, asked: Json): void {
  const { paymentTransactionId: paymentId, paymentTransactionLineId: lineId } = asked as Record<string, string>;
  // The lines of payments have no ids (our choice), so every id is unknown.
  if (lineId !== undefined) throw notFound(lineId);
  if (paymentId !== undefined && paymentId !== line.taken) {
    const payment = file.find(DEPOSITABLE, paymentId);
    const undeposited = specialAccount(file, 'undeposited_funds');
    const taken = payment === undefined ? [] : linkedObjects(file, payment, 'deposit').filter((one) => one.id !== id);
    const cannotBe = payment?.body.isPending === true || payment?.body.voided === true || taken.length > 0;
    if (payment === undefined || cannotBe || (payment.body.depositToAccount as Ref).id !== undeposited) {
      throw notFound(paymentId);
    }
    const { customer, totalAmount, refNumber, checkNumber, paymentMethod, memo, class: classRef } = payment.body;
    Object.assign(line, {
      taken: paymentId,
      paymentTransactionId: paymentId,
      transactionType: feedName(payment.resource),
      amount: totalAmount,
      entity: customer,
      account: { id: undeposited },
      checkNumber: checkNumber ?? refNumber,
      paymentMethod,
      memo,
      class: classRef,
    });
  }
  for (const [field, override] of [
    ['memo', asked.overrideMemo],
    ['checkNumber', asked.overrideCheckNumber],
  ] as const) {
    if (override !== undefined) line[field] = override;
  }
  if (asked.overrideClassId !== undefined) line.class = { id: asked.overrideClassId };
  if (line.account === undefined || line.amount === undefined) {
    throw cannotSave('Deposit', 'A line without a payment needs an account and an amount.');
  }
}
