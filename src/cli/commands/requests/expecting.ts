// `understudy requests count|verify|wait|clear`: whether as many requests came as a test expects.
import { EXIT, UsageError } from '../../failures.ts';
import { action, type Call } from '../../grammar.ts';
import type { Page } from '../../page.ts';
import { count, writeTable } from '../../table.ts';
import { setting, wholeNumber } from '../../values.ts';
import { ASKING_ONE, Asking } from '../asking.ts';
import { answeredPatternOf, PATTERN } from '../pattern-settings.ts';
import { timeoutSetting } from '../wait.ts';

/** More than a journal holds. */
const MANY = 1_000_000;
/** How long the server waits at most for one call, in ms. */
const LONGEST = 60_000;

const wanted = (help: string, least = 0) =>
  setting<number | null>({ value: 'number', fallback: null, flagOnly: true, read: wholeNumber(least, MANY), help });

const COUNTING = { ...PATTERN, ...ASKING_ONE } as const;
const VERIFYING = {
  count: wanted('how many there should be, no more and no fewer'),
  'at-least': wanted('how many at least; 1 where nothing is said'),
  'at-most': wanted('how many at most'),
  ...COUNTING,
} as const;
const WAITING = {
  count: wanted('how many to wait for; by default 1', 1),
  timeout: timeoutSetting,
  ...COUNTING,
} as const;

interface Verdict {
  readonly passed: boolean;
  readonly count: number;
  readonly nearMisses: readonly {
    readonly id: string;
    readonly method: string;
    readonly url: string;
    readonly status: number;
    readonly member: string;
    readonly expected: unknown;
    readonly actual: unknown;
  }[];
}

export const COUNT = action({
  name: 'count',
  argument: '',
  summary: 'prints how many fit',
  settings: COUNTING,
  async run(call) {
    const asking = new Asking(call);
    const answer = await asking.ask<{ count: number }>('POST', '/requests/count', {
      body: answeredPatternOf(call.config),
    });
    if (!asking.wroteJson(answer)) call.shell.out.write(`${answer.count}\n`);
    return EXIT.done;
  },
});

export const VERIFY = action({
  name: 'verify',
  argument: '',
  summary: 'ends well when as many fit as expected, else with 1 and those that nearly do',
  settings: VERIFYING,
  run: verify,
});

export const WAIT = action({
  name: 'wait',
  argument: '',
  summary: 'the same, as soon as enough have come or the time is over',
  settings: WAITING,
  run: waitFor,
});

export const CLEAR = action({
  name: 'clear',
  argument: '',
  summary: 'forgets them',
  settings: ASKING_ONE,
  async run(call) {
    await new Asking(call).ask('DELETE', '/requests');
    return EXIT.done;
  },
});

async function verify(call: Call<typeof VERIFYING>): Promise<number> {
  const { count: exactly, 'at-least': atLeast, 'at-most': atMost } = call.config;
  if (exactly !== null && (atLeast !== null || atMost !== null)) {
    throw new UsageError('requests verify takes --count or --at-least and --at-most, not both.');
  }
  const range = Object.entries({ atLeast, atMost }).filter(([, number]) => number !== null);
  const expected = exactly ?? (range.length === 0 ? undefined : Object.fromEntries(range));
  const asking = new Asking(call);
  const verdict = await asking.ask<Verdict>('POST', '/requests/verify', {
    body: { pattern: answeredPatternOf(call.config), ...(expected === undefined ? {} : { count: expected }) },
  });
  const words = [
    ...(exactly === null ? [] : [String(exactly)]),
    ...(atLeast === null ? [] : [`at least ${atLeast}`]),
    ...(atMost === null ? [] : [`at most ${atMost}`]),
  ];
  if (!asking.wroteJson(verdict)) report(call.shell.out, verdict, words.join(', ') || 'at least 1');
  return verdict.passed ? EXIT.done : EXIT.no;
}

async function waitFor(call: Call<typeof WAITING>): Promise<number> {
  const { count: number, timeout, ...rest } = call.config;
  const wanted = number ?? 1;
  const asking = new Asking(call);
  const deadline = performance.now() + timeout * 1000;
  for (;;) {
    const left = Math.max(0, Math.ceil(deadline - performance.now()));
    const verdict = await asking.ask<Verdict>('POST', '/requests/wait', {
      body: { pattern: answeredPatternOf(rest), count: wanted, timeoutMs: Math.min(left, LONGEST) },
      what: `waiting for ${count(wanted, 'request')}`,
    });
    if (!verdict.passed && left > LONGEST) continue;
    if (!asking.wroteJson(verdict)) report(call.shell.out, verdict, `at least ${wanted} within ${timeout} s`);
    return verdict.passed ? EXIT.done : EXIT.no;
  }
}

function report(out: Page, { passed, count: number, nearMisses }: Verdict, expected: string): void {
  out.write(`${passed ? 'passed' : 'failed'}: ${count(number, 'request')} fit, expected ${expected}\n`);
  if (nearMisses.length === 0) return;
  out.write('\n');
  writeTable(
    out,
    ['NEARLY', 'METHOD', 'URL', 'STATUS', 'BUT', 'EXPECTED', 'WAS'],
    nearMisses.map(({ id, method, url, status, member, expected, actual }) => [
      id,
      method,
      url,
      String(status),
      member,
      textOf(expected),
      textOf(actual),
    ]),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
