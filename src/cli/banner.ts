// The text printed at start: base URLs, keys to paste, and what was loaded.
import type { Published } from '../core/openapi/published/extended.ts';
import type { Fixtures } from '../core/sandbox/fixtures.ts';
import { PROVIDERS, WITHOUT_KEY } from '../providers/index.ts';
import { VERSION } from '../version.ts';
import type { Config } from './settings.ts';

/** What is known only once the server listens. */
export interface Started {
  readonly port: number;
  readonly adminPort: number;
  /** The port of HTTPS; null without --tls. */
  readonly tlsPort: number | null;
  /** The control plane's token, if it was generated for this start. */
  readonly token: string | null;
  readonly counts: Fixtures['counts'];
  readonly contracts: ReadonlyMap<string, Published>;
}

/** How many resources are counted one by one. */
const COUNTED = 6;

/** The rows of the fixtures; of many resources only the first. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const all = Object.entries(counts);
  const shown = all.slice(0, COUNTED).map(([name, count]) => `${count} ${name}`);
  const rest = all.slice(COUNTED).map(([, count]) => count);
  const more = rest.reduce((sum, count) => sum + count, 0);
  return [...shown, ...(rest.length === 0 ? [] : [`${more} rows of ${rest.length} more resources`])].join(', ');
}

/** The text, for people and for logs. */
export function banner(config: Config, { port, adminPort, tlsPort, token, counts, contracts }: Started): string {
  const host = /^(0\.0\.0\.0|::|)$/.test(config.host)
    ? 'localhost'
    : config.host.includes(':')
      ? `[${config.host}]`
      : config.host;
  const origin = `http://${host}:${port}`;
  const providers = PROVIDERS.map((provider) => {
    const rows = countsText(counts[provider.name] as Record<string, number>);
    const keys = Object.entries(provider.sampleKeys('default')).map(([name, key]) => `${name} ${key}`);
    const published = contracts.get(provider.name);
    const more =
      published === undefined
        ? []
        : [`${published.operations.length} more operations from ${published.file}`, ...contradicting(published)];
    return [
      `  ${provider.title.padEnd(13)} ${origin}${provider.mount}${provider.base}`,
      `  ${''.padEnd(13)} ${keys.join('   ')}`,
      `  ${''.padEnd(13)} ${rows}`,
      ...more.map((line) => `  ${''.padEnd(13)} ${line}`),
    ].join('\n');
  });
  const roots = config.mount
    .map(({ provider, port }) => `  ${''.padEnd(13)} ${provider} also at http://${host}:${port}\n`)
    .join('');
  const from = config.fixtures ?? 'built-in fixtures';
  const kept = config.data === null ? 'in memory' : `kept in ${config.data}`;
  const admin = `http://${host}:${adminPort}/__admin`;
  const https =
    tlsPort === null
      ? ''
      : `  ${'https'.padEnd(13)} https://${host}:${tlsPort}   trust its CA: curl ${admin}/ca.pem > ca.pem; export NODE_EXTRA_CA_CERTS=$PWD/ca.pem\n`;
  const keys =
    config.auth === 'spec'
      ? `Any well-formed key is accepted. ${WITHOUT_KEY}`
      : 'Only the keys of a sandbox are accepted; a call without one is refused.';
  const bearer = token === null ? '' : ` -H 'Authorization: Bearer ${token}'`;
  const page = token === null ? `${admin}/ui` : `${admin}/ui?token=${token}`;
  return `Understudy ${VERSION}   ${from}, ${kept}, auth ${config.auth}\n\n${providers.join('\n\n')}\n\n  ${'Keys'.padEnd(13)} ${keys}\n${roots}${https}  ${'Dashboard'.padEnd(13)} ${page}   reset: curl -X POST ${admin}/reset${bearer}\n  ${'Documents'.padEnd(13)} ${admin}/docs\n`;
}

/** How many examples of a document contradict their schema, and how to see which. */
function contradicting({ contradictions: { found, complete } }: Published): string[] {
  if (found.length === 0) return [];
  const [examples, their] = found.length === 1 ? ['example contradicts', 'its'] : ['examples contradict', 'their'];
  const least = complete ? '' : 'at least ';
  return [
    `${least}${found.length} ${examples} ${their} schema; --log-level info lists ${found.length === 1 ? 'it' : 'them'}`,
  ];
}
