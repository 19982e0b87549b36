// Which process holds a file: what Linux lists of its locks.
import { readFileSync, statSync } from 'node:fs';

/** The process that has a lock on a file, e.g. ` (pid 4711)`; '' where the system does not tell. */
export function lockHolderOf(path: string, locks = '/proc/locks'): string {
  try {
    const { ino } = statSync(path);
    // e.g. `1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 120 120`; a process in another container has no id here.
    const held = new RegExp(`^\\d+: POSIX .* (\\d+) \\S+:${ino} `, 'm').exec(readFileSync(locks, 'utf8'));
    const pid = Number(held?.[1] ?? 0);
    return pid === 0 ? '' : ` (pid ${pid})`;
  } catch {
    return '';
  }
}
