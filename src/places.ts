// Where the files that come with the package are. It stands at the top of `src`: bundled or not, the paths are the same.

/** The package, a folder. */
const PACKAGE = new URL('../', import.meta.url);

/** package.json. */
export const MANIFEST = new URL('package.json', PACKAGE);
/** The rows a fresh sandbox holds, a folder for each provider. */
export const FIXTURES = new URL('fixtures', PACKAGE);
/** The published contracts, `<provider>.json`. */
export const CONTRACTS = new URL('openapi/', PACKAGE);
/** What browsers are sent and needs no compiling. */
export const ASSETS = new URL('assets/', PACKAGE);
/** The compiled modules of the dashboard. */
export const DASHBOARD = new URL('dashboard/', import.meta.url);
