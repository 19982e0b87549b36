// `understudy requests [list]`: the last requests in a table, or each as it comes.
import type { JournalEntry } from '../../../control/schemas.ts';
import { EXIT, UsageError } from '../../failures.ts';
import { action, type Call } from '../../grammar.ts';
import { writeTable } from '../../table.ts';
import { onOff, setting } from '../../values.ts';
import { ASKING_ONE, Asking, query } from '../asking.ts';
import { limitSetting, sinceSetting, tellRest } from '../lists.ts';
import { answeredPatternOf, PATTERN } from '../pattern-settings.ts';
import { FOLLOWED, follow } from './follow.ts';

const LISTING = {
  follow: setting({
    value: null,
    fallback: false,
    flagOnly: true,
    read: onOff,
    help: 'print each as it comes from now on, until Ctrl-C; with --limit until so many have come',
  }),
  limit: limitSetting,
  since: sinceSetting,
  ...PATTERN,
  ...ASKING_ONE,
} as const;

export const LIST = action({
  name: 'list',
  argument: '',
  summary: 'lists those that fit, newest first',
  settings: LISTING,
  run: list,
});

async function list(call: Call<typeof LISTING>): Promise<number> {
  const { config, flags, shell } = call;
  const asking = new Asking(call);
  if (config.follow) {
    const strange = [...Object.keys(PATTERN), 'since'].find((name) => flags.has(name) && !FOLLOWED.includes(name));
    if (strange !== undefined) {
      throw new UsageError(
        `--follow goes with ${FOLLOWED.map((name) => `--${name}`).join(', ')}, not with --${strange}.`,
      );
    }
    // Names that nobody knows would never come; the server says so.
    await asking.ask('POST', '/requests/count', { body: answeredPatternOf(config) });
    return await follow(asking, config, shell);
  }
  const path = query('/requests/find', { limit: config.limit, since: config.since });
  const answer = await asking.ask<{ requests: JournalEntry[]; meta: { total: number } }>('POST', path, {
    body: answeredPatternOf(config),
  });
  if (asking.wroteJson(answer)) return EXIT.done;
  const rows = answer.requests.map(({ id, at, operation, durationMs, request, response, fault, nearest }) => [
    String(response.status),
    request.method,
    request.url,
    operation ?? (nearest?.[0] === undefined ? '' : `none, nearest ${nearest[0].operation}`),
    durationMs.toFixed(1),
    fault ?? '',
    id,
    at,
  ]);
  writeTable(shell.out, ['STATUS', 'METHOD', 'URL', 'OPERATION', 'MS', 'FAULT', 'REQUEST', 'AT'], rows);
  tellRest(shell, rows.length, answer.meta.total);
  return EXIT.done;
}
