// Validates a value with zod and describes only the first findings: a body of a megabyte can have half a million.
import { z } from 'zod';

/** How many findings are described. */
export const MAX_FINDINGS = 50;

/** The first findings of an invalid value, and how many there are besides. */
export interface Invalid {
  readonly issues: z.core.$ZodIssue[];
  readonly more: number;
}

/** Collects the findings of one or more validations. */
export class Findings {
  readonly #issues: z.core.$ZodIssue[] = [];
  #described = 0;
  #count = 0;

  /** The number of findings; each unknown key is one. */
  get count(): number {
    return this.#count;
  }

  /** Adds an issue; `describe` gives the first ones their messages. */
  add(issue: z.core.$ZodRawIssue, describe: (issue: z.core.$ZodRawIssue) => z.core.$ZodIssue): void {
    const keys = issue.code === 'unrecognized_keys' ? (issue.keys as string[]) : null;
    const findings = keys?.length ?? 1;
    this.#count += findings;
    const shown = Math.min(findings, MAX_FINDINGS - this.#described);
    if (shown === 0) return;
    this.#described += shown;
    this.#issues.push(describe(keys === null ? issue : { ...issue, keys: keys.slice(0, shown) }));
  }

  /** The described issues, and the number of the other findings. */
  invalid(): Invalid {
    return { issues: this.#issues, more: this.#count - this.#described };
  }
}

/** Validates a value. */
export function validate<T>(schema: z.ZodType<T>, value: unknown): { readonly data: T } | Invalid {
  const result = parsed(schema, value);
  if (result.issues.length === 0) return { data: result.value };
  const findings = new Findings();
  for (const issue of result.issues) findings.add(issue, finalize);
  return findings.invalid();
}

/** Validates a value; adds its issues to `findings`, with `path` before their own. Undefined when it is invalid. */
export function validateInto<T>(
  findings: Findings,
  path: readonly PropertyKey[],
  schema: z.ZodType<T>,
  value: unknown,
): T | undefined {
  const { issues, value: data } = parsed(schema, value);
  for (const issue of issues) {
    findings.add(issue, (one) => ({ ...finalize(one), path: [...path, ...(one.path ?? [])] }));
  }
  return issues.length === 0 ? data : undefined;
}

const CONTEXT: z.core.ParseContextInternal = { async: false };

/** As safeParse() does, except that it does not give all issues their messages. */
function parsed<T>(schema: z.ZodType<T>, value: unknown): z.core.ParsePayload<T> {
  return schema._zod.run({ value, issues: [] }, CONTEXT) as z.core.ParsePayload<T>;
}

function finalize(raw: z.core.$ZodRawIssue): z.core.$ZodIssue {
  return z.core.util.finalizeIssue(raw, CONTEXT, z.core.config());
}
