// The file a sandbox's database is in: still the one that was opened? And what SQLite says of it, in words for people.
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError, DiskError, diskErrorMessage } from './disk.ts';

/** How a write-ahead log begins, read as big-endian: one for each order of bytes (https://sqlite.org/fileformat.html). */
const LOG_MAGIC: readonly number[] = [0x377f0682, 0x377f0683];

/** A file that was opened as a database. */
export class SandboxFile {
  readonly #path: string;
  readonly #inode: number;

  /** Of a file that is there. */
  constructor(path: string) {
    this.#path = path;
    this.#inode = statSync(path).ino;
  }

  /** Before something is written: into a file that was deleted it would go without a word, and be lost. */
  assertThere(): void {
    if (!this.#isThere()) throw this.#gone();
  }

  /** What SQLite threw, as a sentence where it is for people to mend. */
  explain(error: unknown): unknown {
    const { code = '', message } = error as { code?: string; message: string };
    if (isDamage(code)) {
      return new DataError(
        `${this.#path} is damaged (${message}); reset the sandbox to go on from the fixtures, or stop Understudy and put a copy of the file back.`,
      );
    }
    if (!/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(code)) return error;
    if (!this.#isThere()) return this.#gone();
    const why =
      code === 'SQLITE_FULL'
        ? diskErrorMessage({ code: 'ENOSPC', message, name: '' })
        : `${message} (${code}); see to its disk, its rights and this process's limits (ulimit -a)`;
    return new DiskError(
      `${this.#path} cannot be written: ${why}. Nothing has changed, and it goes on without a restart.`,
    );
  }

  #isThere(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  #gone(): DiskError {
    return new DiskError(
      `${this.#path} is not there any more, so nothing is written; put it or its folder back, or make the folder and reset the sandbox.`,
    );
  }
}

/** Whether a code of SQLite's says that the file is no database, or not a whole one. */
export function isDamage(code: string): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(code);
}

/** Why SQLite could not open a file; it does not say itself. Undefined when nothing is found. */
export function closedReason(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    // Not the file itself: closing it would give up the locks that this process has on it.
    closeSync(openSync(dirname(path), 'r'));
    return undefined;
  } catch (error) {
    return diskErrorMessage(error as NodeJS.ErrnoException);
  }
}

/**
 * SQLite takes a log that it cannot read for an empty one and writes over it.
 *
 * @throws DataError when what lies beside a database is not its log
 */
export function assertLogReadable(path: string): void {
  const log = `${path}-wal`;
  if (statSync(log, { throwIfNoEntry: false }) === undefined) return;
  const file = openSync(log, 'r');
  const start = Buffer.alloc(4);
  const length = readSync(file, start);
  closeSync(file);
  const magic = start.readUInt32BE();
  // Zeros, or less than a word, are what a power cut leaves of a log that had just been begun.
  if (length < 4 || magic === 0 || LOG_MAGIC.includes(magic)) return;
  throw new DataError(
    `${log} is not the log of a database, so the last changes in it are lost; move it away to go on with what ${path} holds.`,
  );
}
