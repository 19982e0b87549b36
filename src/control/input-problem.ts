// Validates the parts of control requests, and reports the first invalid values with the number of the others.
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { pathText } from '../core/json-text.ts';
import { Problem } from '../core/problem.ts';
import { type Invalid, validate } from '../core/provider/validation.ts';

/** Fastify's validator of a schema. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    // Fastify passes an absent body as null.
    const result = validate(schema, data ?? undefined);
    return 'issues' in result ? { error: inputProblem(result) } : { value: result.data };
  };

/** The refusal of invalid input: `errors` lists at most 50 findings, `more` says how many there are besides. */
export function inputProblem({ issues, more }: Invalid): Problem {
  const errors = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'unknown field' }))
      : [{ path: pathText(issue.path), message: issue.message }],
  );
  const [first] = errors;
  return new Problem(400, 'invalid-input', `${first?.path || 'The body'}: ${first?.message}.`, {
    errors,
    ...(more > 0 ? { more } : {}),
  });
}
