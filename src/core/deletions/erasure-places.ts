// The texts that a sandbox stores besides its state, for erasure checks: journal, webhooks, fault rules, snapshots.
import { describe } from '../journal/journal-entry.ts';
import type { Provider } from '../provider/provider.ts';
import {
  type ApiRow,
  fieldValue,
  fromCells,
  isFreeForm,
  isHidden,
  type Resource,
  rowsSql,
} from '../provider/resource.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openClone } from '../storage/database.ts';
import { letOthersRun } from '../storage/slices.ts';
import { rowsInOrder } from '../storage/table-rows.ts';
import type { StoredText } from './erasure.ts';
import { type Leaf, stringsIn } from './json-strings.ts';
import { nameForms } from './name-forms.ts';

/** The texts of the recorded webhook deliveries. */
export function* webhookTexts(sandbox: Sandbox): Generator<StoredText> {
  for (const { id, url, headers, body } of sandbox.webhooks.list()) {
    for (const [name, value] of Object.entries({ url, headers, body })) {
      for (const leaf of stringsIn(value, name)) {
        yield { resource: 'webhooks', id, ...leaf, erasableBy: 'POST /__admin/reset {"scope": ["webhooks"]}' };
      }
    }
  }
}

/** The texts of the fault rules and barriers. */
export function* faultTexts({ faults, barriers }: Sandbox): Generator<StoredText> {
  for (const { id, first, second } of barriers.list()) {
    for (const [name, value] of Object.entries({ first, second })) {
      for (const leaf of stringsIn(value, name)) {
        yield { resource: 'barriers', id, ...leaf, erasableBy: `DELETE /__admin/barriers/${id}` };
      }
    }
  }
  for (const { id, match, effect = {} } of faults.list()) {
    for (const [name, value] of Object.entries({ match, effect })) {
      for (const leaf of stringsIn(value, name)) {
        yield { resource: 'faults', id, ...leaf, erasableBy: `DELETE /__admin/faults/${id}` };
      }
    }
  }
}

/** The texts of the journal's entries, as the control plane returns them. */
export function* journalTexts({ journal }: Sandbox, providers: readonly Provider[]): Generator<StoredText> {
  for (const exchange of journal.newestFirst()) {
    const { id, request, response, notes = {} } = describe(exchange, providers);
    for (const [name, value] of Object.entries({ request, response, notes })) {
      for (const leaf of stringsIn(value, name)) {
        yield { resource: 'requests', id, ...leaf, erasableBy: 'DELETE /__admin/requests' };
      }
    }
  }
}

/** The texts of the rows of all snapshots. */
export async function* snapshotTexts(
  { snapshots }: Sandbox,
  providers: readonly Provider[],
): AsyncGenerator<StoredText> {
  for (const { name } of snapshots.list()) {
    const erasableBy = `DELETE /__admin/snapshots/${name}`;
    const image = await snapshots.read(name);
    // Deleted since the check began, so nothing is left in it.
    if (image === undefined) continue;
    await letOthersRun(image.length);
    const db = openClone(image);
    try {
      for (const provider of providers) {
        for (const resource of provider.resources) {
          for (const row of rowsInOrder(db, rowsSql(provider.name, resource))) {
            yield* rowTexts(provider, resource, fromCells(resource, row)).map((leaf) => ({
              resource: 'snapshots',
              id: name,
              ...leaf,
              erasableBy,
            }));
          }
        }
      }
    } finally {
      db.close();
    }
  }
}

/** The texts of a row, and its names that are stored in several columns. */
function rowTexts(provider: Provider, resource: Resource, row: ApiRow): Leaf[] {
  const place = `${provider.name}.${resource.name}.${row[resource.key]}`;
  const together = (resource.names ?? []).filter((columns) => columns.length > 1);
  return [
    ...together.flatMap((columns) => {
      const forms = nameForms(columns.flatMap((column) => fieldValue(row, column) ?? []));
      return forms.map((text) => ({ field: `${place}.${columns.join(' + ')}`, text }));
    }),
    ...Object.entries(row)
      .flatMap(([column, value]) => [...stringsIn(value, `${place}.${column}`, isFreeForm(resource, column))])
      .filter(({ field }) => !isHidden(resource, field.slice(place.length + 1))),
  ];
}
