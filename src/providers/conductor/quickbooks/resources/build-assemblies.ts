// Build assemblies, which turn components into what they make.
import { cents, times } from '../amounts.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { cannotSave } from '../failures.ts';
import { assetAccountOf, itemOf } from '../item-prices.ts';
import type { Posting } from '../postings.ts';
import { type Draft, type Filter, transaction } from '../resource-entry.ts';
import { averageCost, type Stock, shownStock, stockWithout } from '../stock.ts';

type Ref = { readonly id: string };

const pendingFilter: Filter = (status: string) => ({
  sql: status === 'all' ? 'true' : `coalesce(object.body ->> 'isPending', 0) = ${status === 'pending' ? 1 : 0}`,
  values: [],
});

/** Builds. */
export const BUILD_ASSEMBLIES = transaction('build-assemblies', 'Build Assembly', {
  example: {
    create: {
      inventoryAssemblyItemId: '@inventory-assembly-items',
      transactionDate: '2025-02-21',
      refNumber: 'BA-1',
      quantityToBuild: 1,
      markPendingIfRequired: true,
    },
  },
  required: ['transactionDate'],
  filters: { pendingStatus: pendingFilter },
  complete(draft) {
    const { file, request, record, before } = draft;
    const assembly = assemblyOf(file, record) as StoredObject;
    const quantity = record.quantityToBuild as number;
    if (quantity <= 0) throw cannotSave('Build Assembly', 'The quantity to build is not more than zero.');
    const parts = componentsOf(file, assembly);
    const ids = parts.map(({ item }) => item.id);
    const stock = stockWithout(file, before, ids);
    const isShort = parts.some(({ item, each }) => (stock.get(item.id)?.quantity ?? 0) < each * quantity);
    const wasPending = before?.body.isPending === true && request.removePending !== true;
    if (isShort && request.markPendingIfRequired !== true && !wasPending) {
      throw cannotSave('Build Assembly', 'There are not enough components in stock to build it.');
    }
    record.isPending = isShort || wasPending;
    record.postings = record.isPending === true ? [] : buildPostings(draft, assembly, parts, stock);
  },
  computed(file, page) {
    const builds = new Map(
      page.flatMap(({ seq, body }) => {
        const assembly = assemblyOf(file, body);
        return assembly === undefined ? [] : [[seq, { assembly, parts: componentsOf(file, assembly) }] as const];
      }),
    );
    const items = [...builds.values()].flatMap(({ assembly, parts }) => [assembly, ...parts.map(({ item }) => item)]);
    const shown = shownStock(file, items);
    const onHand = (item: StoredObject) => shown(item).quantityOnHand as number;
    return ({ seq, body }) => {
      const build = builds.get(seq);
      if (build === undefined) return {};
      const { assembly, parts } = build;
      const enoughFor = parts.map(({ item, each }) => Math.floor(onHand(item) / each));
      return {
        quantityOnHand: onHand(assembly),
        quantityOnSalesOrder: shown(assembly).quantityOnSalesOrder,
        quantityCanBuild: enoughFor.length === 0 ? 0 : Math.max(0, Math.min(...enoughFor)),
        lines: parts.map(({ item, each }) => ({
          item: { id: item.id },
          description: item.body.salesDescription,
          quantityOnHand: onHand(item),
          quantityNeeded: times(each, body.quantityToBuild as number).toNumber(),
        })),
      };
    };
  },
});

/** What a build makes; undefined where a state body refers to nothing. */
function assemblyOf(file: CompanyFile, record: Json): StoredObject | undefined {
  return file.find('inventory-assembly-items', (record.inventoryAssemblyItem as Ref).id);
}

/** The components of an assembly, and how many go into one. */
function componentsOf(file: CompanyFile, { body }: StoredObject): { item: StoredObject; each: number }[] {
  return ((body.lines ?? []) as Json[]).flatMap(({ inventoryItem, quantity = 1 }) => {
    const item = itemOf(file, { item: inventoryItem });
    return item === undefined || (quantity as number) <= 0 ? [] : [{ item, each: quantity as number }];
  });
}

/** Components leave stock at their average cost, and what is built is worth all of them. */
function buildPostings(
  { record }: Draft,
  assembly: StoredObject,
  parts: readonly { item: StoredObject; each: number }[],
  stock: ReadonlyMap<string, Stock>,
): Posting[] {
  const built = record.quantityToBuild as number;
  const used = parts.map(({ item, each }): Posting => {
    const quantity = times(each, built).toNumber();
    const amount = -cents(times(averageCost(stock.get(item.id), item.body), quantity));
    return { account: assetAccountOf(item), amount, quantity: -quantity, item: item.id };
  });
  const amount = used.reduce((sum, one) => sum - one.amount, 0);
  return [{ account: assetAccountOf(assembly), amount, quantity: built, item: assembly.id }, ...used];
}
