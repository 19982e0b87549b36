// Writes a file atomically: the new content is written beside it, synchronised with the disk, and renamed.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Suffix of new content; a killed process leaves it behind. */
export const NEW_CONTENT = '.new';

let count = 0;

/** New content of a file, written beside it. */
export interface PreparedFile {
  /** Replaces the file: after a crash there is the old one or the new one. Close its database before. */
  swap(): void;
  /** Deletes the new content. */
  discard(): void;
}

/** Writes `image` to `path` atomically: after a crash there is the old file or the new one. */
export function writeFile(path: string, image: Buffer): void {
  const prepared = preparedFile(path);
  try {
    const file = openSync(prepared.temporary, 'w');
    try {
      writeFileSync(file, image);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    prepared.discard();
    throw error;
  }
  prepared.swap();
}

/** Writes `image` beside `path` while other requests are served. */
export async function prepareFile(path: string, image: Buffer): Promise<PreparedFile> {
  const prepared = preparedFile(path);
  try {
    const file = await open(prepared.temporary, 'w');
    try {
      await file.writeFile(image);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    // A partial file would waste space on a full disk.
    prepared.discard();
    throw error;
  }
  return prepared;
}

function preparedFile(path: string): PreparedFile & { readonly temporary: string } {
  // A name of its own: a file of the same path may be written for a sandbox of the same name, deleted or new.
  const temporary = `${path}.${++count}${NEW_CONTENT}`;
  return {
    temporary,
    swap() {
      // The log of a killed process belongs to the old file, but would be replayed into the new one.
      rmSync(`${path}-wal`, { force: true });
      renameSync(temporary, path);
    },
    discard: () => rmSync(temporary, { force: true }),
  };
}
