// Every resource of the table: what can be created, read, changed, cleared, listed, deleted and voided.
import t, { type Test } from 'tap';
import { feedName } from '../../../../src/providers/conductor/quickbooks/operations.ts';
import type { ResourceEntry } from '../../../../src/providers/conductor/quickbooks/resource-entry.ts';
import { RESOURCE_TABLE } from '../../../../src/providers/conductor/quickbooks/resources/index.ts';
import { partOf, QUICKBOOKS_SEED } from '../../../seeds.ts';
import {
  type Books,
  bodyProperties,
  described,
  follow,
  MILLRACE,
  type Node,
  openBooks,
  refusal,
  valueFor,
  withIds,
} from './company-file.ts';
import { testLists } from './conformance-lists.ts';
import { fresh, serial } from './new-objects.ts';

const creatable = RESOURCE_TABLE.filter(({ path }) => described(path, 'post') !== undefined);

t.test(`every resource that can be created has an example (QUICKBOOKS_SEED=${QUICKBOOKS_SEED})`, async (t) => {
  t.same(
    creatable.filter(({ example }) => example?.create === undefined).map(({ path }) => path),
    [],
  );
});

for (const entry of partOf(creatable)) {
  const { path } = entry;
  // One server for the tests of a resource, reset for each.
  t.test(path, async (t) => {
    const books = await openBooks(t, MILLRACE);
    await testCreates(t, books, entry);
    if (described(`${path}/{id}`, 'post') !== undefined) await testUpdates(t, books, entry);
    await testLists(t, books, entry);
    if (described(`${path}/{id}`, 'delete') !== undefined) await testDeletes(t, books, entry);
    if (described(`${path}/{id}/void`, 'post') !== undefined) await testVoids(t, books, entry);
  });
}

async function testCreates(t: Test, books: Books, entry: ResourceEntry): Promise<void> {
  const { path } = entry;
  await t.test(`${path}: what is created can be read, looked up and listed`, async (t) => {
    await books.reset();
    const made = await books.make(path, fresh(entry));
    const read = (await books.call('GET', `${path}/${made.id}`)).body;
    t.strictSame({ ...read, linkedTransactions: undefined }, { ...made, linkedTransactions: undefined });
    t.match(await books.call('GET', `${path}?ids=${made.id}`), { status: 200, body: { data: [{ id: made.id }] } });
    const all = (await books.call('GET', path)).body.data;
    t.ok(all.some(({ id }: Node) => id === made.id));
    const { body } = await books.call('GET', `${path}?ids=${made.id}&ids=80FFFFFF-1`);
    t.equal(body.error.integrationCode, '500', 'a look-up with an unknown id fails as a whole');
    t.match(await books.call('GET', `${path}/80FFFFFF-1`), refusal('500'));
    const stranger = await books.server.call('GET', `/conductor/v1/quickbooks-desktop/${path}/${made.id}`, {
      headers: { authorization: 'Bearer sk_conductor_test', 'conductor-end-user-id': 'end_usr_saltmarsh00003' },
    });
    t.match(stranger, refusal('500'), 'another company file has no such object');
  });

  await t.test(`${path}: each field that a create takes is stored, or refused by name`, async (t) => {
    await books.reset();
    for (const [field, schema] of Object.entries(bodyProperties(path))) {
      const body = fresh(entry);
      const value = field in body ? body[field] : valueFor(entry, field, schema);
      if (value === undefined) continue;
      const { status, body: made } = await books.call('POST', path, { ...body, [field]: value });
      t.ok(
        status === 200 || made.error?.code !== undefined,
        `${field}: ${status} ${JSON.stringify(made).slice(0, 200)}`,
      );
      if (status === 200) shows(t, made, field, value);
    }
    t.match(await books.call('POST', path, { ...fresh(entry), surprise: 1 }), { status: 400 }, 'an unknown key');
    t.match(await books.call('POST', path, { ...fresh(entry), externalId: null }), { status: 400 }, 'null');
    t.match(await books.call('POST', path, {}), { status: /400|502/ }, 'nothing');
  });
}

/** Plain values, and references by their id, come back in the response. */
function shows(t: Test, made: Node, field: string, value: unknown): void {
  const name = field.replace(/Id$/, '');
  if (field.endsWith('Id') && made[name] !== undefined && field !== 'externalId') t.equal(made[name]?.id, value, field);
  else if (field in made && typeof value !== 'object' && made[field] !== null) t.equal(made[field], value, field);
}

