// Model of a QuickBooks company file: what is owed, applied, refunded, deposited and on hand, in cents and pieces.
import { deepStrictEqual } from 'node:assert';
import { faultsOf, objectsOf } from '../providers/conductor/quickbooks/audit.ts';
import { KEY } from './conductor-model.ts';
import { type Call, type Json, Model } from './model-runner.ts';

/** What the file holds when a sequence begins. */
export interface World {
  endUserId: string;
  /** Ids of the lists by name. */
  ids: Record<string, string>;
  customers: Party[];
  items: Item[];
  invoices: Sale[];
  credits: Sale[];
}

export interface Party {
  id: string;
  name: string;
  taxed: boolean;
}
export interface Item {
  id: string;
  name: string;
  price: number;
  cost: number;
  /** On hand at the start. */
  start: number;
}
export interface Line {
  id: string;
  item: string;
  quantity: number;
}
/** An invoice or a credit memo. */
export interface Sale {
  id: string;
  customer: string;
  date: string;
  lines: Line[];
  voided: boolean;
}
export interface Payment {
  id: string;
  customer: string;
  total: number;
  deposit: string | null;
}
interface Refund {
  id: string;
  customer: string;
  total: number;
}
interface Deposit {
  id: string;
  total: number;
}
/** Money from a payment, credit or refund to an invoice, credit or payment. */
export interface Applied {
  from: string;
  to: string;
  amount: number;
  discount: number;
}

const byId = <T extends { id: string }>(rows: T[]) => new Map(rows.map((row) => [row.id, structuredClone(row)]));

export const text = (cents: number) => (cents / 100).toFixed(2);
const TAX = 8;

export class CompanyFile extends Model {
  override get never(): string {
    return 'FFFFFF-1735722000';
  }

  readonly provider = 'conductor';
  readonly references = [];
  static world: World;
  readonly customers = byId(CompanyFile.world.customers);
  readonly items = byId(CompanyFile.world.items);
  readonly invoices = byId(CompanyFile.world.invoices);
  readonly credits = byId(CompanyFile.world.credits);
  readonly payments = new Map<string, Payment>();
  readonly refunds = new Map<string, Refund>();
  readonly deposits = new Map<string, Deposit>();
  readonly rows = {
    customers: this.customers,
    items: this.items,
    invoices: this.invoices,
    credits: this.credits,
    payments: this.payments,
    refunds: this.refunds,
    deposits: this.deposits,
  };
  applied: Applied[] = [];

  ask(call: Call, method: string, path: string, json?: Json) {
    const headers = { ...KEY, 'conductor-end-user-id': CompanyFile.world.endUserId };
    const url = `/conductor/v1/quickbooks-desktop/${path}`;
    return call(method, url, json === undefined ? { headers } : { headers, json });
  }

  /** Subtotal and tax of a sale. */
  amounts({ customer, lines, voided }: Sale): { subtotal: number; tax: number } {
    if (voided) return { subtotal: 0, tax: 0 };
    const subtotal = lines.reduce(
      (sum, { item, quantity }) => sum + (this.items.get(item) as Item).price * quantity,
      0,
    );
    const taxed = this.customers.get(customer)?.taxed === true;
    return { subtotal, tax: taxed ? Math.round((subtotal * TAX) / 100) : 0 };
  }

  total(sale: Sale): number {
    const { subtotal, tax } = this.amounts(sale);
    return subtotal + tax;
  }

  /** What is applied to an invoice or taken from a credit or payment, discounts included where they count. */
  taken(id: string): number {
    return this.applied.reduce(
      (sum, { from, to, amount, discount }) => sum + (to === id ? amount + discount : 0) + (from === id ? amount : 0),
      0,
    );
  }

  /** What is open of an invoice, or left of a credit, payment or refund. */
  open(id: string): number {
    const sale = this.invoices.get(id) ?? this.credits.get(id);
    const money = this.payments.get(id) ?? this.refunds.get(id);
    const whole = sale === undefined ? (money?.total ?? 0) : this.total(sale);
    return whole - this.taken(id);
  }

  /** Takes everything applied from or to something back. */
  unlink(id: string): void {
    this.applied = this.applied.filter(({ from, to }) => from !== id && to !== id);
  }

