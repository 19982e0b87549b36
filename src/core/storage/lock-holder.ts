// Finds the process that has a file locked, in Linux's /proc/locks.
import { readFileSync, statSync } from 'node:fs';

/** The process that has a file locked, e.g. ` (pid 4711)`; '' when it is unknown. */
export function lockHolderOf(path: string, locks = '/proc/locks'): string {
  try {
    const { ino } = statSync(path);
    // e.g. `1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 120 120`; the pid is 0 for a process in another container.
    const held = new RegExp(`^\\d+: POSIX .* (\\d+) \\S+:${ino} `, 'm').exec(readFileSync(locks, 'utf8'));
    const pid = Number(held?.[1] ?? 0);
    return pid === 0 ? '' : ` (pid ${pid})`;
  } catch {
    return '';
  }
}
