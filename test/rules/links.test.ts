// Documents lead where they say: links, anchors, the index, and the README of each folder of src.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import { SOURCES } from '../harness.ts';
import { FOLDERS, PAGES } from './pages.ts';

/** The rooms of src that open with a README. */
const ROOMS = [
  ...['cli', 'control', 'explore', 'library', 'dashboard', 'providers', 'providers/conductor/quickbooks'],
  ...[
    'deletions',
    'faults',
    'http',
    'journal',
    'openapi',
    'openapi/published',
    'provider',
    'sandbox',
    'storage',
    'tls',
  ].map((name) => `core/${name}`),
];

/** Without what only looks like Markdown: fenced blocks. */
const prose = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

/** The anchors that a page's headings get. */
function anchorsOf(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Where a page's links and pictures lead, as paths in the repository; links to elsewhere are left out. */
function linksOf(file: string): { to: string; anchor: string }[] {
  const text = prose(PAGES.get(file) as string);
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/\b(?:src|srcset)="([^"]+)"/g)].map(
    ([, target]) => String(target),
  );
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      return { to: path === '' ? file : normalize(join(dirname(file), path)).replace(/\/$/, ''), anchor };
    });
}

t.test('every link leads to a file or folder, and every anchor to a heading', async (t) => {
  let links = 0;
  for (const file of PAGES.keys()) {
    for (const { to, anchor } of linksOf(file)) {
      links += 1;
      if (!existsSync(join(SOURCES, to))) t.fail(`${file}: there is no ${to}`);
      if (anchor !== '' && !anchorsOf(PAGES.get(to) ?? '').includes(anchor)) t.fail(`${file}: no #${anchor} in ${to}`);
    }
  }
  t.ok(links > 100, `${links} links`);
});

t.test('every page of docs is in its index, and the README leads there', async (t) => {
  const index = linksOf('docs/README.md').map(({ to }) => to);
  const pages = readdirSync(join(SOURCES, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
  t.ok(pages.length >= 20, `${pages.length} pages`);
  for (const name of pages) t.ok(index.includes(`docs/${name}`), name);
  t.ok(linksOf('README.md').some(({ to }) => to === 'docs/README.md'));
});

t.test('each room of src opens with a README of five to ten lines that names files which exist', async (t) => {
  t.strictSame([...FOLDERS].sort(), ROOMS.map((room) => `src/${room}/README.md`).sort());
  for (const file of FOLDERS) {
    const text = PAGES.get(file) as string;
    const { length } = text.trimEnd().split('\n');
    t.ok(length >= 5 && length <= 10, `${file} has ${length} lines`);
    const names = [...text.matchAll(/`([\w./<>-]+\.(?:ts|tsx|mjs|json|md))`/g)].map(([, name]) => String(name));
    t.ok(names.length > 0, `${file} names a file`);
    for (const name of names) {
      const places = [dirname(file), 'src', '.'].map((place) => join(SOURCES, place, name));
      if (!places.some((place) => existsSync(place)) && !inEachProvider(file, name))
        t.fail(`${file}: there is no ${name}`);
    }
  }
});

/** What src/providers says of each of its folders. */
function inEachProvider(file: string, name: string): boolean {
  if (file !== 'src/providers/README.md') return false;
  const folder = join(SOURCES, 'src/providers');
  return readdirSync(folder, { withFileTypes: true }).every(
    (entry) => !entry.isDirectory() || existsSync(join(folder, entry.name, name)),
  );
}

t.test('CONTRIBUTING names files that exist', async (t) => {
  const text = PAGES.get('CONTRIBUTING.md') as string;
  const names = [...text.matchAll(/(?<![\w/.])((?:src|core|providers|test|docs|scripts)\/[\w./-]+\.(?:tsx?|mjs|md))/g)];
  t.ok(names.length > 30, `${names.length} names`);
  for (const [, name] of names) {
    const found = [name, `src/${name}`].some((place) => existsSync(join(SOURCES, String(place))));
    if (!found) t.fail(`there is no ${name}`);
  }
});
