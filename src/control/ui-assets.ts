// The files of the page a browser shows: read from the package once, when somebody asks, and kept in memory.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { DASHBOARD, ASSETS as PACKAGED } from '../places.ts';

/** A file as it is sent. */
export interface Asset {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
}

/** Where the page's files live below the control plane. */
export const ASSETS = '/__admin/ui';

/** Style sheets and pictures. */
const STATIC_FILES = new URL('dashboard/', PACKAGED);

/** Libraries by the name that modules import them by. */
const LIBRARIES: Readonly<Record<string, string>> = {
  preact: 'preact.js',
  'preact/hooks': 'hooks.js',
  'preact/jsx-runtime': 'jsx-runtime.js',
  '@preact/signals': 'signals.js',
  '@preact/signals-core': 'signals-core.js',
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

let places: ReadonlyMap<string, URL> | undefined;
const kept = new Map<string, Asset>();

/** The names of all files, `<folder>/<file>`. */
export function assetNames(): string[] {
  return [...placesOfAssets().keys()];
}

/** A file of the page, or undefined. */
export function asset(name: string): Asset | undefined {
  let found = kept.get(name);
  if (found === undefined) {
    const place = placesOfAssets().get(name);
    if (place === undefined) return undefined;
    const body = squeezed(name, readFileSync(place, 'utf8'));
    found = { type: TYPES[name.split('.').at(-1) as string] as string, body, etag: etagOf(body) };
    kept.set(name, found);
  }
  return found;
}

/**
 * A file without what only its author reads: comments and line breaks of the style sheet, indentation of
 * modules (none of them has a text of several lines), and the maps, which a browser's tools would ask for.
 */
function squeezed(name: string, text: string): string {
  if (name.endsWith('.css')) {
    return text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\s*\n\s*/g, '')
      .replace(/(?<=[:,]) | (?=\{)/g, '');
  }
  return text.replace(/^ +/gm, '').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
}

/** What an `ETag` says of a text. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** The import map of the page: how a browser finds the libraries. */
export function importMap(): string {
  const imports = Object.entries(LIBRARIES).map(([name, file]) => [name, `${ASSETS}/library/${file}`]);
  return JSON.stringify({ imports: Object.fromEntries(imports) });
}

function placesOfAssets(): ReadonlyMap<string, URL> {
  places ??= new Map([
    ...Object.entries(LIBRARIES).map(([name, file]): [string, URL] => [
      `library/${file}`,
      new URL(import.meta.resolve(name)),
    ]),
    ...readdirSync(STATIC_FILES).map((file): [string, URL] => [`look/${file}`, new URL(file, STATIC_FILES)]),
    ...readdirSync(DASHBOARD, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name): [string, URL] => {
        const path = name.replaceAll('\\', '/');
        return [path, new URL(path, DASHBOARD)];
      }),
  ]);
  return places;
}
