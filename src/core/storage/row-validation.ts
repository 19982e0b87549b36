// Validates the rows of a state body in slices: other requests are served in between, and much that is invalid is not read to its end.
import { z } from 'zod';
import type { Provider } from '../provider/provider.ts';
import type { ApiRow } from '../provider/resource.ts';
import { Findings, type Invalid, validateInto } from '../provider/validation.ts';
import type { Row } from '../row.ts';
import type { RowsByProvider } from './rows.ts';
import { Slices } from './slices.ts';

/** From this number of findings on, the rest is not validated. */
const MAX_COUNTED = 10_000;

/** The rows of a body with their defaults, by provider and resource, or what is wrong with them. */
export async function validateRows(
  providers: readonly Provider[],
  body: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<{ readonly rows: RowsByProvider } | Invalid> {
  const findings = new Findings();
  const slices = new Slices(64);
  const rows: RowsByProvider = {};
  for (const { name, resources } of providers) {
    for (const resource of resources) {
      const given = body[name]?.[resource.name];
      if (given === undefined) continue;
      const path = [name, resource.name];
      if (!Array.isArray(given)) {
        validateInto(findings, path, z.array(resource.row), given);
        continue;
      }
      const valid: ApiRow[] = [];
      for (let at = 0; at < given.length && findings.count < MAX_COUNTED; at++) {
        const row = validateInto(findings, [...path, at], resource.row, given[at]);
        const fault = row === undefined ? null : (resource.check?.(row as Row) ?? null);
        if (fault !== null) {
          const issue: z.core.$ZodRawIssue = { code: 'custom', message: fault.message, input: given[at] };
          findings.add(issue, () => ({ code: 'custom', message: fault.message, path: [...path, at, ...fault.path] }));
        } else if (row !== undefined) valid.push(row);
        if (slices.over()) await slices.next();
      }
      rows[name] = { ...rows[name], [resource.name]: valid };
    }
  }
  return findings.count === 0 ? { rows } : findings.invalid();
}
