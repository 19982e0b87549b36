// Which process holds a file: what Linux lists of its locks.
import { readFileSync, statSync } from 'node:fs';

/** The id of the process that has a lock on a file; null where the system does not tell. */
export function holderOf(path: string, locks = '/proc/locks'): number | null {
  try {
    const { ino } = statSync(path);
    // e.g. `1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 120 120`; a process in another container has no id here.
    const held = new RegExp(`^\\d+: POSIX .* (\\d+) \\S+:${ino} `, 'm').exec(readFileSync(locks, 'utf8'));
    const pid = Number(held?.[1] ?? 0);
    return pid === 0 ? null : pid;
  } catch {
    return null;
  }
}
