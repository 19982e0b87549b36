// Fixtures for the benchmark: many users at all three providers.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargeFixtures } from '../test/large-fixtures.ts';
import { EXAMPLE, ROOT } from './peers.ts';

export const BUILT_IN = join(ROOT, 'fixtures');

/** Writes a fixture folder with `size` users, plus the end-user that the readiness probe reads. */
export function crowd(scratch: string, size: number): string {
  const dir = join(scratch, `crowd-${size}`);
  if (existsSync(dir)) return dir;
  writeLargeFixtures(dir, size);
  const file = join(dir, 'conductor/endUsers.json');
  const users = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify([{ ...users[0], id: EXAMPLE, sourceId: 'example' }, ...users]));
  return dir;
}
