// Resets a sandbox to an image (fixtures, empty, or a snapshot), completely or by scope.

import { type Database, openClone } from '../storage/database.ts';
import { letOthersRun } from '../storage/slices.ts';
import type { ResetScope } from './reset-scopes.ts';
import type { Sandbox } from './sandbox.ts';

/** Scopes stored as rows of `meta`, with the prefix of their keys. */
const META = { clock: 'clock_', ids: 'id_' } as const;

/** Resets the given scopes to `image`; the other parts stay unchanged. */
export async function reset(sandbox: Sandbox, image: Buffer, scopes: readonly ResetScope[]): Promise<void> {
  const wanted = (scope: ResetScope) => scopes.includes(scope);
  if (wanted('state')) await restore(sandbox, image, { clock: !wanted('clock'), ids: !wanted('ids') });
  else if (wanted('clock') || wanted('ids')) takeMeta(sandbox, image, { clock: wanted('clock'), ids: wanted('ids') });
  for (const [scope, part] of sandbox.parts) if (wanted(scope as ResetScope)) part.clear();
}

async function restore(sandbox: Sandbox, image: Buffer, keep: Record<keyof typeof META, boolean>): Promise<void> {
  const kept = keep.clock || keep.ids ? metaOf(sandbox.db.all<Meta>('select key, value from meta'), keep) : [];
  // Kept values are part of the new image, so that it is swapped in as a whole.
  await sandbox.replace(kept.length === 0 ? image : await withMeta(image, kept));
}

async function withMeta(image: Buffer, rows: readonly Meta[]): Promise<Database> {
  // The rows were read from a database that may have been opened for it.
  await letOthersRun(image.length);
  const db = openClone(image);
  writeMeta(db, rows);
  await letOthersRun(image.length);
  return db;
}

function takeMeta(sandbox: Sandbox, image: Buffer, take: Record<keyof typeof META, boolean>): void {
  const source = openClone(image);
  try {
    const { db } = sandbox;
    db.transaction(() => {
      // Counters that the source does not have yet start again too.
      for (const { key } of metaOf(db.all<Meta>('select key, value from meta'), take))
        db.run('delete from meta where key = ?', key);
      writeMeta(db, metaOf(source.all<Meta>('select key, value from meta'), take));
    });
    sandbox.reload();
  } finally {
    source.close();
  }
}

interface Meta {
  key: string;
  value: number | null;
}

function metaOf(rows: readonly Meta[], wanted: Record<keyof typeof META, boolean>): Meta[] {
  return rows.filter(
    ({ key }) => (wanted.clock && key.startsWith(META.clock)) || (wanted.ids && key.startsWith(META.ids)),
  );
}

function writeMeta(db: Database, rows: readonly Meta[]): void {
  db.transaction(() => {
    for (const { key, value } of rows)
      db.run(
        'insert into meta (key, value) values (?, ?) on conflict do update set value = excluded.value',
        key,
        value,
      );
  });
}
