// Schema of a barrier: which two requests it brings together, in which order they run, and how long one waits.
import { z } from 'zod';
import { RequestPattern } from '../journal/schemas.ts';

/** The longest time that a request can be told to wait at a barrier, in ms. */
const LONGEST_WAIT = 60_000;
/** The most pairs of one barrier. */
const MOST_PAIRS = 100;

/** One of the two requests: the members that it must match, and how many such requests pass before it. */
const Side = z.strictObject({
  ...RequestPattern.shape,
  skip: z.int().min(0).optional().describe('How many matching requests pass before the one that takes this side.'),
});

/** A barrier as a client sends it. */
export const Barrier = z.strictObject({
  mode: z
    .enum(['meet', 'order'])
    .default('meet')
    .describe(
      '`meet`: both requests wait until the other has arrived; then the first runs, and the second after it. `order`: the second waits until a first has committed; the first does not wait.',
    ),
  first: Side,
  second: Side.optional().describe('The same as `first` if omitted: two requests at once.'),
  timeoutMs: z
    .int()
    .min(1)
    .max(LONGEST_WAIT)
    .default(5000)
    .describe('How long a request waits, in real time; then it goes on.'),
  times: z.int().min(1).max(MOST_PAIRS).default(1).describe('How many pairs it brings together.'),
});
export type Barrier = z.output<typeof Barrier>;

/** `timed-out`: a request went on without the other. */
export const MeetingState = z.enum(['waiting', 'met', 'timed-out']);
export type MeetingState = z.output<typeof MeetingState>;

const requestId = z.string().nullable().describe('The `X-Understudy-Request` of that request; null until it arrives.');

/** A barrier that is planned. */
export const PlannedBarrier = z.object({
  ...Barrier.shape,
  second: Side,
  id: z.string(),
  state: MeetingState.describe('`waiting` until all pairs have come; then the state of the last pair.'),
  pairs: z
    .array(z.object({ state: MeetingState, first: requestId, second: requestId }))
    .describe('The pairs of which a request has arrived, oldest first.'),
});
export type PlannedBarrier = z.output<typeof PlannedBarrier>;
