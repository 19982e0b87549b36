// Copies of a database file that is in use.
import { join } from 'node:path';
import t from 'tap';
import { OnDisk } from '../../../src/core/sandbox/sandbox-database.ts';
import { writeFile } from '../../../src/core/storage/atomic-file.ts';
import { buildImage, openClone } from '../../../src/core/storage/database.ts';

t.test('a large file is copied as it is at the call, also when its log cannot be emptied', async (t) => {
  const path = join(t.testdir(), 'one.sqlite');
  const image = buildImage((db) => {
    db.execute(
      'pragma user_version = 3; create table notes (text text) strict; create table sandbox (json text) strict',
    );
    for (let n = 0; n < 50; n++) db.run('insert into notes values (?)', 'x'.repeat(100_000));
  });
  writeFile(path, image);
  const disk = new OnDisk(path, 3);
  const db = disk.open();
  t.teardown(() => db.close());
  const notes = (bytes: Buffer) => {
    const copy = openClone(bytes);
    t.teardown(() => copy.close());
    return copy.get<{ notes: number }>('select count(*) as notes from notes')?.notes;
  };
  db.run('insert into notes values (?)', 'in the log');
  const read = disk.read(db);
  db.run('insert into notes values (?)', 'too late');
  t.equal(notes(await read), 51);
  t.equal(notes(await disk.read(db)), 52);
  // A transaction keeps the log from being moved, as a full disk does.
  db.execute('begin');
  t.equal(notes(await disk.read(db)), 52);
  db.execute('commit');
});
