// Supply chain scripts: allowed licences, the SBOM of a production install, exit codes of the audit.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { SOURCES } from '../harness.ts';
import { BARE } from '../process.ts';

const script = (name: string) => join(SOURCES, 'scripts', name);
const { productionOf, readLock } = await import(pathToFileURL(script('lockfile.mjs')).href);
const { pageOf, refusals } = await import(pathToFileURL(script('licences.mjs')).href);

t.test('docs/dependencies.md is up to date, and every licence is allowed', (t) => {
  const packages = productionOf(readLock());
  t.strictSame(refusals(packages), []);
  t.equal(readFileSync(join(SOURCES, 'docs/dependencies.md'), 'utf8'), pageOf(packages));
  const { dependencies } = JSON.parse(readFileSync(join(SOURCES, 'package.json'), 'utf8'));
  const direct = packages.filter((one: { direct: boolean }) => one.direct).map((one: { name: string }) => one.name);
  t.strictSame(direct, Object.keys(dependencies).sort());
  t.end();
});

t.test('a missing or disallowed licence is reported with its package', (t) => {
  const lock = {
    packages: {
      '': { dependencies: { a: '1' }, devDependencies: { d: '1' } },
      'node_modules/a': { version: '1.0.0', license: '(GPL-3.0-only OR MIT)' },
      'node_modules/a/node_modules/@s/b': { version: '2.0.0', license: 'MIT AND GPL-3.0-only' },
      'node_modules/c': { version: '3.0.0' },
      'node_modules/d': { version: '4.0.0', license: 'GPL-3.0-only', dev: true },
    },
  };
  t.strictSame(refusals(productionOf(lock)), [
    '@s/b 2.0.0 is under MIT AND GPL-3.0-only, which is not allowed; use another package, or allow it in scripts/licences.mjs.',
    'c 3.0.0 names no licence in package-lock.json; use another package, or allow it in scripts/licences.mjs.',
  ]);
  t.end();
});

t.test('an audit exits with 0 for no findings, 1 for a vulnerable package, 2 if the registry is unreachable', (t) => {
  const bin = t.testdir({});
  const npm = join(bin, 'npm');
  const found = { name: 'a', severity: 'high', range: '<2', fixAvailable: true };
  const audit = (production: object, all: object = production) => {
    const reports = [production, all].map((report) => JSON.stringify(report).replaceAll("'", ''));
    // npm exits with 1 in both cases.
    writeFileSync(
      npm,
      `#!/bin/sh\ncase "$*" in *omit=dev*) echo '${reports[0]}';; *) echo '${reports[1]}';; esac\nexit 1\n`,
    );
    chmodSync(npm, 0o755);
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const { status, stdout, stderr } = spawnSync('env', [...BARE, process.execPath, script('audit.mjs')], {
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const clean = { auditReportVersion: 2, vulnerabilities: {} };
  const vulnerable = { auditReportVersion: 2, vulnerabilities: { a: found } };
  t.strictSame(audit(clean, vulnerable), {
    status: 0,
    stdout:
      '0 vulnerable packages in production\n1 vulnerable packages in development\n  a <2: high, npm audit fix mends it\n',
    stderr: '',
  });
  t.strictSame(audit(vulnerable), {
    status: 1,
    stdout:
      '1 vulnerable packages in production\n  a <2: high, npm audit fix mends it\n0 vulnerable packages in development\n',
    stderr: '',
  });
  t.strictSame(audit({ message: '405 Method Not Allowed' }), {
    status: 2,
    stdout: '',
    stderr:
      'Not audited: the registry cannot be reached (405 Method Not Allowed). Run npm run audit where it can be reached.\n',
  });
  t.end();
});

t.test('the SBOM lists every package of a production install and none of development', (t) => {
  const place = t.testdir({});
  writeFileSync(join(place, 'package.json'), readFileSync(join(SOURCES, 'package.json')));
  const { status, stderr } = spawnSync('env', [...BARE, process.execPath, script('sbom.mjs')], {
    cwd: place,
    encoding: 'utf8',
  });
  t.equal(status, 0, stderr);
  const { bomFormat, metadata, components } = JSON.parse(readFileSync(join(place, 'sbom.cdx.json'), 'utf8'));
  const name = (one: { name: string; version: string }) => `${one.name}@${one.version}`;
  t.strictSame([bomFormat, metadata.component.name], ['CycloneDX', 'understudy-sandbox']);
  t.strictSame(components.map(name).sort(), productionOf(readLock()).map(name).sort());
  t.end();
});
