// What holds for every list: pages joined are the list, a cursor lives ten seconds, a listing stays as it began.
import { type Books, type Json, NOW, story } from './books.ts';
import { SALES_LISTS } from './larkspur.ts';

/** All pages of a list. */
async function paged(books: Books, path: string, limit: number): Promise<{ rows: Json[]; pages: Json[] }> {
  const pages: Json[] = [];
  let cursor: string | null = null;
  do {
    const page: Json = await books.get(`${path}?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { rows: pages.flatMap(({ data }) => data), pages };
}

story('the pages of a list joined are the list, whatever their size', async (t, books) => {
  const ids = await books.ids(...SALES_LISTS);
  for (let n = 0; n < 9; n++) {
    await books.make('invoices', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Consulting }],
    });
    await books.make('customers', { name: `Customer ${9 - n}` });
  }
  for (const [path, total] of [
    ['invoices', 11],
    ['customers', 12],
  ] as const) {
    const whole = await books.list(path);
    t.equal(whole.length, total);
    for (const limit of [1, 2, 5, 11, 12, 150]) {
      const { rows, pages } = await paged(books, path, limit);
      t.strictSame(rows, whole, `${path} by ${limit}`);
      const counts = pages.map((_, n) => Math.max(0, total - (n + 1) * limit));
      t.strictSame(
        pages.map(({ remainingCount }) => remainingCount),
        counts,
      );
      t.strictSame(
        pages.map(({ hasMore }) => hasMore),
        counts.map((count) => count > 0),
      );
      t.equal(
        new Set(pages.slice(0, -1).map(({ nextCursor }) => nextCursor)).size,
        pages.length > 1 ? 1 : 0,
        'one cursor',
      );
    }
  }
});

const later = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1000).toISOString();

story('a cursor lives for ten seconds after the last page, in the time of the sandbox', async (t, books) => {
  const first = await books.get('customers?limit=1');
  await books.at(later(10));
  const second = await books.get(`customers?limit=1&cursor=${first.nextCursor}`);
  t.equal(second.nextCursor, first.nextCursor);
  await books.at(later(20));
  t.equal(
    (await books.get(`customers?limit=1&cursor=${first.nextCursor}`)).nextCursor,
    null,
    'ten seconds after the second page',
  );
  const next = await books.get('customers?limit=1');
  await books.at(later(30.001));
  t.match(await books.ask('GET', `customers?limit=1&cursor=${next.nextCursor}`), {
    status: 400,
    body: { error: { code: 'PARAMETER_INVALID', message: /at "cursor"$/ } },
  });
});

story(
  'a listing shows what it was when it began: rows deleted since are skipped, new ones are not in it',
  async (t, books) => {
    const ids = await books.ids(...SALES_LISTS);
    const sell = () =>
      books.make('invoices', {
        customerId: ids['Harbor Cafe'],
        transactionDate: '2025-02-20',
        lines: [{ itemId: ids.Consulting }],
      });
    const third = await sell();
    const fourth = await sell();
    const begun = await books.get('invoices?limit=1');
    t.equal(begun.remainingCount, 3);
    await books.ok('DELETE', `invoices/${fourth.id}`);
    // Both are stored in the place of the one that was deleted.
    const { id } = await books.make('credit-memos', {
      customerId: ids['Harbor Cafe'],
      transactionDate: '2025-02-20',
      lines: [{ itemId: ids.Consulting }],
    });
    const rest = await books.get(`invoices?limit=150&cursor=${begun.nextCursor}`);
    t.strictSame(
      rest.data.map(({ refNumber }: Json) => refNumber),
      ['1002', third.refNumber],
    );
    const again = await books.get('invoices?limit=1');
    await books.ok('DELETE', `credit-memos/${id}`);
    await books.ok('DELETE', `invoices/${third.id}`);
    await sell();
    t.strictSame(
      (await books.get(`invoices?cursor=${again.nextCursor}`)).data.map(({ refNumber }: Json) => refNumber),
      ['1002'],
    );
  },
);