  onHand(item: string): number {
    const moved = (sales: Iterable<Sale>) =>
      [...sales]
        .filter(({ voided }) => !voided)
        .flatMap(({ lines }) => lines)
        .filter((line) => line.item === item)
        .reduce((sum, { quantity }) => sum + quantity, 0);
    return (this.items.get(item) as Item).start - moved(this.invoices.values()) + moved(this.credits.values());
  }

  protected async compareLists(): Promise<void> {}

  override async compare(call: Call): Promise<void> {
    const list = async (path: string): Promise<Json[]> => (await this.ask(call, 'GET', path)).body.data;
    deepStrictEqual(
      (await list('invoices')).map((one) => [
        one.id,
        one.subtotal,
        one.salesTaxTotal,
        one.appliedAmount,
        one.balanceRemaining,
        one.isPaid,
      ]),
      [...this.invoices.values()].map((sale) => {
        const { subtotal, tax } = this.amounts(sale);
        const open = this.open(sale.id);
        return [sale.id, text(subtotal), text(tax), text(this.taken(sale.id)), text(open), open === 0];
      }),
      'invoices',
    );
    deepStrictEqual(
      (await list('credit-memos')).map((one) => [one.id, one.totalAmount, one.creditRemaining]),
      [...this.credits.values()].map((sale) => [sale.id, text(this.total(sale)), text(this.open(sale.id))]),
      'credits',
    );
    deepStrictEqual(
      (await list('receive-payments')).map((one) => [
        one.id,
        one.totalAmount,
        one.unusedPayment,
        one.appliedToTransactions.map((row: Json) => [
          row.transactionId,
          row.amount,
          row.discountAmount,
          row.balanceRemaining,
        ]),
      ]),
      [...this.payments.values()].map(({ id, total }) => [
        id,
        text(total),
        text(this.open(id)),
        this.applied
          .filter(({ from }) => from === id)
          .map(({ to, amount, discount }) => [
            to,
            text(amount),
            discount === 0 ? null : text(discount),
            text(this.open(to)),
          ]),
      ]),
      'payments',
    );
    deepStrictEqual(
      Object.fromEntries((await list('customers')).map(({ id, balance }) => [id, balance])),
      Object.fromEntries([...this.customers.keys()].map((id) => [id, text(this.owed(id))])),
      'customers',
    );
    deepStrictEqual(
      Object.fromEntries((await list('inventory-items')).map(({ id, quantityOnHand }) => [id, quantityOnHand])),
      Object.fromEntries([...this.items.keys()].map((id) => [id, this.onHand(id)])),
      'stock',
    );
    await this.compareBooks(call, await list('accounts'));
  }

  /** What a customer owes: invoices and refunds that lost their credit, less credits and what is unused of payments. */
  owed(customer: string): number {
    const sum = (rows: Iterable<{ id: string; customer: string }>) =>
      [...rows].filter((row) => row.customer === customer).reduce((total, { id }) => total + this.open(id), 0);
    return (
      sum(this.invoices.values()) +
      sum(this.refunds.values()) -
      sum(this.credits.values()) -
      sum(this.payments.values())
    );
  }

  private async compareBooks(call: Call, accounts: Json[]): Promise<void> {
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const tax = (sales: Iterable<Sale>) => sum([...sales].map((sale) => this.amounts(sale).tax));
    const payments = [...this.payments.values()];
    const refunded = sum([...this.refunds.values()].map(({ total }) => total));
    const expected: Record<string, number> = {
      'Accounts Receivable': sum([...this.customers.keys()].map((id) => this.owed(id))),
      'Undeposited Funds': sum(payments.filter(({ deposit }) => deposit === null).map(({ total }) => total)) - refunded,
      Checking: sum([...this.deposits.values()].map(({ total }) => total)),
      'Inventory Asset': sum([...this.items.values()].map(({ id, cost }) => cost * this.onHand(id))),
      'Sales Tax Payable': tax(this.invoices.values()) - tax(this.credits.values()),
    };
    const balances = Object.fromEntries(accounts.map(({ name, balance }) => [name, balance]));
    deepStrictEqual(
      Object.fromEntries(Object.keys(expected).map((name) => [name, balances[name] ?? '0.00'])),
      Object.fromEntries(Object.entries(expected).map(([name, amount]) => [name, text(amount)])),
      'accounts',
    );
    const state = (await call('GET', '/__admin/state?provider=conductor')).body.conductor;
    deepStrictEqual(faultsOf(objectsOf(state, CompanyFile.world.endUserId)), [], 'books');
  }
}
