// Auto-paging clients, written as SDKs write them, come to an end on lists served from a published document.
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readContracts } from '../../src/library/contracts.ts';
import { listening } from '../harness.ts';

type Page = Record<string, unknown>;

/** A list operation with one query parameter and an example of a page. */
const list = (name: string, example: Page, headers = {}) => ({
  get: {
    parameters: [{ name, in: 'query', schema: { type: name === 'page' || name === 'offset' ? 'integer' : 'string' } }],
    responses: {
      200: { description: '', headers, content: { 'application/json': { schema: { type: 'object' }, example } } },
    },
  },
});

/** Serves the paths; returns a client for Conductor's base URL. */
async function serving(t: Test, paths: object, servers?: object[]) {
  const document = { openapi: '3.1.0', info: { title: 'A', version: '1' }, ...(servers && { servers }), paths };
  const file = join(t.testdir({ 'contract.json': JSON.stringify(document) }), 'contract.json');
  const { url } = await listening(t, { contracts: await readContracts([{ provider: 'conductor', file }]) }, []);
  const base = `${url}/conductor/v1`;
  return async (path: string): Promise<Page> => {
    const response = await fetch(path.startsWith('http') ? path : base + path, {
      headers: { authorization: 'Bearer sk_conductor_a' },
    });
    t.equal(response.status, 200, path);
    return (await response.json()) as Page;
  };
}

/** Follows pages until `next` has none; fails after ten. @returns all items */
async function paged(
  get: (path: string) => Promise<Page>,
  first: string,
  next: (page: Page) => string | null,
): Promise<unknown[]> {
  const items: unknown[] = [];
  let path: string | null = first;
  for (let pages = 0; path !== null; pages++) {
    if (pages === 10) throw new Error(`${first} has no last page`);
    const page: Page = await get(path);
    items.push(...(page.data as unknown[]));
    path = next(page);
  }
  return items;
}

t.test('paging by the cursor of each page ends after the first one', async (t) => {
  const get = await serving(t, {
    '/things': list('cursor', { data: [{ id: 1 }], next_cursor: 'abc', has_more: true }),
  });
  const items = await paged(get, '/things', ({ next_cursor }) =>
    next_cursor === null ? null : `/things?cursor=${next_cursor}`,
  );
  t.strictSame(items, [{ id: 1 }]);
});

t.test('paging by the id of the last item ends', async (t) => {
  const get = await serving(t, { '/things': list('starting_after', { data: [{ id: 'a' }], has_more: true }) });
  const items = await paged(get, '/things', ({ data, has_more }) =>
    has_more ? `/things?starting_after=${(data as { id: string }[]).at(-1)?.id}` : null,
  );
  t.strictSame(items, [{ id: 'a' }]);
});

t.test('paging by page numbers ends at an empty page, or at the last page’s number', async (t) => {
  const get = await serving(t, { '/things': list('page', { data: [{ id: 1 }], page: 1, total_pages: 40 }) });
  const untilEmpty = await paged(get, '/things?page=1', ({ data, page }) =>
    (data as unknown[]).length === 0 ? null : `/things?page=${(page as number) + 1}`,
  );
  t.strictSame(untilEmpty, [{ id: 1 }]);
  const untilLast = await paged(get, '/things?page=1', ({ page, total_pages }) =>
    page === total_pages ? null : `/things?page=${(page as number) + 1}`,
  );
  t.strictSame(untilLast, [{ id: 1 }]);
});

t.test('paging by rows ends', async (t) => {
  const get = await serving(t, { '/things': list('offset', { data: [{ id: 1 }, { id: 2 }], offset: 0 }) });
  const items = await paged(get, '/things?offset=0', ({ data, offset }) =>
    (data as unknown[]).length === 0 ? null : `/things?offset=${(offset as number) + (data as unknown[]).length}`,
  );
  t.strictSame(items, [{ id: 1 }, { id: 2 }]);
});

t.test('links to the document’s servers lead to Understudy, so that following them ends and stays here', async (t) => {
  const api = 'https://eu.api.example.com/v1';
  const link = (path: string) => ({ data: [{ id: 1, url: `${api}/things/1` }], links: { next: api + path } });
  const get = await serving(
    t,
    {
      '/things': list('cursor', { ...link('/things?cursor=abc'), self: `${api}/things`, home: api }),
      '/v1/others': list('page', { data: [{ id: 2 }], next: 'https://us.api.example.com/v1/others?page=2' }),
      '/asia': list('cursor', { data: [{ id: 3 }], next: 'https://asia.api.example.com/v1/asia?cursor=abc' }),
      '/own': {
        servers: [{ url: 'https://path.example.com' }],
        get: {
          ...list('cursor', {
            data: [],
            next: 'https://operation.example.com/v1/own?cursor=abc',
            self: 'https://path.example.com/own',
          }).get,
          servers: [{ url: 'https://operation.example.com/v1' }],
        },
      },
      '/elsewhere': list('cursor', {
        data: [],
        next: 'https://eu.api.example.com/v10/things?cursor=abc',
        site: 'https://example.com/v1/things',
      }),
    },
    [
      { url: 'https://{region}.api.example.com/v1/', variables: { region: { default: 'eu', enum: ['eu', 'asia'] } } },
      { url: 'https://us.api.example.com' },
      { url: '/relative' },
      { url: 'https://{unknown}.example.com' },
      { url: 'https://{name}.example.org', variables: { name: { default: 'api' } } },
    ],
  );
  const first = await get('/things');
  const base = String(first.home);
  t.match(base, /^http:\/\/127\.0\.0\.1:\d+\/conductor\/v1$/);
  t.strictSame(first, {
    ...link(''),
    links: { next: `${base}/things?cursor=abc` },
    self: `${base}/things`,
    home: base,
  });
  t.strictSame((await get(String((first.links as Page).next))).data, []);
  const other = await get('/others');
  t.strictSame(other, { data: [{ id: 2 }], next: `${base}/others?page=2` });
  t.strictSame((await get(String(other.next))).data, []);
  t.strictSame(await get('/asia'), { data: [{ id: 3 }], next: `${base}/asia?cursor=abc` });
  t.strictSame(await get('/own'), { data: [], next: `${base}/own?cursor=abc`, self: `${base}/own` });
  t.strictSame(await get('/elsewhere'), {
    data: [],
    next: 'https://eu.api.example.com/v10/things?cursor=abc',
    site: 'https://example.com/v1/things',
  });
});
