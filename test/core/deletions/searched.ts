// How much an erasure check of the built-in fixtures searches.
import { PROVIDERS } from '../../../src/providers/index.ts';
import { buildServer } from '../../../src/server.ts';

/** The resources of all providers. */
export const RESOURCES = PROVIDERS.flatMap(({ resources }) => resources).length;

const app = buildServer();

/** Their rows in the built-in fixtures. */
export const ROWS = Object.values(app.loaded)
  .flatMap((resources) => Object.values(resources))
  .reduce((sum, rows) => sum + rows, 0);

await app.close();
