// What is wrong with a file, a folder or a disk, in words for people.

/** The end of a sentence, with the way out where there is one. */
export function diskSentence({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full; free some space';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not; change its rights';
  if (code === 'EROFS') return 'the disk is read-only';
  return message;
}
