// The sandbox's clock: frozen, moved, and what falls due when time passes.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import { LATEST } from '../core/sandbox/clock.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { type Control, SandboxQuery, sandboxOf } from './context.ts';
import { ClockTime, MovedClock } from './schemas.ts';

const DURATION = /^P(?:(\d+)W|(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?)$/;
const CALENDAR = /^P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T[\d.,HMS]+)?$/;

/** What an action needs besides its name; nothing else may come with it. */
const PARTS = {
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
        message: 'takes an ISO 8601 instant from 1970 to 8999, with its offset: 2030-01-31T09:00:00Z',
      })
      .optional(),
    duration: z
      .string()
      .superRefine((text, { addIssue }) => {
        if (durationOf(text) !== undefined) return;
        const message = CALENDAR.test(text)
          ? 'takes weeks or days, hours, minutes and seconds; years and months differ in length, so write days'
          : 'takes an ISO 8601 duration: PT1H30M, P1D, P2W';
        addIssue({ code: 'custom', message });
      })
      .optional(),
  })
  .superRefine(({ action, ...given }, { addIssue }) => {
    for (const name of ['instant', 'duration'] as const) {
      const rule = PARTS[action][name];
      if (rule === 'must' && given[name] === undefined)
        addIssue({ code: 'custom', path: [name], message: `${action} needs it` });
      if (rule === 'never' && given[name] !== undefined)
        addIssue({ code: 'custom', path: [name], message: `${action} takes none` });
    }
  });

/** `GET` and `PUT /__admin/clock`. */
export function addClock(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/clock',
    {
      schema: {
        summary: 'what time it is in a sandbox, and whether its clock stands still',
        querystring: SandboxQuery,
        response: { 200: ClockTime },
      },
    },
    async (request) => timeOf(sandboxOf(control, request)),
  );
  scope.put(
    '/clock',
    {
      schema: {
        summary: 'moves the clock',
        description:
          '`freeze` stops it, at an `instant` or now; `set` moves it to an `instant` and lets it run; `advance` moves it on by a `duration` and answers what fell due; `reset` goes back to real time.',
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

/** Time passes: what falls due happens, in order, and webhooks that wait are sent without anybody waiting for them. */
function advance({ providers }: Control, sandbox: Sandbox, milliseconds: number): MovedClock {
  const { clock } = sandbox;
  const since = clock.now();
  if (since + milliseconds >= LATEST) {
    throw new Problem(400, 'invalid-input', 'Invalid input', 'duration: leads past the year 8999.', {
      errors: [{ path: 'duration', message: 'leads past the year 8999' }],
    });
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

/** Milliseconds since the epoch, or undefined when the text is no instant a clock can show. */
function instantOf(text: string): number | undefined {
  if (!z.iso.datetime({ offset: true }).safeParse(text).success) return undefined;
  const milliseconds = Date.parse(text);
  return milliseconds >= 0 && milliseconds < LATEST ? milliseconds : undefined;
}

/** Milliseconds, or undefined when the text is no duration of a fixed length. A day is 24 hours: sandbox time is UTC. */
function durationOf(text: string): number | undefined {
  const parts = DURATION.exec(text)?.slice(1);
  if (parts === undefined) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) =>
    Number((part ?? '0').replace(',', '.')),
  );
  return Math.round((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000);
}
