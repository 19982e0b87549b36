// What somebody at the customer's desk sees, as control-plane actions: lists, reports, and records with their books.
import { z } from 'zod';
import { Problem } from '../../../core/problem.ts';
import type { Action } from '../../../core/provider/provider.ts';
import { endUserPath } from '../components.ts';
import { fromCents } from './amounts.ts';
import { checkInput, readingFile, recordPath, requireRecord } from './at-desk.ts';
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { parameterSchema } from './contract.ts';
import type { ListQuery } from './filters.ts';
import { handlerOf } from './handlers.ts';
import { linksOf } from './links.ts';
import { camelCase, PUBLISHED_OPERATIONS } from './operations.ts';
import type { Posting } from './postings.ts';
import { entryOf, showRecord } from './record-operations.ts';
import type { ResourceEntry } from './resource-entry.ts';

/** The operations that read without a path parameter: lists, reports, company, preferences. */
const READS = new Map(
  PUBLISHED_OPERATIONS.filter(({ method, path }) => method === 'GET' && !path.includes('{')).map((one) => [
    one.name,
    one,
  ]),
);

const viewPath = endUserPath.extend({
  operation: z
    .string()
    .describe(
      'Name of an operation that lists, reports or shows the company, such as `qbd.invoices.list`; the query is that of the operation.',
    ),
});
const Shown = z.record(z.string(), z.unknown());
const Named = z.strictObject({ id: z.string(), fullName: z.string().nullable() });
const amount = z.string().nullable();

/** A record and what the API does not show of it. */
const RecordView = z.strictObject({
  resource: z.string(),
  kind: z.enum(['list', 'transaction']),
  verbs: z.array(z.enum(['update', 'delete', 'void'])).describe('What the API can do with it.'),
  locked: z.boolean().describe('It is open in a window at the desk.'),
  record: Shown.describe('As a retrieve shows it.'),
  postings: z.array(
    z.strictObject({
      date: z.string().nullable(),
      account: Named,
      entity: Named.nullable(),
      item: Named.nullable(),
      debit: amount,
      credit: amount,
    }),
  ),
  links: z.array(
    z.strictObject({
      resource: z.string(),
      id: z.string(),
      refNumber: z.string().nullable(),
      transactionDate: z.string().nullable(),
      linkType: z.enum(['amount', 'quantity', 'deposit', 'billing']),
      outward: z.boolean().describe('The link is stored with this record, the later of the two documents.'),
      amount: amount.describe('What it takes off the open amounts.'),
      quantity: z.number().nullable(),
    }),
  ),
});

/** The views at the customer's desk. They need no key, leave no trace in the journal, and ignore the computer's state. */
export const DESK_VIEWS: readonly Action[] = [
  {
    name: 'readCompanyFile',
    summary: 'a list, a report or the preferences of a company file as the API shows it, whatever the computer does',
    path: '/end-users/{id}/company-file/{operation}',
    params: viewPath,
    query: z.looseObject({}),
    body: null,
    status: 200,
    response: Shown,
    handle: (call) =>
      readingFile(call, (file) => {
        const { operation } = call.params as z.output<typeof viewPath>;
        const published = READS.get(operation);
        if (published === undefined) {
          throw new Problem(
            404,
            'not-found',
            `${JSON.stringify(operation)} is no operation that lists, reports or shows the company of a company file; one is qbd.invoices.list.`,
          );
        }
        const { sandbox: _, ...given } = call.query as Json;
        const query = checkInput(parameterSchema(published, 'query'), given, 'query') as ListQuery;
        const entry = entryOf(published.resource) as ResourceEntry;
        return handlerOf(published, entry)(file, { id: '', query, body: {} });
      }),
  },
  {
    name: 'viewRecord',
    summary: 'a record with its postings, its links, and whether it is open in a window',
    path: '/end-users/{id}/records/{recordId}',
    params: recordPath,
    body: null,
    status: 200,
    response: RecordView,
    handle: (call) => readingFile(call, (file) => view(file, requireRecord(call, file))),
  },
];

function view(file: CompanyFile, record: StoredObject): z.output<typeof RecordView> {
  const { id, resource, body } = record;
  const postings = (body.postings ?? []) as Posting[];
  const names = labelsOf(
    file,
    postings.flatMap(({ account, entity, item }) => [account, entity, item]),
  );
  const named = (id: string) => ({ id, fullName: names.get(id) ?? null });
  return {
    resource: camelCase(resource),
    kind: (entryOf(resource) as ResourceEntry).kind as 'list' | 'transaction',
    verbs: (['update', 'delete', 'void'] as const).filter((verb) =>
      PUBLISHED_OPERATIONS.some((one) => one.resource === resource && one.verb === verb),
    ),
    locked: file.desk.locked.includes(id),
    record: showRecord(file, record),
    postings: postings.map(({ account, date = body.transactionDate, entity, item, amount }) => ({
      date: (date ?? null) as string | null,
      account: named(account),
      entity: entity === undefined ? null : named(entity),
      item: item === undefined ? null : named(item),
      debit: amount > 0 ? fromCents(amount) : null,
      credit: amount < 0 ? fromCents(-amount) : null,
    })),
    links: viewLinks(file, record),
  };
}

/** The links of a record, those with the same other end and type as one. */
function viewLinks(file: CompanyFile, { seq }: StoredObject): z.output<typeof RecordView>['links'] {
  const links = linksOf(file, [seq]).get(seq) ?? [];
  const others = new Map(file.read([...new Set(links.map(({ other }) => other))]).map((one) => [one.seq, one]));
  const sums = new Map<
    string,
    { other: StoredObject; link: (typeof links)[number]; amount: number; quantity: number }
  >();
  for (const link of links) {
    const key = `${link.other} ${link.linkType}`;
    const sum = sums.get(key) ?? { other: others.get(link.other) as StoredObject, link, amount: 0, quantity: 0 };
    sums.set(key, { ...sum, amount: sum.amount + link.amount, quantity: sum.quantity + (link.quantity ?? 0) });
  }
  return [...sums.values()].map(({ other: { id, resource, body }, link: { linkType, outward }, amount, quantity }) => ({
    resource: camelCase(resource),
    id,
    refNumber: (body.refNumber ?? null) as string | null,
    transactionDate: (body.transactionDate ?? null) as string | null,
    linkType,
    outward,
    amount: linkType === 'amount' ? fromCents(amount) : null,
    quantity: linkType === 'quantity' ? quantity : null,
  }));
}

/** The names of list objects by id. */
function labelsOf(file: CompanyFile, ids: readonly (string | undefined)[]): Map<string, string | null> {
  const rows = file.db.all<{ id: string; label: string | null }>(
    `select object.id, object.label from json_each(?) as wanted
     cross join conductor_quickbooksObjects as object on object.id = wanted.value and +object.endUserId = ?`,
    JSON.stringify([...new Set(ids)]),
    file.endUserId,
  );
  return new Map(rows.map(({ id, label }) => [id, label]));
}
