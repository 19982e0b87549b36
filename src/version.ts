// The version of this package.
import { readFileSync } from 'node:fs';
import { MANIFEST } from './places.ts';

/** The `version` of package.json. */
export const VERSION: string = JSON.parse(readFileSync(MANIFEST, 'utf8')).version;
