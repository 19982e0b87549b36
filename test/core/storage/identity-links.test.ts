// Identity links in the database: which rows write them, also from inside of JSON bodies.
import t from 'tap';
import { z } from 'zod';
import { fieldValue, type Resource } from '../../../src/core/provider/resource.ts';
import { buildImage, openClone } from '../../../src/core/storage/database.ts';
import { clearLinks, identityLinksSchema, readLinks } from '../../../src/core/storage/identity-links.ts';

const VENDORS: Resource = {
  name: 'vendors',
  key: 'id',
  identity: ['id', 'body.email.address', 'body.number'],
  removal: '/vendors/{id}',
  row: z.strictObject({ id: z.string(), body: z.record(z.string(), z.unknown()) }),
};
const BILLS: Resource = { ...VENDORS, name: 'bills', identity: [] };

t.test('an identity inside of JSON is linked like one in a column, when it comes and when it changes', async (t) => {
  const image = buildImage((db) => {
    db.execute(`create table meta (key text primary key, value integer) strict;
      insert into meta (key, value) values ('clock_offset', 0), ('clock_frozen', 1000);
      create table books_vendors (seq integer primary key, id text not null, body text) strict;
      create table books_bills (seq integer primary key, id text not null, body text) strict;`);
    db.execute(identityLinksSchema([{ name: 'books', resources: [VENDORS, BILLS] }]));
  });
  const db = openClone(image);
  t.teardown(() => db.close());
  const insert = 'insert into books_vendors (id, body) values (?, ?)';
  const body = (address: string | null, more = {}) => JSON.stringify({ email: { address }, ...more });
  db.run(insert, 'v1', body('a@example.com', { number: 7, note: 'x' }));
  db.run(insert, 'v2', null);
  db.run('insert into books_bills (id, body) values (?, ?)', 'b1', body('b@example.com'));
  db.run("update books_vendors set body = ? where id = 'v1'", body('a@example.com', { number: 7, note: 'y' }));
  db.run("update meta set value = null where key = 'clock_frozen'");
  db.run("update books_vendors set body = ? where id = 'v1'", body('c@example.com'));
  db.run('delete from books_vendors');
  const page = { after: 0, limit: 10, accept: () => true };
  const { entries, last } = readLinks(db, page);
  const links = entries.map(({ id, identities }) => [id, identities.map(({ field, value }) => `${field}=${value}`)]);
  t.strictSame(links, [
    ['v1', ['id=v1', 'body.email.address=a@example.com', 'body.number=7']],
    ['v2', ['id=v2']],
    ['v1', ['id=v1', 'body.email.address=a@example.com', 'body.number=7', 'id=v1', 'body.email.address=c@example.com']],
  ]);
  t.equal(entries[0]?.at, 1000, 'sandbox time');
  t.ok(Math.abs((entries[2]?.at as number) - Date.now()) < 60_000);
  t.strictSame(readLinks(db, { ...page, after: last as number }), { entries: [], last: null });
  for (const _ of clearLinks(db, 'books'));
  t.strictSame(readLinks(db, page), { entries: [], last: null });
});

t.test('a field of a stored row is a column, or lies in its JSON', async (t) => {
  const row = { id: 'v1', none: null, body: '{"email":{"address":"a@example.com"},"number":7,"list":["x"]}' };
  const read = (field: string) => fieldValue(row, field);
  t.strictSame(['id', 'body.email.address', 'body.number'].map(read), ['v1', 'a@example.com', '7']);
  t.strictSame(['none', 'other', 'none.x', 'body.email', 'body.email.x', 'body.number.x', 'body.list'].map(read), [
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});
