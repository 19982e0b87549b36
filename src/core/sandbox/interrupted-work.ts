// The refusals of work in progress whose sandbox was deleted or replaced meanwhile.
import { Problem } from '../problem.ts';

/** The sandbox was deleted or evicted while a request used it. */
export function sandboxDeleted(name: string): Problem {
  return new Problem(410, 'sandbox-deleted', `Sandbox ${name} was deleted while this request was in progress.`);
}

/** The sandbox was reset or restored from a snapshot while a request read it. */
export function sandboxReplaced(name: string): Problem {
  return new Problem(
    409,
    'sandbox-replaced',
    `Sandbox ${name} was reset or restored while this request read it; send the request again.`,
  );
}

/** The sandbox was written to while its rows were replaced or added in slices. */
export function sandboxChanged(name: string): Problem {
  return new Problem(
    409,
    'sandbox-changed',
    `Sandbox ${name} was written to while this request wrote its rows, so nothing was stored; send the request again.`,
  );
}
