// Stock by site: one row for each item in stock and each site, while the preferences say that there are several sites.
import { invalid } from '../../errors.ts';
import type { CompanyFile, Json, StoredObject } from '../company-file.ts';
import { firstPage, nextPage } from '../cursor.ts';
import { missedId } from '../failures.ts';
import { type ListQuery, requireAll } from '../filters.ts';
import { lineOf } from '../lines.ts';
import { listOf } from '../list.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { showValue } from '../show-record.ts';
import { openOrders } from '../stock.ts';

type Ref = { readonly id: string };

const STOCKED = ['inventory-items', 'inventory-assembly-items'];

/** The item families that each `itemType` means. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  assembly: ['inventory-assembly-items'],
  inventory: ['inventory-items'],
  inventory_and_assembly: STOCKED,
  all_except_fixed_asset: STOCKED,
  sales: STOCKED,
};

/** An item at a site. */
interface ItemSite {
  readonly id: string;
  readonly item: StoredObject;
  readonly site: StoredObject;
}

/** Every item in stock at every site, by their names; none without sites in the preferences (known of QuickBooks). */
function itemSitesOf(file: CompanyFile): ItemSite[] {
  if (file.preference('multiLocationInventory').isMultiLocationInventoryEnabled !== true) return [];
  const sites = sitesOf(file);
  const items = STOCKED.flatMap((path) => file.all(path));
  const name = ({ body }: StoredObject) => String(body.fullName ?? body.name).toLowerCase();
  return items
    .sort((one, other) => name(one).localeCompare(name(other)))
    .flatMap((item) => sites.map((site) => ({ id: idOf(item, site), item, site })));
}

/** The sites that are not places within others. */
function sitesOf(file: CompanyFile): StoredObject[] {
  return file.all('inventory-sites').filter(({ body }) => body.parent === undefined);
}

/** An id that follows from the item and the site, in the form of all ids of lists (our choice). */
function idOf(item: StoredObject, site: StoredObject): string {
  const [first, second] = [item, site].map(({ id }) => String(id.split('-')[0]));
  return `${first}-${Number.parseInt(String(second), 16)}`;
}

/** What is at each site: by item and site, with stock of no site at the default one, else the first (our choice). */
function quantitiesOf(file: CompanyFile): Map<string, number> {
  const found = new Map<string, number>();
  const rows = file.db.all<{ body: string; item: string; quantity: number; line: string | null }>(
    `select object.body, posting.item, posting.quantity, posting.line from conductor_quickbooksPostings as posting
     join conductor_quickbooksObjects as object on object.seq = posting.object
     where posting.item is not null and posting.quantity is not null and object.endUserId = ?`,
    file.endUserId,
  );
  for (const { body: text, item, quantity, line } of rows) {
    const body = JSON.parse(text) as Json;
    const site = (lineOf(body, String(line))?.inventorySite ?? body.inventorySite) as Ref | undefined;
    add(found, item, site?.id ?? defaultSite(file), quantity);
  }
  return found;
}

function defaultSite(file: CompanyFile): string | undefined {
  const sites = sitesOf(file).sort((one, other) => one.seq - other.seq);
  return (sites.find(({ body }) => body.isDefault === true) ?? sites[0])?.id;
}

function add(found: Map<string, number>, item: string, site: string | undefined, quantity: number): void {
  const key = `${item} ${site}`;
  found.set(key, (found.get(key) ?? 0) + quantity);
}

/** What open orders ask for, by item and site. */
function orderedOf(file: CompanyFile, items: readonly string[], resource: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of openOrders(file, items, { bySite: true })) {
    if (row.resource === resource) add(found, row.item, row.site ?? defaultSite(file), row.quantity);
  }
  return found;
}

function shown(file: CompanyFile, rows: readonly ItemSite[]): Json[] {
  const items = [...new Set(rows.map(({ item }) => item.id))];
  const [there, bought, sold] = [
    quantitiesOf(file),
    orderedOf(file, items, 'purchaseOrders'),
    orderedOf(file, items, 'salesOrders'),
  ];
  return rows.map(({ id, item, site }) => {
    const key = `${item.id} ${site.id}`;
    const field = item.resource === 'inventory-items' ? 'inventoryItem' : 'inventoryAssemblyItem';
    return {
      id,
      createdAt: file.shown(item.createdAt),
      updatedAt: file.shown(item.updatedAt),
      revisionNumber: item.revisionNumber,
      [field]: { id: item.id },
      inventorySite: { id: site.id },
      quantityOnHand: there.get(key) ?? 0,
      quantityOnPurchaseOrders: bought.get(key) ?? 0,
      quantityOnSalesOrders: sold.get(key) ?? 0,
    };
  });
}

/** The rows that a query asks for. @throws Failure for a look-up that misses, or filters that exclude each other */
function chosen(file: CompanyFile, query: ListQuery): ItemSite[] {
  const { ids, itemType, itemIds, siteIds, status } = query as ListQuery & Record<string, string[] | undefined>;
  const all = itemSitesOf(file);
  if (ids !== undefined) return [...new Set(ids)].map((id) => oneOf(all, id));
  if (itemType !== undefined && (itemIds ?? siteIds) !== undefined) {
    throw invalid('Invalid input: itemType excludes itemIds and siteIds at "itemType"');
  }
  if (all.length === 0) return [];
  requireAll(file, itemIds ?? [], STOCKED);
  requireAll(file, siteIds ?? [], ['inventory-sites']);
  const types = itemType === undefined ? STOCKED : (TYPES[String(itemType)] ?? []);
  return all.filter(({ item, site }) => {
    const isActive = item.body.isActive !== false && site.body.isActive !== false;
    return (
      types.includes(item.resource) &&
      (itemIds?.includes(item.id) ?? true) &&
      (siteIds?.includes(site.id) ?? true) &&
      (String(status) === 'all' || isActive === (String(status) === 'active'))
    );
  });
}

function oneOf(all: readonly ItemSite[], id: string): ItemSite {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw missedId(id);
  return found;
}

/** Stock by site. */
export const ITEM_SITES: ResourceEntry = {
  path: 'item-sites',
  title: 'Item Site',
  note: 'by site, not by places within sites',
  example: { id: '80000001-1234567890' },
  kind: 'computed',
  names: null,
  listed(file, { shape, query }) {
    const asked = query as ListQuery;
    const limit = asked.limit as number;
    const all = itemSitesOf(file);
    const rowOf = ({ item, site }: ItemSite) => ({ seq: item.seq, part: site.seq });
    const page =
      asked.cursor !== undefined && asked.ids === undefined
        ? nextPage<{ seq: number; part: number }>(file, 'item-sites', asked.cursor, limit)
        : firstPage(file, 'item-sites', chosen(file, asked).map(rowOf), asked.ids === undefined ? limit : undefined);
    const rows = page.rows.flatMap(
      ({ seq, part }) => all.find(({ item, site }) => item.seq === seq && site.seq === part) ?? [],
    );
    const data = shown(file, rows).map((row) => showValue(ITEM_SITES, shape, row, file));
    return listOf('item-sites', data, page);
  },
  retrieved: (file, id) => shown(file, [oneOf(itemSitesOf(file), id)])[0] as Json,
};
