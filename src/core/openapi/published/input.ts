// Validates requests against a published document; converts Ajv's errors to zod issues, which providers format.
import type { ErrorObject, ValidateFunction } from 'ajv';
import { z } from 'zod';
import type { Parameter } from './listing.ts';
import { follow } from './listing.ts';
import { parameterName, routeKey } from './route-key.ts';
import type { Place, Schemas } from './schemas.ts';
import { isNode, type Node, steps } from './source.ts';

type Issue = z.core.$ZodRawIssue;

/** A zod schema that validates with the document's schema at a place. */
export function fitting(document: Node, schemas: Schemas, place: Place): z.ZodType {
  return validated(
    document,
    schemas,
    () => schemas.at(place),
    (value) => value,
  );
}

/** A zod schema for the parameters of one part of a request, which arrive as strings; null when there are none. */
export function fittingTexts(
  document: Node,
  schemas: Schemas,
  all: readonly Parameter[],
  where: Parameter['in'],
): z.ZodType | null {
  const parameters = all.filter((one) => one.in === where);
  if (parameters.length === 0) return null;
  const parts = new Map(
    parameters.map(({ name, required, schema }) => [
      parameterName(where, name),
      { place: schema?.place ?? null, required },
    ]),
  );
  return validated(
    document,
    schemas,
    () => schemas.ofTexts(parts),
    (texts) =>
      Object.fromEntries(
        parameters.flatMap((parameter) => {
          const value = textsOf(
            document,
            parameter,
            routeKey(where, parameter.name),
            texts as Readonly<Record<string, unknown>>,
          );
          return value === undefined ? [] : [[parameterName(where, parameter.name), value]];
        }),
      ),
  );
}

function textsOf(document: Node, parameter: Parameter, key: string, texts: Readonly<Record<string, unknown>>): unknown {
  if (parameter.deep) {
    const start = `${key}[`;
    const inner = Object.entries(texts).filter(([name]) => name.startsWith(start) && name.endsWith(']'));
    return inner.length === 0
      ? undefined
      : Object.fromEntries(inner.map(([name, value]) => [name.slice(start.length, -1), value]));
  }
  const value = texts[key];
  if (typeof value !== 'string' || parameter.separator === null || parameter.schema === null) return value;
  const { node } = follow(document, parameter.schema.node, parameter.schema.place);
  return [node.type].flat().includes('array') ? value.split(parameter.separator) : value;
}

function validated(
  document: Node,
  schemas: Schemas,
  compile: () => ValidateFunction,
  read: (value: unknown) => unknown,
): z.ZodType {
  let validate: ValidateFunction | undefined;
  return z.unknown().transform((value, context) => {
    validate ??= compile();
    const data = read(value);
    schemas.begin();
    if (validate(data)) return data;
    context.issues.push(...issuesOf(document, validate.errors as ErrorObject[]));
    return z.NEVER;
  });
}

/** The useful issues: for a union of one schema and null, those of the schema instead of the union's. */
export function issuesOf(document: Node, errors: readonly ErrorObject[]): Issue[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const nullable = unions.filter(({ schema }) => (schema as Node[]).filter((branch) => !isNull(branch)).length === 1);
  const otherUnions = unions.filter((union) => !nullable.includes(union));
  const useful = errors.filter((error) => {
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
        expected: expectedAt(document, parentSchema, missingProperty) as 'string',
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

/** The expected type of a missing property. */
function expectedAt(document: Node, schema: unknown, property: string): string {
  const described = isNode(schema) && isNode(schema.properties) ? schema.properties[property] : undefined;
  if (!isNode(described)) return 'nonoptional';
  const { type } = follow(document, described, []).node;
  return type === undefined ? 'nonoptional' : [type].flat().join('|');
}
