// Errors of files, folders and disks as messages for users.
import { Problem } from '../problem.ts';

/** An unusable data folder or file; the message has the reason and the way out. */
export class DataError extends Problem {
  constructor(sentence: string) {
    super(500, 'data-folder', sentence);
  }
}

/** A failed write to a sandbox's file. Nothing changed, and the content stays readable. */
export class DiskError extends DataError {}

/** The reason of a file system error as the end of a sentence, with the way out if there is one. */
export function diskErrorMessage({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full; free some space';
    case 'EFBIG':
      return 'it has reached the file size limit; raise it (ulimit -f)';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied; change its permissions';
    case 'EROFS':
      return 'the disk is read-only';
    case 'EISDIR':
      return 'it is a directory, not a file';
    case 'ENOENT':
      return 'it no longer exists; restore it';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files and connections are open; raise the limit (ulimit -n)';
    default:
      return message;
  }
}

/** Runs a file operation in the data folder. @throws DataError with the path and the reason when it fails */
export function withDiskErrors<T>(path: string, what: 'read' | 'written' | 'deleted', work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw dataError(path, what, error);
  }
}

/** The same for work that takes several turns of the event loop. */
export async function awaitDisk<T>(path: string, what: 'read' | 'written', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw dataError(path, what, error);
  }
}

function dataError(path: string, what: string, error: unknown): DataError {
  const why = diskErrorMessage(error as NodeJS.ErrnoException);
  return new DataError(`${path} cannot be ${what}: ${why}, or choose another --data folder.`);
}
