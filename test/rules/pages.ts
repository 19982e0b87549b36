// The documents of the repository, for the tests that hold them to the code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCES } from '../harness.ts';

const SKIPPED = /(^|\/)(node_modules|\.[^/]+|dist|sbom)(\/|$)/;

const markdown = (folder: string) =>
  readdirSync(join(SOURCES, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !SKIPPED.test(name))
    .map((name) => `${folder}/${name}`);

/** The README of each folder of `src`. */
export const FOLDERS: readonly string[] = markdown('src');

/** Every Markdown file that people read, by its path in the repository. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...['docs', 'bench', 'examples'].flatMap(markdown), ...FOLDERS].map(
    (file) => [file, readFileSync(join(SOURCES, file), 'utf8')],
  ),
);
