// The rows servers start with: the built-in ones, or a crowd of users at all three providers.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargeFixtures } from '../test/large-fixtures.ts';
import { EXAMPLE, ROOT } from './peers.ts';

export const BUILT_IN = join(ROOT, 'fixtures');

/** The folder of a crowd of `size`, and of the end-user that every server is asked for when it starts. */
export function crowd(scratch: string, size: number): string {
  const dir = join(scratch, `crowd-${size}`);
  if (existsSync(dir)) return dir;
  writeLargeFixtures(dir, size);
  const file = join(dir, 'conductor/endUsers.json');
  const users = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify([{ ...users[0], id: EXAMPLE, sourceId: 'example' }, ...users]));
  return dir;
}
