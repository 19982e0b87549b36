// The erasure check covers every text column, every key column declares its resource, and every removal is an existing
// operation.
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { columnsOf, tableOf } from '../../src/core/provider/resource.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { carryOut, changed, check } from '../core/deletions/residues.ts';
import { testServer } from '../harness.ts';

/**
 * Columns that make a row a person's. Others may mention another person, or be in a shared row.
 */
const REMOVED = [
  'users.first_name',
  'users.last_name',
  'users.name',
  'users.email',
  'endUsers.companyName',
  'endUsers.email',
];

t.test('a residue in any text column of any resource is found at its location', { timeout: 120_000 }, async (t) => {
  // Read from the database schema, so that new columns are tested automatically.
  const { call: plain } = await testServer(t);
  t.equal((await check(plain, ['planted@example.com'])).clean, true);
  interface Place {
    readonly name: string;
    readonly provider: string;
    readonly resource: string;
    readonly table: string;
    readonly column: string;
    /** Which rows of the table are of the resource, as SQL. */
    readonly of: string;
  }
  const columns: Place[] = [];
  const tables = new Set<string>();
  const data = t.testdir();
  const { app } = await testServer(t, { data });
  await app.close();
  const schema = new Sqlite(join(data, 'default.sqlite'), { readonly: true });
  for (const provider of PROVIDERS) {
    for (const resource of provider.resources) {
      const table = tableOf(provider.name, resource);
      for (const { name, type } of schema.pragma(`table_info("${table}")`) as { name: string; type: string }[]) {
        if (type !== 'TEXT' || name === resource.within?.column) continue;
        // Of resources that share a table, the first is tested with every column, the others with their body.
        if (tables.has(table) && name !== 'body') continue;
        columns.push({
          name: `c${columns.length}`,
          provider: provider.name,
          resource: resource.name,
          table,
          column: name,
          of: resource.within === undefined ? 'true' : `"${resource.within.column}" = '${resource.name}'`,
        });
      }
      tables.add(table);
    }
  }
  schema.close();
  t.ok(columns.length > 60, `${columns.length} columns`);
  const json = ({ provider, resource, column }: Place) => {
    const { resources } = PROVIDERS.find(({ name }) => name === provider) as (typeof PROVIDERS)[number];
    const kind = columnsOf(resources.find(({ name }) => name === resource) as (typeof resources)[number]).get(column);
    return kind === 'json';
  };
  const places = new Map(columns.map((one) => [one.name, one]));
  const { call } = await changed(t, [...places.keys()], (db, sandbox) => {
    const place = places.get(sandbox) as Place;
    const value = json(place) ? '{"a":["x",{"b":"planted@example.com"}]}' : 'planted@example.com';
    db.prepare(
      `update "${place.table}" set "${place.column}" = ? where seq = (select min(seq) from "${place.table}" where ${place.of})`,
    ).run(value);
  });
  const removed: string[] = [];
  for (const place of columns) {
    const { name, provider, resource, column } = place;
    const found = await check(call, ['planted@example.com'], {}, name);
    const field = json(place) ? `${column}.a[1].b` : column;
    const [planted, ...others] = found.residues.filter(({ match }) => match === 'exact');
    t.match(planted, { provider, resource, field, match: 'exact' }, `${resource}.${column}`);
    t.same(others, [], 'and nowhere else');
    const contained = (await check(call, ['LANTED@Example'], {}, name)).residues;
    t.match(contained, [{ provider, resource, field, match: 'contains' }], 'as a substring, case-insensitively');
    // A changed key leaves dangling references, which no operation can delete; a company file's rows need a header.
    const reachable = place.of === 'true' && !/(^id|_id|Id)$/.test(column);
    if (reachable) {
      for (const planned of found.plan) t.equal((await carryOut(call, planned, name)).status, 200, planned);
      const after = await check(call, ['planted@example.com'], {}, name);
      t.equal(after.clean, planted?.erasableBy !== null, `${planted?.erasableBy ?? 'no call'} removed it`);
      t.same(after.unerasable, found.unerasable);
      if (after.clean) removed.push(`${resource}.${column}`);
      else t.match(after.unerasable, [{ resource, fields: [field], instead: /; PUT \/__admin\/state can replace/ }]);
    }
    await call('POST', `/__admin/reset?sandbox=${name}`);
    t.equal((await check(call, ['planted@example.com'], {}, name)).clean, true);
  }
  t.same(removed, REMOVED, 'rows that belong to the person, or to no one');
});

t.test(
  'every column with a key of the same provider declares its resource, and every removal is an existing operation',
  async (t) => {
    // Ids that are not keys of an emulated resource.
    const strangers = [
      'proficient.users.external_id',
      'pagecall.rooms.layout_id',
      'pagecall.rooms.room_template_id',
      'conductor.endUsers.sourceId',
    ];
    const data = t.testdir();
    const { app } = await testServer(t, { data });
    await app.close();
    const db = new Sqlite(join(data, 'default.sqlite'), { readonly: true });
    t.teardown(() => db.close());
    const shape = (path: string) => path.replace(/\{\w+\}/g, '{}');
    for (const { name, resources, operations } of PROVIDERS) {
      const deletes = operations.filter(({ method }) => method === 'DELETE').map(({ path }) => shape(path));
      resources.forEach((resource, index) => {
        t.ok(deletes.includes(shape(resource.removal)), `${name} ${resource.name}: DELETE ${resource.removal}`);
        const table = tableOf(name, resource);
        const keys = db.pragma(`foreign_key_list("${table}")`) as {
          from: string;
          to: string;
          table: string;
          on_delete: string;
        }[];
        const earlier = resources.slice(0, index + 1).map((one) => tableOf(name, one));
        for (const key of keys) {
          t.ok(earlier.includes(key.table), `${resource.name} comes after its owner`);
          const owner = resources.find((one) => tableOf(name, one) === key.table);
          if (key.on_delete === 'SET NULL')
            t.match(owner?.removal, `{${key.to}}`, 'the removal path needs only this column');
        }
        const columns = db.pragma(`table_info("${table}")`) as { name: string }[];
        for (const { name: column } of columns.filter(({ name }) => /(_id|Id)$/.test(name))) {
          const known =
            column === resource.key ||
            keys.some(({ from }) => from === column) ||
            resource.refersTo?.[column] !== undefined ||
            strangers.includes(`${name}.${resource.name}.${column}`);
          t.ok(known, `${name}.${resource.name}.${column}`);
        }
        for (const target of Object.values(resource.refersTo ?? {}))
          t.ok(earlier.includes(`${name}_${target}`), `${resource.name} comes after ${target}`);
      });
    }
  },
);
