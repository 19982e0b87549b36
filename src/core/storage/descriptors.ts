// Limits on file descriptors (files and connections), and checks that enough of them are free.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Problem } from '../problem.ts';

/** Below this limit the server warns at start: connections and sandbox files can use all of them. */
const LOW_LIMIT = 256;
/** Maximum number of descriptors that loading modules uses at a time. */
const MODULE_DESCRIPTORS = 48;

const SELF = fileURLToPath(import.meta.url);

/** The process's limit on descriptors; Infinity when the system does not report one. */
export function maxDescriptors(limits = '/proc/self/limits'): number {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync(limits, 'utf8'));
    return found === null ? Number.POSITIVE_INFINITY : Number(found[1]);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Maximum number of open sandbox files, with two descriptors each; leaves three quarters of the limit for the rest. */
export function maxOpenFiles(descriptors: number): number {
  return Math.max(1, Math.floor(descriptors / 8));
}

/** The warning line for a low limit; '' when the limit is sufficient. */
export function lowDescriptorWarning(descriptors: number): string {
  if (descriptors >= LOW_LIMIT) return '';
  return `understudy: Only ${descriptors} files and connections can be open at a time (ulimit -n); further connections are rejected until others close. Raise the limit before starting, e.g. ulimit -n 4096.\n`;
}

/** Whether an error means that too many descriptors are open. */
export function isOutOfDescriptors(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE';
}

/** The response to a request that needs more descriptors than are free. */
export function outOfDescriptors(): Problem {
  return new Problem(
    503,
    'too-many-files',
    'Too many files and connections are open in Understudy; retry when some are closed, or start it with a higher limit (ulimit -n).',
  );
}

/**
 * Wraps `load`, which imports modules, so that it runs once. Node caches a failed import permanently, so free
 * descriptors are checked first.
 *
 * @throws Problem when too few descriptors are free
 */
export function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    if (loaded === undefined) {
      assertDescriptors(MODULE_DESCRIPTORS);
      loaded = load();
    }
    return loaded;
  };
}

/** @throws Problem when `wanted` more descriptors are not available */
export function assertDescriptors(wanted: number): void {
  const opened: number[] = [];
  try {
    for (let n = 0; n < wanted; n++) opened.push(openSync(SELF, 'r'));
  } catch {
    throw outOfDescriptors();
  } finally {
    for (const one of opened) closeSync(one);
  }
}
