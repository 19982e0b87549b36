// Resets a sandbox to an image (fixtures, empty, or a snapshot), completely or by scope.
import { openClone } from '../storage/database.ts';
import type { ResetScope } from './reset-scopes.ts';
import type { Sandbox } from './sandbox.ts';

/** Scopes stored as rows of `meta`, with the prefix of their keys. */
const META = { clock: 'clock_', ids: 'id_' } as const;

/** Resets the given scopes to `image`; the other parts stay unchanged. */
export function reset(sandbox: Sandbox, image: Buffer, scopes: readonly ResetScope[]): void {
  const wanted = (scope: ResetScope) => scopes.includes(scope);
  if (wanted('state')) restore(sandbox, image, { clock: !wanted('clock'), ids: !wanted('ids') });
  else if (wanted('clock') || wanted('ids')) takeMeta(sandbox, image, { clock: wanted('clock'), ids: wanted('ids') });
  for (const [scope, part] of sandbox.parts) if (wanted(scope as ResetScope)) part.clear();
}

function restore(sandbox: Sandbox, image: Buffer, keep: Record<keyof typeof META, boolean>): void {
  const kept = keep.clock || keep.ids ? metaOf(sandbox.db.all<Meta>('select key, value from meta'), keep) : [];
  sandbox.replace(image);
  // The database is opened only when needed: tests reset more often than they read.
  if (kept.length > 0) writeMeta(sandbox, kept);
}

function takeMeta(sandbox: Sandbox, image: Buffer, take: Record<keyof typeof META, boolean>): void {
  const source = openClone(image);
  try {
    writeMeta(sandbox, metaOf(source.all<Meta>('select key, value from meta'), take));
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

function writeMeta(sandbox: Sandbox, rows: readonly Meta[]): void {
  const { db } = sandbox;
  db.transaction(() => {
    for (const { key, value } of rows) db.run('update meta set value = ? where key = ?', value, key);
  });
  sandbox.reload();
}
