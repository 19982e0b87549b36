// Bundles the command and the library into a few files: reading three hundred files doubles the start-up time.
// `node scripts/bundle.mjs <output folder>`, else dist.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const [, , OUT = 'dist'] = process.argv;

/** Not bundled: native packages, packages with worker threads, and large ones that are rarely needed. */
const APART = [
  '@cfworker/json-schema',
  'better-sqlite3',
  'pino',
  'pino-pretty',
  '@fastify/swagger',
  '@fastify/swagger-ui',
  '@seriousme/openapi-schema-validator',
  'ajv',
  'ajv-formats',
  'asn1js',
  'js-yaml',
  'json-schema-faker',
  'openapi-sampler',
  'pkijs',
  'preact',
];

const { metafile } = await build({
  entryPoints: ['src/main.ts', 'src/index.ts'],
  outdir: OUT,
  bundle: true,
  // Dynamic imports become separate files.
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: APART,
  // CommonJS packages load Node's modules with `require`.
  banner: { js: "import { createRequire as requireFrom } from 'node:module';const require = requireFrom(import.meta.url);" },
  legalComments: 'none',
  metafile: true,
});
writeFileSync(join(OUT, 'LICENCES.txt'), licences(Object.keys(metafile.inputs)));

/** The licences of the bundled packages. */
function licences(inputs) {
  const folders = inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(folders)].sort().map(licence).join('\n\n');
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  return `${name} ${version} (${license})${text}`;
}
