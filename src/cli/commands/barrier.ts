// `understudy barrier`: plans races of two requests, lists who met, deletes barriers.
import type { PlannedBarrier } from '../../control/schemas.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT, UsageError } from '../failures.ts';
import { choice, flag, text, wholeNumber } from '../values.ts';
import { ControlClient, query, SANDBOX_SETTINGS, sends } from './control-client.ts';
import { jsonIn } from './json-input.ts';
import { limitSetting } from './list-settings.ts';
import { jsonObject, membersOf, patternOf, REQUEST_PATTERN } from './pattern-settings.ts';

const BARRIER = {
  ...REQUEST_PATTERN,
  second: flag(
    'operation|json',
    operationOrPattern,
    'the other request: an operation, or a pattern as JSON; by default one like the first',
  ),
  mode: flag(
    'mode',
    choice('meet', 'order'),
    'meet (the default) makes both wait until the other has arrived, order makes the second wait until the first has committed',
  ),
  timeout: flag('seconds', wholeNumber(1, 60), 'how long a request waits before it goes on; 5 by default'),
  times: flag('number', wholeNumber(1, 100), 'how many pairs; one by default'),
} as const;
const ADDING = { ...BARRIER, ...SANDBOX_SETTINGS } as const;
const LISTING = { limit: limitSetting, ...SANDBOX_SETTINGS } as const;

export const barrier: Command = {
  name: 'barrier',
  alias: 'barriers',
  summary: 'Plan races: two requests wait for each other, or one for the commit of the other',
  actions: [
    action({
      name: 'list',
      summary: 'List the barriers, newest first, with the requests that met',
      settings: LISTING,
      run: list,
    }),
    action({
      name: 'add',
      argument: '[barrier|-]',
      summary: 'Plan a race from flags or from a whole barrier as JSON (- reads standard input), and print its id',
      settings: ADDING,
      run: add,
    }),
    action({
      name: 'delete',
      argument: '<id>',
      summary: 'Delete a barrier; requests that wait at it go on',
      settings: SANDBOX_SETTINGS,
      run: sends('DELETE', ([id]) => `/barriers/${id}`),
    }),
    action({
      name: 'clear',
      summary: 'Delete all barriers',
      settings: SANDBOX_SETTINGS,
      run: sends('DELETE', () => '/barriers'),
    }),
  ],
  examples: [
    'understudy barrier add --operation endUsers.delete',
    'understudy barrier add --operation endUsers.delete --second endUsers.create --mode order --timeout 2',
    `understudy barrier add --id user-42 --second '{"method": "DELETE", "path": "/users/*"}'`,
    'understudy barrier list',
    'understudy barrier delete bdyycij3dlkz9ix7',
  ],
};

async function add(call: Call<typeof ADDING>): Promise<number> {
  const client = new ControlClient(call);
  const planned = await client.send<PlannedBarrier>('POST', '/barriers', { body: await barrierOf(call) });
  if (!client.wroteJson(planned)) call.shell.out.write(`${planned.id}\n`);
  return EXIT.yes;
}

async function barrierOf({ config, words: [whole], flags, shell }: Call<typeof BARRIER>): Promise<unknown> {
  const own = Object.keys(BARRIER).filter((name) => flags.has(name));
  if (whole !== undefined) {
    if (own.length > 0)
      throw new UsageError(`barrier add takes a whole barrier or flags such as --${own[0]}, not both.`);
    return await jsonIn(whole, shell);
  }
  if (own.length === 0)
    throw new UsageError(
      'barrier add needs flags such as --operation, or a whole barrier; see understudy barrier add --help.',
    );
  const { second, mode, timeout, times, ...first } = config;
  const timeoutMs = timeout === null ? null : timeout * 1000;
  const given = Object.entries({ second, mode, timeoutMs, times }).filter(([, value]) => value !== null);
  return { first: patternOf(first), ...Object.fromEntries(given) };
}

function operationOrPattern(given: string): object {
  return given.startsWith('{') ? jsonObject(given) : { operation: text(given) };
}

async function list(call: Call<typeof LISTING>): Promise<number> {
  return await new ControlClient(call).printList(
    'barriers',
    ['GET', query('/barriers', { limit: call.config.limit })],
    ['ID', 'FIRST', 'SECOND', 'MODE', 'STATE', 'PAIRS'],
    ({ id, first, second, mode, state, pairs, times }: PlannedBarrier) => [
      id,
      membersOf(first) || 'everything',
      membersOf(second) || 'everything',
      mode,
      state.replace('-', ' '),
      [`${pairs.length} of ${times}`, ...pairs.map((pair) => `${pair.first ?? '-'} ${pair.second ?? '-'}`)].join(', '),
    ],
  );
}
