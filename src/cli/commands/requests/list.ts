// `understudy requests list`: the last requests in a table, or each one as it arrives.
import type { JournalEntry } from '../../../control/schemas.ts';
import { action, type Call } from '../../definition.ts';
import { UsageError } from '../../failures.ts';
import { flagSwitch } from '../../values.ts';
import { ControlClient, query, SANDBOX_SETTINGS } from '../control-client.ts';
import { limitSetting, sinceSetting } from '../list-settings.ts';
import { PATTERN, patternOf } from '../pattern-settings.ts';
import { FOLLOWED, follow } from './follow.ts';

const LISTING = {
  follow: flagSwitch('print each request as it arrives, until Ctrl-C; with --limit until that many are complete'),
  limit: limitSetting,
  since: sinceSetting,
  ...PATTERN,
  ...SANDBOX_SETTINGS,
} as const;

export const LIST = action({
  name: 'list',
  summary: 'List the requests that match, newest first',
  settings: LISTING,
  run: list,
});

async function list(call: Call<typeof LISTING>): Promise<number> {
  const { config, flags, shell } = call;
  const client = new ControlClient(call);
  const body = patternOf(config);
  if (config.follow) {
    const other = [...Object.keys(PATTERN), 'since'].find((name) => flags.has(name) && !FOLLOWED.includes(name));
    if (other !== undefined) {
      throw new UsageError(`--follow takes ${FOLLOWED.map((name) => `--${name}`).join(', ')}, not --${other}.`);
    }
    // The server checks the names: a request to an unknown operation would never arrive.
    await client.send('POST', '/requests/count', { body });
    return await follow(client, config, shell);
  }
  return await client.printList(
    'requests',
    ['POST', query('/requests/find', { limit: config.limit, since: config.since }), body],
    ['STATUS', 'METHOD', 'URL', 'OPERATION', 'MS', 'FAULT', 'KEY', 'REQUEST', 'AT'],
    ({ id, at, operation, durationMs, request, response, delivered, fault, keyless, nearest }: JournalEntry) => [
      `${response.status ?? 'pending'}${delivered || response.status === null ? '' : ' (lost)'}`,
      request.method,
      request.url,
      operation ?? (nearest?.[0] === undefined ? '' : `none, nearest ${nearest[0].operation}`),
      durationMs.toFixed(1),
      fault ?? '',
      keyless ? 'none' : '',
      id,
      at,
    ],
  );
}