async function testUpdates(t: Test, books: Books, entry: ResourceEntry): Promise<void> {
  const { path } = entry;
  await t.test(`${path}: an update changes what it names, under a new revision number, and nothing else`, async (t) => {
    await books.reset();
    const { required = [] } = follow(described(`${path}/{id}`, 'post')?.requestBody.content['application/json'].schema);
    const asked = withIds(entry.example?.update ?? {}) as Node;
    const needed = Object.fromEntries(Object.entries(asked).filter(([field]) => required.includes(field)));
    for (const [field, schema] of Object.entries(bodyProperties(`${path}/{id}`))) {
      if (field === 'revisionNumber') continue;
      const made = await books.make(path, fresh(entry));
      const unchanged = (await books.call('GET', `${path}/${made.id}`)).body;
      const value = changed(entry, made, field, schema);
      if (value === undefined) continue;
      const { revisionNumber } = made;
      const json = { ...needed, revisionNumber, [field]: value };
      const { status, body } = await books.call('POST', `${path}/${made.id}`, json);
      t.ok(
        status === 200 || body.error?.code !== undefined,
        `${field}: ${status} ${JSON.stringify(body).slice(0, 200)}`,
      );
      if (status !== 200) {
        t.strictSame(
          (await books.call('GET', `${path}/${made.id}`)).body,
          unchanged,
          `${field}: refused, so unchanged`,
        );
        continue;
      }
      shows(t, body, field, value);
      t.not(body.revisionNumber, revisionNumber, field);
      t.match(await books.call('POST', `${path}/${made.id}`, json), refusal('3200'), field);
      await clear(t, books, entry, { ...needed, revisionNumber: body.revisionNumber }, body, field, schema);
    }
    t.match(await books.call('POST', `${path}/80FFFFFF-1`, { ...needed, revisionNumber: '1' }), refusal('3120'));
  });

  await t.test(`${path}: an update that sends an object's own lines back changes only the revision`, async (t) => {
    await books.reset();
    for (const field of entry.lines ?? []) {
      const made = await books.make(path, fresh(entry));
      if (made[field].length === 0) continue;
      const lines = made[field].map(({ id }: Node) => ({ id }));
      const { status, body } = await books.call('POST', `${path}/${made.id}`, {
        revisionNumber: made.revisionNumber,
        [field]: lines,
      });
      t.equal(status, 200);
      t.strictSame({ ...body, revisionNumber: '', updatedAt: '' }, { ...made, revisionNumber: '', updatedAt: '' });
      const unknown = await books.call('POST', `${path}/${made.id}`, {
        revisionNumber: body.revisionNumber,
        [field]: [{ id: 'FFF-1' }],
      });
      t.match(unknown, refusal('3120'), 'an unknown line');
    }
  });
}

/** A new value for a field; lines are kept as they are. */
function changed({ lines = [], ...entry }: ResourceEntry, made: Node, field: string, schema: Node): unknown {
  if (lines.includes(field)) return made[field].length === 0 ? undefined : made[field].map(({ id }: Node) => ({ id }));
  if (field === 'additionalContacts' || field === 'additionalNotes') return undefined;
  if (field === 'name' || field === 'initial') return `${made[field].slice(0, 1)}${serial()}`.slice(0, 3);
  return valueFor(entry, field, schema);
}

async function clear(
  t: Test,
  books: Books,
  { path }: ResourceEntry,
  needed: Node,
  made: Node,
  field: string,
  schema: Node,
): Promise<void> {
  if (schema.type !== 'string' || schema.enum !== undefined || schema.format !== undefined) return;
  const name = field.replace(/Id$/, '');
  const json = { ...needed, [field]: '' };
  const { status, body } = await books.call('POST', `${path}/${made.id}`, json);
  if (status !== 200) t.match(body.error.code, /QBD_REQUEST_ERROR|PARAMETER_INVALID/, `${field} cannot be cleared`);
  else if (name in body && name !== 'name')
    t.ok(
      body[name] === null || body[name] === made.name || /amount|total|rate/i.test(name),
      `${field} is ${JSON.stringify(body[name])}`,
    );
}

async function testDeletes(t: Test, books: Books, entry: ResourceEntry): Promise<void> {
  const { path } = entry;
  await t.test(`${path}: a deleted one is gone, once, and in the feed`, async (t) => {
    await books.reset();
    const made = await books.make(path, fresh(entry));
    const gone = await books.call('DELETE', `${path}/${made.id}`);
    t.match(gone, { status: 200, body: { id: made.id, objectType: made.objectType, deleted: true } });
    t.match(await books.call('GET', `${path}/${made.id}`), refusal('500'));
    t.match(await books.call('DELETE', `${path}/${made.id}`), refusal('3120'));
    const { body } = await books.server.call('GET', '/__admin/deletions');
    t.match(body.deletions[0], { operation: /\.delete$/, root: { id: made.id } });
    const feed = (await books.call('GET', `deleted-transactions?transactionTypes=${feedName(path)}`)).body;
    t.match(feed.data.at(-1), { id: made.id, deletedAt: '2025-03-01T12:00:00+00:00' });
    const again = await books.make(path, fresh(entry));
    t.not(again.id, made.id, 'ids are never used again');
  });
}

async function testVoids(t: Test, books: Books, entry: ResourceEntry): Promise<void> {
  const { path } = entry;
  await t.test(`${path}: a void one keeps its record without amounts`, async (t) => {
    await books.reset();
    const made = await books.make(path, fresh(entry));
    const voided = await books.call('POST', `${path}/${made.id}/void`);
    t.match(voided, { status: 200, body: { id: made.id, voided: true } });
    const read = (await books.call('GET', `${path}/${made.id}`)).body;
    if ('memo' in read) t.match(read.memo, /^VOID:/);
    t.not(read.revisionNumber, made.revisionNumber);
    t.equal(read.totalAmount ?? read.subtotal ?? '0.00', '0.00');
    t.strictSame(
      (await books.call('POST', `${path}/${made.id}/void`)).body,
      voided.body,
      'a second time changes nothing',
    );
    t.strictSame((await books.call('GET', `${path}/${made.id}`)).body, read);
  });
}
