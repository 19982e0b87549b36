// Loads test files into one process: each process starts anew, compiles schemas again, and runs slow code at first.
import { readdirSync } from 'node:fs';

/** Imports every test file below these folders of `test`, in order; their tests run one after another. */
export async function load(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    const place = new URL(`../${folder}/`, import.meta.url);
    const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.js'));
    for (const file of files.sort()) await import(new URL(file, place).href);
  }
}
