// The texts that a sandbox stores besides its state, for erasure checks: journal, webhooks, snapshots.
import { describe } from '../journal/journal-entry.ts';
import type { Provider } from '../provider/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openClone } from '../storage/database.ts';
import { readRows } from '../storage/rows.ts';
import type { StoredText } from './erasure.ts';
import { stringsIn } from './erasure-subjects.ts';

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

/** The texts of the journal's entries, as the control plane returns them. */
export function* journalTexts({ journal }: Sandbox, providers: readonly Provider[]): Generator<StoredText> {
  for (const exchange of journal.newestFirst()) {
    const { id, request, response } = describe(exchange, providers);
    for (const [name, value] of Object.entries({ request, response })) {
      for (const leaf of stringsIn(value, name)) {
        yield { resource: 'requests', id, ...leaf, erasableBy: 'DELETE /__admin/requests' };
      }
    }
  }
}

/** The texts of the rows of all snapshots. */
export function* snapshotTexts({ snapshots }: Sandbox, providers: readonly Provider[]): Generator<StoredText> {
  for (const { name } of snapshots.list()) {
    const db = openClone(snapshots.read(name) as Buffer);
    try {
      for (const provider of providers) {
        for (const resource of provider.resources) {
          for (const row of readRows(db, provider, resource)) {
            for (const leaf of stringsIn(row, `${provider.name}.${resource.name}.${row[resource.key]}`)) {
              yield { resource: 'snapshots', id: name, ...leaf, erasableBy: `DELETE /__admin/snapshots/${name}` };
            }
          }
        }
      }
    } finally {
      db.close();
    }
  }
}
