// What a start prints: where everything is, keys to paste, and what was loaded.

import type { Fixtures } from './core/fixtures.ts';
import { PROVIDERS } from './providers/index.ts';
import type { Config } from './settings.ts';
import { VERSION } from './version.ts';

/** What only the start knows. */
export interface Started {
  readonly port: number;
  readonly adminPort: number;
  /** The control plane's token where it was made for this start. */
  readonly token: string | null;
  readonly counts: Fixtures['counts'];
}

/** The text of a start, for people and for logs. */
export function banner(config: Config, { port, adminPort, token, counts }: Started): string {
  const host = /^(0\.0\.0\.0|::|)$/.test(config.host)
    ? 'localhost'
    : config.host.includes(':')
      ? `[${config.host}]`
      : config.host;
  const origin = `http://${host}:${port}`;
  const providers = PROVIDERS.map((provider) => {
    const rows = Object.entries(counts[provider.name] as Record<string, number>).map(
      ([name, count]) => `${count} ${name}`,
    );
    const keys = Object.entries(provider.sampleKeys('default')).map(([name, key]) => `${name} ${key}`);
    return [
      `  ${provider.title.padEnd(13)} ${origin}${provider.mount}${provider.base}`,
      `  ${''.padEnd(13)} ${keys.join('   ')}`,
      `  ${''.padEnd(13)} ${rows.join(', ')}`,
    ].join('\n');
  });
  const roots = config.mount
    .map(({ provider, port }) => `  ${''.padEnd(13)} ${provider} also at http://${host}:${port}\n`)
    .join('');
  const from = config.fixtures ?? 'built-in fixtures';
  const kept = config.data === null ? 'in memory' : `kept in ${config.data}`;
  const admin = `http://${host}:${adminPort}/__admin`;
  const bearer = token === null ? '' : ` -H 'Authorization: Bearer ${token}'`;
  const page = token === null ? `${admin}/ui` : `${admin}/ui?token=${token}`;
  return `Understudy ${VERSION}   ${from}, ${kept}, auth ${config.auth}\n\n${providers.join('\n\n')}\n\n${roots}  ${'Sandbox'.padEnd(13)} ${page}   reset: curl -X POST ${admin}/reset${bearer}\n`;
}
