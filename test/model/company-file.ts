// Random steps on a QuickBooks company file, and the situations that they must reach.
import fc from 'fast-check';
import { begin } from './company-file-begin.ts';
import { applyCredit, deposit, makeVoid, refund, remove } from './company-file-credits.ts';
import { CompanyFile } from './company-file-model.ts';
import { changePayment, pay } from './company-file-payments.ts';
import { changeInvoice, credit, customer, invoice, item } from './company-file-sales.ts';
import { type ModelTest, sequence, wait } from './model-runner.ts';

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
