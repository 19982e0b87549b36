// Queries the registry for known vulnerabilities. Exits with 0 for none in production, 1 for some, 2 on failure.
// Vulnerabilities of development packages are reported only: they are neither in the image nor in the package.
import { spawnSync } from 'node:child_process';

/** The report of `npm audit`, or undefined with the reason. */
function audit(flags) {
  const { stdout = '', stderr, error } = spawnSync('npm', ['audit', '--json', ...flags], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    // Reported below.
  }
  // npm exits with 1 both for vulnerabilities and for an unreachable registry: only the report distinguishes them.
  if (report?.vulnerabilities !== undefined) return { found: Object.values(report.vulnerabilities) };
  return { why: report?.message ?? report?.error?.summary ?? error?.message ?? stderr.trim().split('\n').at(-1) };
}

function main() {
  const production = audit(['--omit=dev']);
  if (production.found === undefined) {
    console.error(`Not audited: the registry cannot be reached (${production.why}). Run npm run audit where it can be reached.`);
    return 2;
  }
  const names = new Set(production.found.map(({ name }) => name));
  const others = (audit([]).found ?? []).filter(({ name }) => !names.has(name));
  const lineOf = ({ name, severity, range, fixAvailable }) =>
    `  ${name} ${range}: ${severity}, ${fixAvailable ? 'npm audit fix mends it' : 'no fix yet'}`;
  for (const [kind, found] of [['production', production.found], ['development', others]]) {
    console.log(`${found.length} vulnerable packages in ${kind}`);
    for (const one of found) console.log(lineOf(one));
  }
  return production.found.length > 0 ? 1 : 0;
}

process.exitCode = main();
