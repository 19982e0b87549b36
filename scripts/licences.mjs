// Writes docs/dependencies.md: the packages of a production install with their licences. Fails on a disallowed licence.
// With --check it writes nothing, and fails when the page is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { productionOf, readLock } from './lockfile.mjs';

/** Permissive licences, which only require their notice to be included. */
const ALLOWED = ['Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'PSF-2.0'];

const PAGE = new URL('../docs/dependencies.md', import.meta.url);

/** A message for each package whose licence is missing or not allowed. */
export function refusals(packages) {
  const way = 'use another package, or allow it in scripts/licences.mjs';
  return packages.flatMap(({ name, version, licence }) => {
    if (licence === undefined) return [`${name} ${version} names no licence in package-lock.json; ${way}.`];
    return isAllowed(licence) ? [] : [`${name} ${version} is under ${licence}, which is not allowed; ${way}.`];
  });
}

/** Whether an SPDX expression is satisfied by the allowed licences: one side of each OR, both of each AND. */
function isAllowed(expression) {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  return plain.split(' OR ').some((side) => side.split(' AND ').every((id) => ALLOWED.includes(id)));
}

/** The page. */
export function pageOf(packages) {
  const direct = packages.filter((one) => one.direct).length;
  const counts = new Map();
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const licences = [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
  return `# Dependencies

What \`npm ci --omit=dev\` installs, and so what the image holds: ${direct} packages that Understudy names itself, ${packages.length} in all. \`npm run licences\` writes this page from \`package-lock.json\` and fails on a licence that is missing or none of ${ALLOWED.join(', ')} (of alternatives, one must be).

${table(['licence', 'packages'], licences.map(([licence, count]) => [licence, String(count)]))}

${table(
  ['package', 'version', 'licence', 'named by Understudy'],
  packages.map(({ name, version, licence, direct }) => [name, version, licence, direct ? 'yes' : '']),
)}
`;
}

function main([flag]) {
  const packages = productionOf(readLock());
  const refused = refusals(packages);
  for (const sentence of refused) console.error(sentence);
  if (refused.length > 0) return 1;
  const page = pageOf(packages);
  if (flag === '--check') {
    if (readFileSync(PAGE, 'utf8') === page) return 0;
    console.error('docs/dependencies.md is out of date; npm run licences writes it.');
    return 1;
  }
  writeFileSync(PAGE, page);
  console.log(page.slice(page.indexOf('| package')));
  console.log(`${packages.filter((one) => one.direct).length} direct, ${packages.length} in all, every licence allowed.`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
