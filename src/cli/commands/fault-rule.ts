// Reads the rule of a planned fault from flags, or a whole rule from JSON.
import { WIRE_FAULTS } from '../../core/faults/fault-plan.ts';
import type { Call } from '../definition.ts';
import { UsageError } from '../failures.ts';
import { choice, flag, flagSwitch, text, wholeNumber } from '../values.ts';
import { jsonIn } from './json-input.ts';
import { patternOf, REQUEST_PATTERN } from './pattern-settings.ts';

type Delay = { readonly fixedMs: number } | { readonly uniformMs: readonly [number, number] };

/** No limit in practice. */
const MANY = 1_000_000_000;

export const RULE = {
  ...REQUEST_PATTERN,
  status: flag('number', wholeNumber(400, 599), 'respond with this error of the operation'),
  code: flag('name', text, 'which of several errors with that status; GET /__admin/errors lists them'),
  integration: flag('code', text, "QuickBooks' code of a refusal, as in 3200; needs --status 502"),
  'retry-after': flag('seconds', wholeNumber(0, MANY), 'the Retry-After header of a 429 or 503'),
  lenient: flagSwitch('allow a status that the operation does not declare'),
  fault: flag('kind', choice(...WIRE_FAULTS), `break the response on the wire: ${WIRE_FAULTS.join(', ')}`),
  delay: flag('ms|least-most', delay, 'delay the response, by a fixed time or by one drawn from a range'),
  phase: flag(
    'phase',
    choice('before', 'after-commit'),
    'before (the default) fails without any effect, after-commit runs the operation and loses its response',
  ),
  times: flag('number', wholeNumber(1, MANY), 'how many times; without it every time'),
  skip: flag('number', wholeNumber(0, MANY), 'how many matching requests to let through first; needs --times'),
  probability: flag('0..1', probability, 'how likely the fault is, instead of --times'),
  seed: flag('text', text, 'makes the draws of --probability repeatable'),
} as const;

/** The rule as the control plane accepts it. @throws UsageError for contradicting flags or invalid JSON */
export async function ruleOf({ config, words: [whole], flags, shell }: Call<typeof RULE>): Promise<unknown> {
  const own = Object.keys(RULE).filter((name) => flags.has(name));
  if (whole !== undefined) {
    if (own.length > 0) throw new UsageError(`fault add takes a whole rule or flags such as --${own[0]}, not both.`);
    return jsonIn(whole, shell);
  }
  const { status, fault, phase, delay, ...rest } = config;
  const effect = effectOf(config);
  if (effect === undefined && delay === null) {
    throw new UsageError('fault add needs an effect: --status, --fault or --delay; see understudy fault add --help.');
  }
  const given = Object.entries({ mode: modeOf(config), effect, phase, delay }).filter(([, value]) => value != null);
  return { match: patternOf(rest), ...Object.fromEntries(given) };
}

type Config = Call<typeof RULE>['config'];

function modeOf({ times, skip, probability, seed }: Config): object | undefined {
  if (probability !== null) {
    if (times !== null) throw new UsageError('fault add takes --times or --probability, not both.');
    return { probability, ...(seed === null ? {} : { seed }) };
  }
  if (seed !== null) throw new UsageError('--seed needs --probability.');
  if (times !== null) return { times, ...(skip === null ? {} : { skip }) };
  if (skip !== null) throw new UsageError('--skip needs --times.');
  return undefined;
}

function effectOf({
  status,
  code,
  integration,
  lenient,
  fault,
  'retry-after': retryAfter,
}: Config): object | undefined {
  if (status !== null && fault !== null) throw new UsageError('fault add takes --status or --fault, not both.');
  const more = Object.entries({ code, integration, retryAfter, lenient: lenient || null }).filter(
    ([, value]) => value !== null,
  );
  if (status !== null) return { status, ...Object.fromEntries(more) };
  if (more.length > 0) throw new UsageError('--code, --integration, --retry-after and --lenient need --status.');
  return fault === null ? undefined : { fault };
}

function probability(given: string): number {
  if (!/^(0(\.\d+)?|1(\.0+)?|\.\d+)$/.test(given)) throw new Error('takes a number from 0 to 1');
  return Number(given);
}

function delay(given: string): Delay {
  const [, least, most] = /^(\d+)(?:-(\d+))?$/.exec(given) ?? [];
  if (least === undefined) throw new Error('takes milliseconds, as in 250 or 100-400');
  return most === undefined ? { fixedMs: Number(least) } : { uniformMs: [Number(least), Number(most)] };
}
