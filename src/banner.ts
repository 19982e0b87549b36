// What a start prints: where everything is, keys to paste, and what was loaded.
import type { Config } from './config.ts';
import type { Fixtures } from './core/fixtures.ts';
import { PROVIDERS } from './providers/index.ts';
import { VERSION } from './version.ts';

/** The text of a start, for people and for logs. */
export function banner(config: Config, port: number, counts: Fixtures['counts']): string {
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
  return `Understudy ${VERSION}   ${from}, ${kept}, auth ${config.auth}\n\n${providers.join('\n\n')}\n\n${roots}  ${'Sandbox'.padEnd(13)} ${origin}/__admin/state   reset: curl -X POST ${origin}/__admin/reset\n`;
}
