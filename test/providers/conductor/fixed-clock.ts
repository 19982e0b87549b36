// A data folder whose default sandbox has a frozen clock, so that whole responses can be compared.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadFixtures } from '../../../src/core/sandbox/fixtures.ts';
import { writeFile } from '../../../src/core/storage/atomic-file.ts';
import { type Database, openFile } from '../../../src/core/storage/database.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { ROOT } from '../../harness.ts';

export const FIXTURES = join(ROOT, 'fixtures');

/** Freezes the clock of the folder's default sandbox; no server may have the folder open. */
export function freezeClock(data: string, instant: string, fixtures: string = FIXTURES): void {
  const file = join(data, 'default.sqlite');
  if (!existsSync(file)) writeFile(file, loadFixtures(fixtures, FIXTURES, PROVIDERS).image);
  inside(data, (db) => db.run("update meta set value = ? where key = 'clock_frozen'", Date.parse(instant)));
}

/** Opens the database of the default sandbox of a folder that no server has open. */
export function inside<T>(data: string, look: (db: Database) => T): T {
  const db = openFile(join(data, 'default.sqlite'));
  try {
    return look(db);
  } finally {
    db.close();
  }
}
