// The dashboard's static files: read from the package on first request, then cached in memory.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { DASHBOARD, ASSETS as PACKAGED } from '../places.ts';

/** A file as sent to the browser. */
export interface Asset {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
}

/** The URL path of the dashboard and its files. */
export const ASSETS = '/__admin/ui';

/** Folder of the style sheets and images. */
const STATIC_FILES = new URL('dashboard/', PACKAGED);

/** Library files by module specifier. */
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
const cache = new Map<string, Asset>();

/** Names of all files, `<folder>/<file>`. */
export function assetNames(): string[] {
  return [...placesOfAssets().keys()];
}

/** The file of that name; undefined when there is none. */
export function asset(name: string): Asset | undefined {
  let found = cache.get(name);
  if (found === undefined) {
    const place = placesOfAssets().get(name);
    if (place === undefined) return undefined;
    const body = minified(name, readFileSync(place, 'utf8'));
    found = { type: TYPES[name.split('.').at(-1) as string] as string, body, etag: etagOf(body) };
    cache.set(name, found);
  }
  return found;
}

/**
 * Minifies a file: removes comments and line breaks from style sheets, and indentation and source map
 * references from modules. No module has a multi-line string, so removing indentation is safe.
 */
function minified(name: string, text: string): string {
  if (name.endsWith('.css')) {
    return text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\s*\n\s*/g, '')
      .replace(/(?<=[:,]) | (?=\{)/g, '');
  }
  return text.replace(/^ +/gm, '').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
}

/** The `ETag` of a text: a quoted SHA-256 prefix. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** The page's import map (JSON), which resolves the library specifiers. */
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
