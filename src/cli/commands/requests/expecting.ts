// `understudy requests count|verify|wait|clear`: whether a sandbox received as many requests as a test expects.
import type { Verdict } from '../../../control/schemas.ts';
import { action, type Call } from '../../definition.ts';
import { EXIT, UsageError } from '../../failures.ts';
import type { Page } from '../../page.ts';
import { count, writeTable } from '../../table.ts';
import { flag, wholeNumber } from '../../values.ts';
import { ControlClient, SANDBOX_SETTINGS, sends } from '../control-client.ts';
import { PATTERN, patternOf } from '../pattern-settings.ts';
import { timeoutSetting } from '../wait.ts';

/** More than a journal holds. */
const MANY = 1_000_000;
/** The longest wait that the control plane accepts in one call, in ms. */
const LONGEST = 60_000;

const number = (help: string, least = 0) => flag('number', wholeNumber(least, MANY), help);

const COUNTING = { ...PATTERN, ...SANDBOX_SETTINGS } as const;
const VERIFYING = {
  count: number('expect exactly this many'),
  'at-least': number('expect at least this many; 1 by default'),
  'at-most': number('expect at most this many'),
  ...COUNTING,
} as const;
const WAITING = {
  count: number('how many to wait for; 1 by default', 1),
  timeout: timeoutSetting,
  ...COUNTING,
} as const;

const PASSED = 'as many matched as expected';

export const COUNT = action({
  name: 'count',
  summary: 'Print how many requests match',
  settings: COUNTING,
  async run(call) {
    const client = new ControlClient(call);
    const counted = await client.send<{ count: number }>('POST', '/requests/count', { body: patternOf(call.config) });
    if (!client.wroteJson(counted)) call.shell.out.write(`${counted.count}\n`);
    return EXIT.yes;
  },
});

export const VERIFY = action({
  name: 'verify',
  summary: 'Verify that as many requests match as expected; if not, list those that nearly match, or the extra ones',
  settings: VERIFYING,
  exit: { yes: PASSED, no: 'more or fewer did' },
  run: verify,
});

export const WAIT = action({
  name: 'wait',
  summary: 'Wait until enough requests match',
  settings: WAITING,
  exit: { yes: PASSED, no: 'the wait timed out' },
  run: waitFor,
});

export const CLEAR = action({
  name: 'clear',
  summary: 'Delete all requests from the journal',
  settings: SANDBOX_SETTINGS,
  run: sends('DELETE', () => '/requests'),
});

async function verify(call: Call<typeof VERIFYING>): Promise<number> {
  const { count: exactly, 'at-least': atLeast, 'at-most': atMost } = call.config;
  if (exactly !== null && (atLeast !== null || atMost !== null)) {
    throw new UsageError('requests verify takes --count or --at-least and --at-most, not both.');
  }
  const range = Object.entries({ atLeast, atMost }).filter(([, number]) => number !== null);
  const expected = exactly ?? (range.length === 0 ? undefined : Object.fromEntries(range));
  const client = new ControlClient(call);
  const verdict = await client.send<Verdict>('POST', '/requests/verify', {
    body: { pattern: patternOf(call.config), ...(expected === undefined ? {} : { count: expected }) },
  });
  const words = [
    ...(exactly === null ? [] : [String(exactly)]),
    ...(atLeast === null ? [] : [`at least ${atLeast}`]),
    ...(atMost === null ? [] : [`at most ${atMost}`]),
  ];
  if (!client.wroteJson(verdict)) report(call.shell.out, verdict, words.join(', ') || 'at least 1');
  return verdict.passed ? EXIT.yes : EXIT.no;
}

async function waitFor(call: Call<typeof WAITING>): Promise<number> {
  const { count: number, timeout, ...rest } = call.config;
  const wanted = number ?? 1;
  const client = new ControlClient(call);
  const deadline = performance.now() + timeout * 1000;
  for (;;) {
    const left = Math.max(0, Math.ceil(deadline - performance.now()));
    const verdict = await client.send<Verdict>('POST', '/requests/wait', {
      body: { pattern: patternOf(rest), count: wanted, timeoutMs: Math.min(left, LONGEST) },
      doing: `waiting for ${count(wanted, 'request')}`,
    });
    if (!verdict.passed && left > LONGEST) continue;
    if (!client.wroteJson(verdict)) report(call.shell.out, verdict, `at least ${wanted} within ${timeout} s`);
    return verdict.passed ? EXIT.yes : EXIT.no;
  }
}

function report(out: Page, { passed, count: number, nearMisses, extra }: Verdict, expected: string): void {
  out.write(`${passed ? 'passed' : 'failed'}: ${count(number, 'request')} matched, expected ${expected}\n`);
  if (extra.length > 0) {
    out.write('\n');
    const rows = extra.map(({ id, method, url, status }) => [id, method, url, statusText(status)]);
    writeTable(out, ['EXTRA', 'METHOD', 'URL', 'STATUS'], rows);
  }
  if (nearMisses.length === 0) return;
  out.write('\n');
  writeTable(
    out,
    ['NEAR MISS', 'METHOD', 'URL', 'STATUS', 'DIFFERS', 'EXPECTED', 'ACTUAL'],
    nearMisses.map(({ id, method, url, status, member, expected, actual }) => [
      id,
      method,
      url,
      statusText(status),
      member,
      textOf(expected),
      textOf(actual),
    ]),
  );
}

function statusText(status: number | null): string {
  return String(status ?? 'pending');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
