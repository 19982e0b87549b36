// Turns the difference from a snapshot into a list of changed rows, with the fields that differ.
import type { Resource, Row, SnapshotDiff } from '../../control/schemas.ts';
import { cellText } from './format.ts';
import { resourceOf } from './resource-tree.ts';

/** A field that differs. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** A row that was inserted, updated or deleted. */
export interface RowChange {
  readonly kind: 'inserted' | 'updated' | 'deleted';
  readonly id: string;
  readonly fields: readonly FieldChange[];
}

/** The changes of one resource. */
export interface ResourceChanges {
  readonly provider: string;
  readonly resource: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly rows: readonly RowChange[];
}

/** The changes by resource: deleted rows first, then updated, then inserted ones. */
export function changesOf(diff: SnapshotDiff, resources: readonly Resource[]): ResourceChanges[] {
  return Object.entries(diff).flatMap(([provider, byResource]) =>
    Object.entries(byResource).map(([resource, { inserts, updates, deletes }]) => {
      const key = resourceOf(resources, provider, resource)?.key ?? 'id';
      const idOf = (row: Row) => String(row[key]);
      return {
        provider,
        resource,
        inserted: inserts.length,
        updated: updates.length,
        deleted: deletes.length,
        rows: [
          ...deletes.map((row): RowChange => ({ kind: 'deleted', id: idOf(row), fields: [] })),
          ...updates.map(
            ({ before, after }): RowChange => ({ kind: 'updated', id: idOf(after), fields: fieldsOf(before, after) }),
          ),
          ...inserts.map((row): RowChange => ({ kind: 'inserted', id: idOf(row), fields: [] })),
        ],
      };
    }),
  );
}

function fieldsOf(before: Row, after: Row): FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => ({ field, before: cellText(before[field]), after: cellText(after[field]) }))
    .filter((change) => change.before !== change.after);
}
