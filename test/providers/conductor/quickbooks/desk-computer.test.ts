// The computer of the company file: offline, timing out before and after the commit, and in snapshots.
import t from 'tap';
import { type Books, LARKSPUR, type Node, openBooks } from './company-file.ts';
import { desk, HARBOR, INVOICE, rest, seen } from './desk.ts';

async function times(books: Books): Promise<unknown[]> {
  const { body } = await books.server.call('GET', `/conductor/v1/end-users/${LARKSPUR}`, {
    headers: { authorization: 'Bearer sk_conductor_test' },
  });
  const [{ lastRequestAt, lastSuccessfulRequestAt }] = body.integrationConnections;
  return [lastRequestAt, lastSuccessfulRequestAt];
}

/** One call of each kind that reaches QuickBooks. */
async function everyWay(books: Books): Promise<Node[]> {
  const headers = { authorization: 'Bearer sk_conductor_test' };
  const through = `/conductor/v1/end-users/${LARKSPUR}/passthrough/quickbooks_desktop`;
  return [
    await books.call('GET', 'customers'),
    await books.call('POST', 'customers', { name: 'New One' }),
    await books.call('GET', 'health-check'),
    await books.server.call('POST', through, { headers, json: { CompanyQueryRq: {} } }),
  ].map(seen);
}

const unreachable = (status: number, code: string, message: string) => ({
  status,
  body: {
    error: { message, userFacingMessage: message, type: 'INTEGRATION_CONNECTION_ERROR', code, httpStatusCode: status },
  },
});

const TIMEOUT = unreachable(504, 'QBD_REQUEST_TIMEOUT', 'Request timed out after 90 seconds.');
const names = async (books: Books) => (await rest(books, 'customers')).data.map(({ name }: Node) => name);

t.test('a computer that is offline fails every request at once, until it is online again', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  await books.call('GET', 'customers');
  const [, success] = await times(books);
  await books.at('2025-03-02T12:00:00.000Z');
  t.strictSame((await desk(books, 'computer', { state: 'offline' })).body, {
    computer: { state: 'offline', phase: 'before' },
    locked: [],
  });
  const offline = unreachable(
    409,
    'INTEGRATION_CONNECTION_NOT_ACTIVE',
    'The QuickBooks Desktop connection is not active.',
  );
  for (const response of await everyWay(books)) t.strictSame(response, offline);
  t.strictSame(await times(books), ['2025-03-02T12:00:00.000Z', success], 'they are requests, and no successes');
  t.match(await desk(books, `records/${HARBOR}/edit`), { status: 200 }, 'at the desk the work goes on');
  await desk(books, 'computer', { state: 'online' });
  t.notOk((await names(books)).includes('New One'));
});

t.test('a computer that times out has done nothing', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  await desk(books, 'computer', { state: 'timing-out' });
  for (const response of await everyWay(books)) t.strictSame(response, TIMEOUT);
  t.strictSame(seen(await books.call('DELETE', `invoices/${INVOICE}`)), TIMEOUT);
  await desk(books, 'computer', { state: 'online' });
  t.notOk((await names(books)).includes('New One'));
  t.equal((await books.call('GET', `invoices/${INVOICE}`)).status, 200);
});

t.test('a computer that times out after the commit has done it all the same', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  await books.call('GET', 'customers');
  const [, success] = await times(books);
  await books.at('2025-03-02T12:00:00.000Z');
  await desk(books, 'computer', { state: 'timing-out', phase: 'after-commit' });
  for (const response of await everyWay(books)) t.strictSame(response, TIMEOUT);
  const lost = await books.call('DELETE', `invoices/${INVOICE}`);
  t.strictSame(seen(lost), TIMEOUT);
  t.strictSame(await times(books), ['2025-03-02T12:00:00.000Z', success]);
  const receipt = await books.server.call('GET', `/__admin/deletions/${lost.headers['x-understudy-request']}`);
  t.match(receipt.body, { root: { resource: 'invoices', id: INVOICE }, answered: false });
  t.match(await books.call('POST', 'customers', { name: 'New One' }), { body: { error: { integrationCode: '3100' } } });
  await desk(books, 'computer', { state: 'online' });
  t.ok((await names(books)).includes('New One'));
  t.match(await books.call('DELETE', `invoices/${INVOICE}`), { body: { error: { integrationCode: '3120' } } });
});

t.test('the desk is part of the state, and of snapshots', async (t) => {
  const books = await openBooks(t, LARKSPUR);
  const { call } = books.server;
  const stored = async () => {
    const { body } = await call('GET', '/__admin/state?provider=conductor&resource=companyFiles');
    return body.conductor.companyFiles.find(({ endUserId }: Node) => endUserId === LARKSPUR).desk;
  };
  await desk(books, `records/${INVOICE}/lock`);
  await desk(books, 'computer', { state: 'timing-out', phase: 'after-commit' });
  const busy = { computer: { state: 'timing-out', phase: 'after-commit' }, locked: [INVOICE] };
  t.strictSame(await stored(), busy);
  await call('POST', '/__admin/snapshots', { json: { name: 'busy' } });
  await call('POST', '/__admin/reset', { json: {} });
  t.strictSame(await stored(), { computer: { state: 'online', phase: 'before' }, locked: [] });
  await call('POST', '/__admin/snapshots/busy/restore');
  t.strictSame(await stored(), busy);
});

t.test('an end-user who never used QuickBooks has a computer too', async (t) => {
  const books = await openBooks(t, 'end_usr_1234567abcdefg');
  await desk(books, 'computer', { state: 'offline' }, 'end_usr_1234567abcdefg');
  t.equal((await books.call('GET', 'customers')).status, 409);
});
