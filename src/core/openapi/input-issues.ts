// Converts Ajv's errors to zod issues, which providers format.
import type { ErrorObject } from 'ajv';
import type { z } from 'zod';
import { isNode, type Node, steps } from './document-parts.ts';
import { LazySchema } from './lazy-schema.ts';
import { conjuncts } from './schema-shape.ts';
import { REFERRED } from './strict-schema.ts';

export type Issue = z.core.$ZodRawIssue;

/** The useful issues: for a union of one schema and null, those of the schema instead of the union's. */
export function issuesOf(document: Node, errors: readonly ErrorObject[]): Issue[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const nullable = unions.filter(({ schema }) => (schema as Node[]).filter((branch) => !isNull(branch)).length === 1);
  const otherUnions = unions.filter((union) => !nullable.includes(union));
  const found = new Set<string>();
  const useful = errors.filter((error) => {
    // Several schemas of an `allOf` may find the same.
    const key = `${error.instancePath} ${error.message} ${Object.values(error.params)}`;
    if (found.has(key)) return false;
    found.add(key);
    if (nullable.includes(error)) return false;
    if (error.keyword === 'type' && error.params.type === 'null') return false;
    return !otherUnions.some((union) => union !== error && error.instancePath.startsWith(union.instancePath));
  });
  // Unknown keys come last.
  useful.sort((a, b) => Number(isExtra(a)) - Number(isExtra(b)));
  const unknown = new Map<string, string[]>();
  return useful.flatMap((error): Issue[] => {
    const path = steps({}, error.instancePath).map((step) => (/^\d+$/.test(String(step)) ? Number(step) : step));
    if (!isExtra(error)) return [issueOf(document, error, path)];
    const key = error.params.additionalProperty ?? error.params.unevaluatedProperty;
    const keys = unknown.get(error.instancePath);
    if (keys !== undefined) {
      keys.push(String(key));
      return [];
    }
    const first = [String(key)];
    unknown.set(error.instancePath, first);
    return [{ code: 'unrecognized_keys', keys: first, input: error.data as Record<string, unknown>, path }];
  });
}

function isExtra({ keyword }: ErrorObject): boolean {
  return keyword === 'additionalProperties' || keyword === 'unevaluatedProperties';
}

function isNull(branch: Node): boolean {
  return branch.type === 'null' || branch.const === null;
}

function issueOf(
  document: Node,
  { keyword, params, message, data, parentSchema }: ErrorObject,
  path: PropertyKey[],
): Issue {
  const at = { input: data, path };
  const { limit, comparison, missingProperty } = params as {
    limit: number;
    comparison: string;
    missingProperty: string;
  };
  switch (keyword) {
    case 'required':
      return {
        code: 'invalid_type',
        expected: expectedType(document, missingIn(parentSchema, missingProperty)) as 'string',
        input: undefined,
        path: [...path, missingProperty],
      };
    case 'type':
      return { code: 'invalid_type', expected: [params.type].flat().join('|') as 'string', ...at };
    case 'enum':
      return { code: 'invalid_value', values: params.allowedValues, ...at };
    case 'const':
      return { code: 'invalid_value', values: [params.allowedValue], ...at };
    case 'minimum':
    case 'exclusiveMinimum':
      return { code: 'too_small', origin: 'number', minimum: limit, inclusive: comparison === '>=', ...at };
    case 'maximum':
    case 'exclusiveMaximum':
      return { code: 'too_big', origin: 'number', maximum: limit, inclusive: comparison === '<=', ...at };
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return { code: 'too_small', origin: ORIGINS[keyword], minimum: limit, inclusive: true, ...at };
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return { code: 'too_big', origin: ORIGINS[keyword], maximum: limit, inclusive: true, ...at };
    case 'format':
      return { code: 'invalid_format', format: params.format, input: data as string, path };
    case 'pattern':
      return { code: 'invalid_format', format: 'regex', pattern: params.pattern, input: data as string, path };
    default:
      return { code: 'custom', message: `Invalid input: ${message}`, ...at };
  }
}

const ORIGINS = {
  minLength: 'string',
  maxLength: 'string',
  minItems: 'array',
  maxItems: 'array',
  minProperties: 'object',
  maxProperties: 'object',
} as const;

/** The schema of a missing property. */
function missingIn(parent: unknown, property: string): unknown {
  const described = isNode(parent) && isNode(parent.properties) ? parent.properties[property] : undefined;
  const referred = isNode(described) ? described[REFERRED] : undefined;
  return referred instanceof LazySchema ? referred.schema : described;
}

/** The type that a schema expects, as error messages name it. */
export function expectedType(document: Node, schema: unknown): string {
  const typed = conjuncts(document, schema).find(({ type }) => type !== undefined);
  return typed === undefined ? 'nonoptional' : [typed.type].flat().join('|');
}
