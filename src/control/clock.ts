// The sandbox clock: read, freeze, set, advance and reset it; advancing runs the events that fall due.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { invalidInput } from '../core/problem.ts';
import { LATEST } from '../core/sandbox/clock.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';
import { ClockTime, MovedClock } from './schemas.ts';

const DURATION = /^P(?:(\d+)W|(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?)$/;
const CALENDAR = /^P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T[\d.,HMS]+)?$/;

/** Whether each action requires, allows or rejects the other members of the body. */
const MEMBER_RULES = {
  freeze: { instant: 'may', duration: 'never' },
  set: { instant: 'must', duration: 'never' },
  advance: { instant: 'never', duration: 'must' },
  reset: { instant: 'never', duration: 'never' },
} as const;

const Body = z
  .strictObject({
    action: z.enum(['freeze', 'set', 'advance', 'reset']),
    instant: z
      .string()
      .refine((text) => instantOf(text) !== undefined, {
        message: 'takes an ISO 8601 instant from 1970 to 8999 with a UTC offset: 2030-01-31T09:00:00Z',
      })
      .optional(),
    duration: z
      .string()
      .superRefine((text, { addIssue }) => {
        if (durationOf(text) !== undefined) return;
        const message = CALENDAR.test(text)
          ? 'takes weeks or days, hours, minutes and seconds; years and months vary in length, so use days'
          : 'takes an ISO 8601 duration: PT1H30M, P1D, P2W';
        addIssue({ code: 'custom', message });
      })
      .optional(),
  })
  .superRefine(({ action, ...given }, { addIssue }) => {
    for (const name of ['instant', 'duration'] as const) {
      const rule = MEMBER_RULES[action][name];
      if (rule === 'must' && given[name] === undefined)
        addIssue({ code: 'custom', path: [name], message: `${action} requires it` });
      if (rule === 'never' && given[name] !== undefined)
        addIssue({ code: 'custom', path: [name], message: `${action} does not take it` });
    }
  });

/** Adds `GET` and `PUT /__admin/clock`. */
export function addClock(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/clock',
    {
      schema: {
        summary: 'the time in a sandbox, and whether its clock is frozen',
        querystring: SandboxQuery,
        response: { 200: ClockTime },
      },
    },
    async (request) => timeOf(existingSandboxOf(control, request)),
  );
  scope.put(
    '/clock',
    {
      schema: {
        summary: 'freezes, sets, advances or resets the clock',
        description:
          '`freeze` stops it at an `instant` or at the current time; `set` moves it to an `instant` and lets it run; `advance` moves it forward by a `duration` and returns what fell due; `reset` returns it to real time.',
        querystring: SandboxQuery,
        body: Body,
        response: { 200: MovedClock },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(control, request);
      const { action, instant, duration } = request.body as z.output<typeof Body>;
      if (action === 'advance') return advance(control, sandbox, durationOf(duration as string) as number);
      if (action === 'freeze') sandbox.clock.freeze(instant === undefined ? sandbox.clock.now() : at(instant));
      else if (action === 'set') sandbox.clock.set(at(instant as string));
      else sandbox.clock.reset();
      return timeOf(sandbox);
    },
  );
}

function timeOf({ clock }: Sandbox): ClockTime {
  return { now: clock.iso(), frozen: clock.frozen, offsetMs: clock.offset };
}

/**
 * Advances the clock, runs the due events in order of time, and starts sending queued webhooks without awaiting them.
 */
function advance({ providers }: Control, sandbox: Sandbox, milliseconds: number): MovedClock {
  const { clock } = sandbox;
  const since = clock.now();
  if (since + milliseconds >= LATEST) {
    throw invalidInput('duration', 'moves the clock past the year 8999');
  }
  clock.advance(milliseconds);
  const due = providers
    .flatMap(
      ({ name, applyElapsedTime }) =>
        applyElapsedTime?.(sandbox, since).map((one) => ({ provider: name, ...one })) ?? [],
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  void sandbox.webhooks.flush();
  return { ...timeOf(sandbox), due };
}

function at(instant: string): number {
  return instantOf(instant) as number;
}

/** Milliseconds since the epoch; undefined when the text is not an instant in the clock's range. */
function instantOf(text: string): number | undefined {
  if (!z.iso.datetime({ offset: true }).safeParse(text).success) return undefined;
  const milliseconds = Date.parse(text);
  return milliseconds >= 0 && milliseconds < LATEST ? milliseconds : undefined;
}

/** Milliseconds; undefined when the text is not a duration of fixed length. A day is 24 hours: sandbox time is UTC. */
function durationOf(text: string): number | undefined {
  const parts = DURATION.exec(text)?.slice(1);
  if (parts === undefined) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) =>
    Number((part ?? '0').replace(',', '.')),
  );
  return Math.round((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000);
}
