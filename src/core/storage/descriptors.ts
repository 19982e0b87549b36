// How many files and connections this process may have open, and whether there is room for more.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Problem } from '../problem.ts';

/** Fewer than this are worth a word at the start: a test suite's connections and the sandboxes' files soon take them. */
const FEW = 256;
/** What loading a part of the server takes at most, at once. */
const LOADING = 48;

const SELF = fileURLToPath(import.meta.url);

/** How many may be open at a time; infinite where the system does not tell. */
export function maxDescriptors(limits = '/proc/self/limits'): number {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync(limits, 'utf8'));
    return found === null ? Number.POSITIVE_INFINITY : Number(found[1]);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** How many sandboxes may have their files open, two each: three quarters stay for connections and for what is loaded. */
export function maxOpenFiles(descriptors: number): number {
  return Math.max(1, Math.floor(descriptors / 8));
}

/** What to tell who starts a server that may have few, a line; nothing when there are enough. */
export function lowDescriptorWarning(descriptors: number): string {
  if (descriptors >= FEW) return '';
  return `understudy: Only ${descriptors} files and connections may be open at a time (ulimit -n); further connections are turned away until others leave. Raise it before the start, e.g. ulimit -n 4096.\n`;
}

/** Whether an error says that too many are open. */
export function isOutOfDescriptors(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE';
}

/** What is answered to who asks for something that needs more of them. */
export function outOfDescriptors(): Problem {
  return new Problem(
    503,
    'too-many-files',
    'Too many files open',
    'Too many files and connections are open in Understudy; ask again when some have gone, or start it with a higher limit (ulimit -n).',
  );
}

/**
 * Gives what `load` makes of modules that it loads, once. Node remembers a module that could not be read and never reads
 * it again, so there must be room for it.
 *
 * @throws Problem when there is none
 */
export function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    if (loaded === undefined) {
      assertDescriptors(LOADING);
      loaded = load();
    }
    return loaded;
  };
}

/** @throws Problem when so many more cannot be open at a time */
export function assertDescriptors(wanted: number): void {
  const taken: number[] = [];
  try {
    for (let n = 0; n < wanted; n++) taken.push(openSync(SELF, 'r'));
  } catch {
    throw outOfDescriptors();
  } finally {
    for (const one of taken) closeSync(one);
  }
}
