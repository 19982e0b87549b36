// Locations of the files shipped with the package. This file stays at the top of `src`, so that the paths also hold
// when bundled.

/** The package's root folder. */
const PACKAGE = new URL('../', import.meta.url);

/** package.json. */
export const MANIFEST = new URL('package.json', PACKAGE);
/** The rows of a new sandbox, a folder per provider. */
export const FIXTURES = new URL('fixtures', PACKAGE);
/** The published contracts, `<provider>.json`. */
export const CONTRACTS = new URL('openapi/', PACKAGE);
/** Static files for browsers. */
export const ASSETS = new URL('assets/', PACKAGE);
/** The compiled modules of the dashboard. */
export const DASHBOARD = new URL('dashboard/', import.meta.url);
