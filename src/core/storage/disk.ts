// What is wrong with a file, a folder or a disk, in words for people.
import { Problem } from '../problem.ts';

/** The data folder cannot be used; the message says why and what to do. */
export class DataError extends Problem {
  constructor(sentence: string) {
    super(500, 'data-folder', 'Data folder unusable', sentence);
  }
}

/** A sandbox's file did not take what was to be written. Nothing changed, and what is in it can still be read. */
export class DiskError extends DataError {}

/** The end of a sentence, with the way out where there is one. */
export function diskErrorMessage({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full; free some space';
    case 'EFBIG':
      return 'it may not grow any further; raise the limit for files (ulimit -f)';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not; change its rights';
    case 'EROFS':
      return 'the disk is read-only';
    case 'ENOENT':
      return 'it is not there any more; put it back';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files and connections are open; raise their limit (ulimit -n)';
    default:
      return message;
  }
}

/** Does something to a file or folder of the data folder. @throws DataError that names it, and why it could not be done */
export function withDiskErrors<T>(path: string, what: 'read' | 'written' | 'deleted', work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = diskErrorMessage(error as NodeJS.ErrnoException);
    throw new DataError(`${path} cannot be ${what}: ${why}, or choose another --data folder.`);
  }
}
