// Lists of every resource: the filters of the contract, and pages that joined are the whole list.
import type { Test } from 'tap';
import type { ResourceEntry } from '../../../../src/providers/conductor/quickbooks/resource-entry.ts';
import { type Books, bodyProperties, described, type Node, refusal, valueFor } from './company-file.ts';
import { fresh } from './new-objects.ts';

/** Declares the tests of a list, in the company file of a resource. */
export async function testLists(t: Test, books: Books, entry: ResourceEntry): Promise<void> {
  const { path } = entry;
  const parameters: Node[] = described(path, 'get')?.parameters.filter(({ in: place }: Node) => place === 'query');
  const has = (name: string) => parameters.some((one) => one.name === name);

  await t.test(`${path}: the list takes every filter of the contract`, async (t) => {
    await books.reset();
    const made = await books.make(path, fresh(entry));
    const get = async (query: string) =>
      (await books.call('GET', `${path}?${query}`)).body.data?.map(({ id }: Node) => id);
    for (const { name, schema } of parameters) {
      const value = valueFor(entry, name, schema) ?? 'none';
      const { status, body } = await books.call('GET', `${path}?${name}=${encodeURIComponent(String(value))}`);
      t.ok(
        status === 200 || body.error?.code !== undefined,
        `${name}=${value}: ${status} ${JSON.stringify(body).slice(0, 200)}`,
      );
      t.not(status, 500, name);
    }
    if (has('updatedAfter')) {
      t.ok((await get(`updatedAfter=${encodeURIComponent(made.updatedAt)}`)).includes(made.id), 'inclusive');
      t.notOk((await get('updatedAfter=2025-03-02')).includes(made.id));
      t.notOk((await get('updatedBefore=2025-02-28')).includes(made.id));
      t.match(await books.call('GET', `${path}?updatedAfter=never`), refusal('3020'));
      t.match(await books.call('GET', `${path}?updatedAfter=2025-03-02&updatedBefore=2025-03-01`), refusal('3030'));
    }
    if (has('transactionDateFrom')) {
      t.ok(
        (await get(`transactionDateFrom=${made.transactionDate}&transactionDateTo=${made.transactionDate}`)).includes(
          made.id,
        ),
      );
      t.notOk((await get('transactionDateFrom=2025-03-02')).includes(made.id));
    }
    if (has('nameContains')) {
      const name = (made.name ?? made.initial).toUpperCase();
      const value = encodeURIComponent(name);
      for (const query of [
        `nameContains=${encodeURIComponent(name.slice(1))}`,
        `nameStartsWith=${value}`,
        `nameEndsWith=${value}`,
        `nameFrom=${value}&nameTo=${value}`,
      ])
        t.ok((await get(query)).includes(made.id), query);
      t.match(await books.call('GET', `${path}?nameContains=a&nameStartsWith=a`), { status: 400 });
      t.same(await get('nameFrom=zzzz'), []);
    }
    if (has('refNumberContains')) {
      const ref = encodeURIComponent(made.refNumber);
      for (const query of [
        `refNumberContains=${ref}`,
        `refNumberStartsWith=${ref}`,
        `refNumberEndsWith=${ref}`,
        `refNumberFrom=${ref}&refNumberTo=${ref}`,
        `refNumbers=${ref}`,
      ])
        t.ok((await get(query)).includes(made.id), query);
      t.match(await books.call('GET', `${path}?refNumbers=nothing`), refusal('500'));
    }
    if (has('status') && bodyProperties(path).isActive !== undefined) {
      const retired = await books.make(path, { ...fresh(entry), isActive: false });
      t.notOk((await get('')).includes(retired.id));
      t.ok((await get('status=inactive')).includes(retired.id));
      t.ok((await get('status=all')).includes(retired.id));
    }
  });

  await t.test(`${path}: pages joined are the whole list`, async (t) => {
    await books.reset();
    for (let n = 0; n < 3; n++) await books.make(path, fresh(entry));
    const all = (await books.call('GET', path)).body.data.map(({ id }: Node) => id);
    if (!has('cursor')) {
      if (has('limit')) t.equal((await books.call('GET', `${path}?limit=2`)).body.data.length, 2);
      return;
    }
    const joined: string[] = [];
    let cursor: string | null = '';
    const limit = Math.ceil(all.length / 3);
    for (let page = 0; cursor !== null && page < 3; page++) {
      const { status, body } = await books.call(
        'GET',
        `${path}?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      t.equal(status, 200);
      joined.push(...body.data.map(({ id }: Node) => id));
      t.equal(body.remainingCount, all.length - joined.length);
      t.equal(body.hasMore, body.nextCursor !== null);
      cursor = body.nextCursor;
    }
    t.same(joined, all);
  });
}
