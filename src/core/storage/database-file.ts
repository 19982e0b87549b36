// A sandbox's database file: detects that it was deleted or replaced, and explains SQLite's errors.
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError, DiskError, diskErrorMessage } from './disk.ts';

/** The magic numbers of a write-ahead log, one per checksum byte order (https://sqlite.org/fileformat.html). */
const LOG_MAGIC: readonly number[] = [0x377f0682, 0x377f0683];

/** The file of an open database. */
export class SandboxFile {
  readonly #path: string;
  readonly #inode: number;

  /** @param path an existing file */
  constructor(path: string) {
    this.#path = path;
    this.#inode = statSync(path).ino;
  }

  /** Call before a write: writes to a deleted file succeed silently and are lost. @throws DiskError */
  assertThere(): void {
    if (!this.#isThere()) throw this.#gone();
  }

  /** Converts an error of SQLite to a DataError or DiskError if the user can fix it; returns others unchanged. */
  explain(error: unknown): unknown {
    const { code = '', message } = error as { code?: string; message: string };
    if (isDamage(code)) {
      return new DataError(
        `${this.#path} is damaged (${message}); reset the sandbox to go on from the fixtures, or stop Understudy and restore the file from a backup.`,
      );
    }
    if (!/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(code)) return error;
    if (!this.#isThere()) return this.#gone();
    const why =
      code === 'SQLITE_FULL'
        ? diskErrorMessage({ code: 'ENOSPC', message, name: '' })
        : `${message} (${code}); check the disk, the permissions and this process's limits (ulimit -a)`;
    return new DiskError(`${this.#path} cannot be written: ${why}. Nothing has changed, and no restart is needed.`);
  }

  #isThere(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  #gone(): DiskError {
    return new DiskError(
      `${this.#path} no longer exists, so nothing is written; restore it or its folder, or create the folder and reset the sandbox.`,
    );
  }
}

/** Whether an SQLite error code means that the file is not a database or is corrupt. */
export function isDamage(code: string): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(code);
}

/** Whether SQLite refused a row because of a unique value that another row has. */
export function isDuplicate(error: unknown): boolean {
  return /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(String((error as { code?: unknown }).code));
}

/** The system's reason why SQLite could not open a file, which SQLite does not report; undefined when none is found. */
export function closedReason(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    // The folder, not the file: closing the file would release this process's locks on it.
    closeSync(openSync(dirname(path), 'r'));
    return undefined;
  } catch (error) {
    return diskErrorMessage(error as NodeJS.ErrnoException);
  }
}

/**
 * Checks a database's write-ahead log: SQLite would treat an unreadable one as empty and overwrite it.
 *
 * @throws DataError when the file in its place is not a write-ahead log
 */
export function assertLogReadable(path: string): void {
  const log = `${path}-wal`;
  if (statSync(log, { throwIfNoEntry: false }) === undefined) return;
  const file = openSync(log, 'r');
  const start = Buffer.alloc(4);
  const length = readSync(file, start);
  closeSync(file);
  const magic = start.readUInt32BE();
  // After a power failure a newly created log may be empty, short or zeroed.
  if (length < 4 || magic === 0 || LOG_MAGIC.includes(magic)) return;
  throw new DataError(
    `${log} is not the log of a database, so the latest changes are lost; move it away to continue with the content of ${path}.`,
  );
}
