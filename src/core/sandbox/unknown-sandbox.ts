// The refusal of a sandbox name that does not exist, with the nearest name that does.
import { closest } from 'fastest-levenshtein';
import { Problem } from '../problem.ts';

/** There is no sandbox of that name, and the request may not create one. */
export class UnknownSandbox extends Problem {
  /** @param known names of existing sandboxes; the nearest is suggested */
  constructor(name: string, known: readonly string[]) {
    super(
      404,
      'unknown-sandbox',
      `There is no sandbox ${name}; the nearest name is ${closest(name, [...known])}. POST /__admin/sandboxes creates one, GET /__admin/sandboxes lists them.`,
    );
  }
}
