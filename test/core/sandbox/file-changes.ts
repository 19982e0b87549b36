// Runs code before and after every change that this process makes to files: a kill could hit any of these moments.
import fs, { cpSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const CHANGES = ['renameSync', 'rmSync', 'unlinkSync', 'writeFileSync', 'mkdirSync', 'fsyncSync'] as const;

/** Calls `moment` before and after every change of files during `work`. */
export async function atFileChanges(moment: () => void, work: () => Promise<unknown>): Promise<void> {
  const originals = CHANGES.map((name) => [name, fs[name]] as const);
  let watching = true;
  const look = () => {
    if (!watching) return;
    // What the moment itself changes is no moment.
    watching = false;
    moment();
    watching = true;
  };
  for (const [name, original] of originals) {
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        look();
        const result = (original as (...args: unknown[]) => unknown)(...args);
        look();
        return result;
      },
    });
  }
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    for (const [name, original] of originals) Object.assign(fs, { [name]: original });
    syncBuiltinESMExports();
  }
}

/** Copies of a folder as a kill would leave it, one for each moment of `work`. */
export async function killedCopies(folder: string, into: string, work: () => Promise<unknown>): Promise<string[]> {
  const copies: string[] = [];
  const copy = () => {
    const to = join(into, String(copies.length));
    cpSync(folder, to, { recursive: true });
    copies.push(to);
  };
  // The first call loads Node's code for copying, which keeps the functions that it finds.
  copy();
  await atFileChanges(copy, work);
  return copies;
}
