// What a run did to the rows of its sandbox, as comparable facts: times are relative, masked fields are left out.
import type { SnapshotDiff } from '../control/schemas.ts';
import type { ApiRow } from '../core/provider/resource.ts';
import { PROVIDERS } from '../providers/index.ts';

/** A row that was inserted, updated or deleted. */
export interface Change {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  /** The row afterwards, for a delete before; times of the run are minutes since its start. */
  readonly row: ApiRow;
}

/** An ISO 8601 time with its zone; other times are milliseconds since the epoch. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const MINUTE = 60_000;
/** Numbers beyond ten years from the start, in ms, are no times. */
const LATEST = 10 * 365 * 24 * 60 * MINUTE;

/**
 * The changes of a run.
 *
 * @param start the frozen time at which the run began, in ms since the epoch. Each request moves it by a millisecond, so
 *   a retry moves all later times of the run; in whole minutes since the start they stay the same.
 * @param now the time of the sandbox's clock at the end of the run. A time that is not up to `now - start` after a whole
 *   minute is not the sandbox's, but one that the code took from another clock; it stays as it is.
 */
export function changesOf(diff: SnapshotDiff, start: number, now: number): Change[] {
  return Object.entries(diff).flatMap(([provider, resources]) =>
    Object.entries(resources).flatMap(([resource, { inserts, updates, deletes }]) => {
      const change = (kind: Change['kind'], row: ApiRow): Change => ({
        kind,
        provider,
        resource,
        id: String(row[keyOf(provider, resource)]),
        row: relativeTimes(row, start, now - start),
      });
      return [
        ...inserts.map((row) => change('insert', row)),
        ...updates.map(({ after }) => change('update', after)),
        ...deletes.map((row) => change('delete', row)),
      ];
    }),
  );
}

/** The name of a field of a resource, as masks list it. */
export function fieldName({ provider, resource }: Pick<Change, 'provider' | 'resource'>, field: string): string {
  return `${provider} ${resource}.${field}`;
}

/** Changes of the same kind to the same resource have the same place. */
export function placeOf({ kind, provider, resource }: Change): string {
  return `${kind} ${provider} ${resource}`;
}

/** The column that identifies a row of a resource. */
export function keyOf(provider: string, resource: string): string {
  const resources = PROVIDERS.find(({ name }) => name === provider)?.resources;
  return resources?.find(({ name }) => name === resource)?.key as string;
}

function relativeTimes(row: ApiRow, start: number, moved: number): ApiRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const time = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : value;
      if (typeof time !== 'number' || time < start || time > start + LATEST) return [name, value];
      if ((time - start) % MINUTE > moved) return [name, value];
      return [name, `start + ${Math.floor((time - start) / MINUTE)} min`];
    }),
  );
}
