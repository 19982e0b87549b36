// Stories on one company file: a client of it, and the checks of its books, with which every story ends.
import t, { type Test } from 'tap';
import { type TestResponse, type TestServer, testServer } from '../../../harness.ts';
import { expectError, key } from '../fixtures.ts';
import { faultsOf, type Json, objectsOf, openAmountFaults, type State } from './audit.ts';

export type { Json } from './audit.ts';

/** The end-user of the fixtures whose books are worked out by hand. */
export const LARKSPUR = 'end_usr_larkspur000001';
/** The time at which stories begin, after everything in the fixtures. */
export const NOW = '2025-02-20T12:00:00.000Z';

/** A company file, as a customer's integration sees it. */
export class Books {
  readonly server: TestServer;
  readonly endUserId: string;
  readonly #t: Test;

  constructor(t: Test, server: TestServer, endUserId: string) {
    this.#t = t;
    this.server = server;
    this.endUserId = endUserId;
  }

  /** Sends a request below `/quickbooks-desktop/`. */
  ask(method: string, path: string, json?: unknown): Promise<TestResponse> {
    const headers = { ...key, 'conductor-end-user-id': this.endUserId };
    const url = `/conductor/v1/quickbooks-desktop/${path}`;
    return this.server.call(method, url, json === undefined ? { headers } : { headers, json });
  }

  /** Sends a request that must succeed; resolves with the body. */
  async ok(method: string, path: string, json?: unknown): Promise<Json> {
    const { status, body } = await this.ask(method, path, json);
    if (status !== 200) this.#t.fail(`${method} ${path} ${JSON.stringify(json)}: ${status} ${body.error?.message}`);
    return body;
  }

  make(path: string, json: Json): Promise<Json> {
    return this.ok('POST', path, json);
  }

  get(path: string): Promise<Json> {
    return this.ok('GET', path);
  }

  /** Updates an object as it is now. */
  async change(path: string, id: string, json: Json): Promise<Json> {
    const { revisionNumber } = await this.get(`${path}/${id}`);
    return this.ok('POST', `${path}/${id}`, { revisionNumber, ...json });
  }

  /** The rows of a list. */
  async list(path: string): Promise<Json[]> {
    return (await this.get(path)).data;
  }

  /** A list object by its name. */
  async named(path: string, name: string): Promise<Json> {
    const found = (await this.list(path)).find((one) => (one.fullName ?? one.name) === name);
    if (found === undefined) throw new Error(`There is no ${name} in ${path}.`);
    return found;
  }

  /** The ids of list objects by their names; a name is unique in these lists. */
  async ids(...paths: string[]): Promise<Record<string, string>> {
    const lists = await Promise.all(paths.map((path) => this.list(path)));
    return Object.fromEntries(lists.flat().map(({ id, fullName, name }) => [fullName ?? name, id]));
  }

  /** A request that QuickBooks refuses: the whole envelope, with the code and its text. */
  async refused(method: string, path: string, json: unknown, code: string, text: string): Promise<void> {
    const answer = await this.ask(method, path, json);
    const message = `QBD Request Error (${code}): ${text}`;
    expectError(this.#t, answer, 502, 'INTEGRATION_ERROR', 'QBD_REQUEST_ERROR', message, code);
  }

  /** Freezes the clock of the sandbox at a time. */
  async at(instant: string): Promise<void> {
    await this.server.call('PUT', '/__admin/clock', { json: { action: 'freeze', instant } });
  }

  /** The rows of the sandbox. */
  async state(): Promise<State> {
    return (await this.server.call('GET', '/__admin/state?provider=conductor')).body.conductor;
  }

  /** What is wrong with the books: nothing, it is hoped. */
  async faults(): Promise<string[]> {
    const all = (path: string) => this.list(path);
    const shown = {
      invoices: await all('invoices?includeLinkedTransactions=true'),
      credits: await all('credit-memos?includeLinkedTransactions=true'),
      payments: await all('receive-payments'),
      refunds: await all('credit-card-refunds'),
      customers: await all('customers?status=all'),
      accounts: await all('accounts?status=all'),
    };
    return [...faultsOf(objectsOf(await this.state(), this.endUserId)), ...openAmountFaults(shown)];
  }
}

/** Opens the company file of an end-user in a server of its own, at a fixed time. */
export async function openBooks(t: Test, endUserId = LARKSPUR): Promise<Books> {
  const books = new Books(t, await testServer(t), endUserId);
  await books.at(NOW);
  return books;
}

/** A test on the books of Larkspur Supply Co. that ends with the checks of the books. */
export function story(name: string, tell: (t: Test, books: Books) => Promise<void>): void {
  t.test(name, async (t) => {
    const books = await openBooks(t);
    await tell(t, books);
    t.strictSame(
      await books.faults(),
      [],
      'the books balance, and every open amount is a total without what is applied',
    );
  });
}
