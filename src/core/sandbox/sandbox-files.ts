// The files of one sandbox in the data folder: deleted as a whole, also when the process is killed in between.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NEW_CONTENT } from '../storage/atomic-file.ts';
import { withDiskErrors } from '../storage/disk.ts';

/** Suffix of a file whose deletion has begun. */
const DELETED = '.deleted';
/** Suffixes of SQLite's own files beside a database. */
const LOGS = ['-wal', '-shm'];

/** The database file of a sandbox and the folder of its snapshots. */
export class SandboxFiles {
  /** Path of the database. */
  readonly database: string;
  /** Path of the snapshots. */
  readonly snapshots: string;

  constructor(folder: string, name: string) {
    this.database = join(folder, `${name}.sqlite`);
    this.snapshots = join(folder, `${name}.snapshots`);
  }

  /** The name of the sandbox that an entry of the data folder belongs to; undefined for other files. */
  static owner(entry: string): string | undefined {
    return /^([^.]+)\.(?:sqlite(?:-wal|-shm|(?:\.\d+)?\.new|\.deleted)?|snapshots(?:\.deleted)?)$/.exec(entry)?.[1];
  }

  /** Deletes what a killed process has not written completely. */
  static discard(path: string): void {
    remove(path);
  }

  /**
   * Deletes the sandbox: renames every file, the database last, so that either all of them are there or none is. A
   * rename needs the same permissions as a deletion. The returned function frees the space.
   *
   * @throws DataError when a file cannot be deleted; nothing has changed then
   */
  delete(): () => void {
    const moved: string[] = [];
    const move = (path: string) =>
      withDiskErrors(path, 'deleted', () => {
        renameSync(path, path + DELETED);
        moved.push(path);
      });
    try {
      for (const file of this.#snapshotFiles()) move(join(this.snapshots, file));
      if (existsSync(this.snapshots)) move(this.snapshots);
      if (existsSync(this.database)) move(this.database);
    } catch (error) {
      for (const path of moved.reverse()) renameSync(path + DELETED, path);
      throw error;
    }
    return () => this.#erase(true);
  }

  /**
   * Puts the files in order after a process was killed: undoes an incomplete deletion and completes a complete one.
   *
   * @param ownsSnapshots whether snapshots without a database belong to a deleted sandbox, so that the next one of that
   * name must not find them
   */
  recover(ownsSnapshots: boolean): void {
    if (!existsSync(this.database)) {
      this.#erase(ownsSnapshots);
      return;
    }
    const back = (path: string) => withDiskErrors(path, 'written', () => renameSync(path + DELETED, path));
    if (existsSync(this.snapshots + DELETED) && !existsSync(this.snapshots)) back(this.snapshots);
    for (const file of this.#snapshotFiles()) {
      const path = join(this.snapshots, file);
      if (file.endsWith(NEW_CONTENT)) remove(path);
      else if (file.endsWith(DELETED)) back(path.slice(0, -DELETED.length));
    }
  }

  #snapshotFiles(): string[] {
    if (!existsSync(this.snapshots)) return [];
    return withDiskErrors(this.snapshots, 'read', () => readdirSync(this.snapshots));
  }

  /** Deletes everything without a database. */
  #erase(ownsSnapshots: boolean): void {
    if (ownsSnapshots) remove(this.snapshots);
    remove(this.snapshots + DELETED);
    for (const suffix of [DELETED, ...LOGS]) remove(this.database + suffix);
  }
}

function remove(path: string): void {
  withDiskErrors(path, 'deleted', () => rmSync(path, { recursive: true, force: true }));
}
