// The refusal of a new sandbox whose name is taken.
import { Problem } from '../problem.ts';

/** A sandbox of that name exists, or is being created. */
export function sandboxExists(name: string): Problem {
  return new Problem(
    409,
    'sandbox-exists',
    `Sandbox ${name} already exists; choose another name, change it with PATCH, or delete it first.`,
  );
}
