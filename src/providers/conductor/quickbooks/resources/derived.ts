// What is read from other objects or fixed: company, preferences, tax lines, the feeds of deletions.
import { timesBetween } from '../filters.ts';
import { listOf } from '../list.ts';
import { camelCase, feedName } from '../operations.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { showValue } from '../show-record.ts';
import { TAX_LINES } from './lists.ts';

const derived = (path: string, title: string, more: Partial<ResourceEntry>): ResourceEntry => ({
  path,
  title,
  kind: 'computed',
  names: null,
  ...more,
});

/** How long a deletion stays in the feeds (documented). */
const FEED_DAYS = 90;

/** A feed of deletions: `parameter` names the types, `typeField` the row's type, `labelField` its name or number. */
function feed(
  entry: () => ResourceEntry,
  parameter: string,
  fields: { readonly type: string; readonly label: string },
  pathsOf: () => ReadonlyMap<string, string>,
): NonNullable<ResourceEntry['listed']> {
  return (file, { shape, query }) => {
    const types = [...new Set(query[parameter] as string[])];
    const { deletedAfter, deletedBefore } = query as { deletedAfter?: string; deletedBefore?: string };
    const oldest = new Date(file.sandbox.clock.now() - FEED_DAYS * 86_400_000).toISOString();
    const { after = oldest, before = '9999' } = timesBetween(file, deletedAfter, deletedBefore);
    const rows = types.flatMap((type) => {
      const path = pathsOf().get(type);
      if (path === undefined) return [];
      return file.db
        .all<{ id: string; label: string | null; createdAt: string; deletedAt: string }>(
          `select id, label, createdAt, deletedAt from conductor_quickbooksDeletions
           where endUserId = ? and resource = ? and deletedAt >= max(?, ?) and deletedAt <= ? order by deletedAt, seq`,
          file.endUserId,
          camelCase(path),
          after,
          oldest,
          before,
        )
        .map(({ id, label, createdAt, deletedAt }) => ({
          id,
          [fields.type]: type,
          [fields.label]: label ?? undefined,
          createdAt: file.shown(createdAt),
          deletedAt: file.shown(deletedAt),
        }));
    });
    return listOf(
      entry().path,
      rows.map((row) => showValue(entry(), shape, row)),
      null,
    );
  };
}

/** The feed types of a kind of resource, with their paths. */
function feedTypes(kind: ResourceEntry['kind'], table: readonly ResourceEntry[]): ReadonlyMap<string, string> {
  return new Map(table.filter((one) => one.kind === kind).map(({ path }) => [feedName(path), path]));
}

/** The derived resources; `table` is read once all of it is there. */
export function derivedResources(table: () => readonly ResourceEntry[]): readonly ResourceEntry[] {
  const deletedListObjects: ResourceEntry = derived('deleted-list-objects', 'Deleted List Object', {
    example: { query: { objectTypes: 'customer' } },
    listed: feed(
      () => deletedListObjects,
      'objectTypes',
      { type: 'listType', label: 'fullName' },
      () => feedTypes('list', table()),
    ),
  });
  const deletedTransactions: ResourceEntry = derived('deleted-transactions', 'Deleted Transaction', {
    example: { query: { transactionTypes: 'invoice' } },
    listed: feed(
      () => deletedTransactions,
      'transactionTypes',
      { type: 'transactionType', label: 'refNumber' },
      () => feedTypes('transaction', table()),
    ),
  });
  const taxLines: ResourceEntry = derived('account-tax-lines', 'Account Tax Line', {
    listed: (_file, { shape }) =>
      listOf(
        'account-tax-lines',
        TAX_LINES.map((line) => showValue(taxLines, shape, { ...line })),
        null,
      ),
  });
  return [
    derived('company', 'Company', { kind: 'single', single: (file) => file.company }),
    derived('preferences', 'Preferences', { kind: 'single', single: (file) => file.preferences }),
    taxLines,
    deletedListObjects,
    deletedTransactions,
  ];
}
