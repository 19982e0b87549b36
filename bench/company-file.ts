// Writes a sandbox file in which a company file has so many invoices, for the measurements of QuickBooks.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFixtures } from '../src/core/sandbox/fixtures.ts';
import { type Database, openClone } from '../src/core/storage/database.ts';
import { PROVIDERS } from '../src/providers/index.ts';
import { BUILT_IN } from './fixtures.ts';

/** The end-user whose company file is filled. */
export const OWNER = 'end_usr_larkspur000001';
/** Lines of each invoice. */
const LINES = 5;
/** Invoices are spread over this many customers, days and hours of change. */
const CUSTOMERS = 1000;
const DAYS = 1000;
const FIRST_DAY = Date.parse('2020-01-01T00:00:00.000Z');
const DAY = 86_400_000;

type Json = Record<string, unknown>;

/** The n-th of the customers that own the invoices. */
export const customerId = (n: number) => `90${(n % CUSTOMERS).toString(16).toUpperCase().padStart(6, '0')}-1577836800`;

/** Writes `default.sqlite` of a `--data` folder with `size` invoices of five lines; every tenth is paid in full. */
export function writeBooks(dir: string, size: number): void {
  mkdirSync(dir, { recursive: true });
  const db = openClone(loadFixtures(BUILT_IN, BUILT_IN, PROVIDERS).image);
  const [invoice, customer, payment] = ['invoices', 'customers', 'receivePayments'].map(template) as [Json, Json, Json];
  db.execute('pragma page_size = 4096; vacuum; pragma cache_size = -200000');
  db.transaction(() => {
    for (let n = 0; n < CUSTOMERS; n++) {
      insert(db, 'customers', customerId(n), n, { ...customer, name: `Customer ${String(n).padStart(4, '0')}` });
    }
    for (let n = 0; n < size; n++) {
      insert(db, 'invoices', transactionId(n * 10), n, invoiceBody(invoice, n));
      if (n % 10 === 0) insert(db, 'receivePayments', transactionId(n * 10 + 9), n, paymentBody(payment, n));
    }
    db.run('update conductor_quickbooksCounters set last = ?', 0xf000_0000);
  });
  writeFileSync(join(dir, 'default.sqlite'), db.serialize());
  db.close();
}

/** The body of the first row of that kind in the fixtures that belongs to the owner. */
function template(resource: string): Json {
  const rows = JSON.parse(readFileSync(join(BUILT_IN, `conductor/${resource}.json`), 'utf8')) as Json[];
  return rows.find(({ endUserId }) => endUserId === OWNER)?.body as Json;
}

function transactionId(n: number): string {
  return `${(0x1000_0000 + n).toString(16).toUpperCase()}-1577836800`;
}

function invoiceBody(from: Json, n: number): Json {
  const [line] = from.lines as [Json];
  const customer = { id: customerId(n) };
  const lines = Array.from({ length: LINES }, (_, at) => ({ ...line, id: transactionId(n * 10 + at + 1) }));
  const [whole, income] = from.postings as [Json, Json];
  const postings = [
    { ...whole, amount: LINES * 50_000, entity: customer.id },
    ...lines.map(({ id }) => ({ ...income, entity: customer.id, line: id })),
  ];
  const total = `${LINES * 500}.00`;
  const { salesTaxTotal: _, salesTaxPercentage: __, salesTaxItem: ___, ...rest } = from;
  return {
    ...rest,
    customer,
    transactionDate: dateOf(n),
    refNumber: String(10_000 + n),
    lines,
    subtotal: total,
    totalAmount: total,
    postings,
  };
}

function paymentBody({ receivablesAccount, depositToAccount }: Json, n: number): Json {
  const target = transactionId(n * 10);
  return {
    customer: { id: customerId(n) },
    transactionDate: dateOf(n),
    refNumber: String(n),
    receivablesAccount,
    depositToAccount,
    totalAmount: `${LINES * 500}.00`,
    appliedToTransactions: [{ transactionId: target, amount: `${LINES * 500}.00` }],
    links: [{ id: target, resource: 'invoices', linkType: 'amount', amount: LINES * 50_000 }],
  };
}

function dateOf(n: number): string {
  return new Date(FIRST_DAY + (n % DAYS) * DAY).toISOString().slice(0, 10);
}

function insert(db: Database, resource: string, id: string, n: number, body: Json): void {
  const at = new Date(FIRST_DAY + (n % DAYS) * DAY).toISOString();
  db.run(
    `insert into conductor_quickbooksObjects (endUserId, resource, id, createdAt, updatedAt, revisionNumber, body)
     values (?, ?, ?, ?, ?, ?, ?)`,
    ...[OWNER, resource, id, at, at, '1577836800', JSON.stringify(body)],
  );
}
