// Places within inventory sites: one that is named beside a site must be within that site.
import type { Json } from './company-file.ts';
import { badReference } from './failures.ts';
import type { Draft } from './resource-entry.ts';

type Ref = { readonly id: string };

/**
 * Checks the places that a document and its lines name; a line without a site is at that of the document.
 *
 * @throws Failure 3140 for a place that is not within its site (known of QuickBooks)
 */
export function requirePlaces({ file, entry, record }: Draft): void {
  const check = (node: Json, above: Ref | undefined) => {
    const site = (node.inventorySite ?? above) as Ref | undefined;
    const place = node.inventorySiteLocation as Ref | undefined;
    if (place !== undefined && site !== undefined) {
      const parent = file.find('inventory-sites', place.id)?.body.parent as Ref | undefined;
      if (parent?.id !== site.id) throw badReference('InventorySiteLocation', place.id, entry.title);
    }
    for (const lines of Object.values(node)) {
      if (!Array.isArray(lines)) continue;
      for (const line of lines) if (typeof line === 'object') check(line as Json, site);
    }
  };
  if (entry.kind === 'transaction') check(record, undefined);
}
