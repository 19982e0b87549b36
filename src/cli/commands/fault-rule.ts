// The rule of a planned fault from flags, or whole from JSON.
import { WIRE_FAULTS, type WireFault } from '../../core/faults/fault-plan.ts';
import { UsageError } from '../failures.ts';
import type { Call } from '../grammar.ts';
import { choice, onOff, setting, text, wholeNumber } from '../values.ts';
import { jsonIn } from './json-input.ts';
import { patternOf, REQUEST_PATTERN } from './pattern-settings.ts';

type Delay = { readonly fixedMs: number } | { readonly uniformMs: readonly [number, number] };

/** As many as anybody can count. */
const MANY = 1_000_000_000;
const number = (help: string, least: number, most: number, value = 'number') =>
  setting<number | null>({ value, fallback: null, flagOnly: true, read: wholeNumber(least, most), help });

export const RULE = {
  ...REQUEST_PATTERN,
  status: number('answer this error of the operation', 400, 599),
  code: setting<string | null>({
    value: 'name',
    fallback: null,
    flagOnly: true,
    read: text,
    help: 'which of several errors of that status; GET /__admin/errors lists them',
  }),
  'retry-after': number('the Retry-After of a 429 or 503', 0, MANY, 'seconds'),
  lenient: setting({
    value: null,
    fallback: false,
    flagOnly: true,
    read: onOff,
    help: 'have the status even where nobody declares it',
  }),
  fault: setting<WireFault | null>({
    value: WIRE_FAULTS.join('|'),
    fallback: null,
    flagOnly: true,
    read: choice(...WIRE_FAULTS),
    help: 'break the response on the wire',
  }),
  delay: setting<Delay | null>({
    value: 'ms|least-most',
    fallback: null,
    flagOnly: true,
    read: delay,
    help: 'hold the answer back, always as long or drawn from a range',
  }),
  phase: setting<'before' | 'after-commit' | null>({
    value: 'before|after-commit',
    fallback: null,
    flagOnly: true,
    read: choice('before', 'after-commit'),
    help: 'after-commit lets the operation take effect and loses its answer; by default nothing has happened',
  }),
  times: number('how often; by default always', 1, MANY),
  skip: number('how many requests to let through first; goes with --times', 0, MANY),
  probability: setting<number | null>({
    value: '0..1',
    fallback: null,
    flagOnly: true,
    read(one) {
      if (!/^(0(\.\d+)?|1(\.0+)?|\.\d+)$/.test(one)) throw new Error('takes a number from 0 to 1');
      return Number(one);
    },
    help: 'how likely, instead of --times',
  }),
  seed: setting<string | null>({
    value: 'text',
    fallback: null,
    flagOnly: true,
    read: text,
    help: 'the same seed draws the same chances; goes with --probability',
  }),
} as const;

/** The rule as the control plane takes it. @throws UsageError when flags contradict each other, or the JSON is none */
export async function ruleOf({ config, words: [whole], flags, shell }: Call<typeof RULE>): Promise<unknown> {
  const own = Object.keys(RULE).filter((name) => flags.has(name));
  if (whole !== undefined) {
    if (own.length > 0) throw new UsageError(`fault add takes a whole rule or flags such as --${own[0]}, not both.`);
    return jsonIn(whole, shell);
  }
  const match = patternOf(config);
  const { phase, delay } = config;
  const given = Object.entries({ mode: modeOf(config), effect: effectOf(config), phase, delay });
  const rest = Object.fromEntries(given.filter(([, value]) => value != null));
  if (rest.effect === undefined && rest.delay === undefined) {
    throw new UsageError(
      'fault add takes what shall happen: --status, --fault or --delay; see understudy fault --help.',
    );
  }
  return { match, ...rest };
}

type Config = Call<typeof RULE>['config'];

function modeOf({ times, skip, probability, seed }: Config): object | undefined {
  if (probability !== null) {
    if (times !== null) throw new UsageError('fault add takes --times or --probability, not both.');
    return { probability, ...(seed === null ? {} : { seed }) };
  }
  if (seed !== null) throw new UsageError('--seed goes with --probability.');
  if (times !== null) return { times, ...(skip === null ? {} : { skip }) };
  if (skip !== null) throw new UsageError('--skip goes with --times.');
  return undefined;
}

function effectOf({ status, code, lenient, fault, 'retry-after': retryAfter }: Config): object | undefined {
  if (status !== null && fault !== null) throw new UsageError('fault add takes --status or --fault, not both.');
  const more = Object.entries({ code, retryAfter, lenient: lenient || null }).filter(([, value]) => value !== null);
  if (status !== null) return { status, ...Object.fromEntries(more) };
  if (more.length > 0) throw new UsageError('--code, --retry-after and --lenient go with --status.');
  return fault === null ? undefined : { fault };
}

function delay(given: string): Delay {
  const [, least, most] = /^(\d+)(?:-(\d+))?$/.exec(given) ?? [];
  if (least === undefined) throw new Error('takes milliseconds, as in 250 or 100-400');
  return most === undefined ? { fixedMs: Number(least) } : { uniformMs: [Number(least), Number(most)] };
}
