// Zod schemas that read and validate the parts of a request with the schemas of an OpenAPI document.
import type { ErrorObject } from 'ajv';
import { z } from 'zod';
import type { Schemas } from './compiled-schemas.ts';
import { cookieTexts } from './cookies.ts';
import type { Node, Part, Place } from './document-parts.ts';
import { expectedType, type Issue, issuesOf } from './input-issues.ts';
import { arrivedValue, type Parameter, parameterName, routeKey, type Texts } from './parameters.ts';
import type { Direction } from './strict-schema.ts';
import { typedValue } from './typed-text.ts';

/** A schema that validates a JSON value with the document's schema at a place. */
export function jsonSchema(document: Node, schemas: Schemas, place: Place, direction: Direction): z.ZodType {
  return z.unknown().transform((value, context) => {
    const validate = schemas.at(place, direction);
    schemas.begin();
    if (validate(value)) return value;
    context.issues.push(...issuesOf(document, validate.errors as ErrorObject[]));
    return z.NEVER;
  });
}

/** A schema that reads the parameters of one part of a request into an object; null when there are none. */
export function parametersSchema(
  document: Node,
  schemas: Schemas,
  all: readonly Parameter[],
  where: 'path' | 'query' | 'header',
): z.ZodType | null {
  const parameters = all.filter((one) => one.in === where);
  // Cookies arrive in a header.
  const cookies = where === 'header' ? all.filter((one) => one.in === 'cookie') : [];
  if (parameters.length + cookies.length === 0) return null;
  return z.unknown().transform((texts, context) => {
    schemas.begin();
    const { values, issues } = readParameters(document, schemas, parameters, texts as Texts);
    const all = [...issues, ...cookieIssues(document, schemas, cookies, texts as Texts)];
    if (all.length === 0) return values;
    context.issues.push(...all);
    return z.NEVER;
  });
}

/** What is wrong with the cookies of a request. */
function cookieIssues(document: Node, schemas: Schemas, cookies: readonly Parameter[], headers: Texts): Issue[] {
  if (cookies.length === 0) return [];
  const { issues } = readParameters(document, schemas, cookies, cookieTexts(headers.cookie));
  return issues.map((issue) => {
    const [name, ...inside] = issue.path as PropertyKey[];
    if (issue.code === 'invalid_type' && issue.input === undefined && inside.length === 0)
      return { ...issue, path: ['cookie', name as PropertyKey] };
    // The header is no object in which the value of an issue could be looked up.
    return {
      code: 'custom',
      message: `Invalid value of the cookie ${String(name)}`,
      input: undefined,
      path: ['cookie'],
    };
  });
}

/** Reads parameters by name, each as the types of its schema; those that did not arrive are left out. */
export function readParameters(
  document: Node,
  schemas: Schemas,
  parameters: readonly Parameter[],
  texts: Texts,
): { readonly values: Record<string, unknown>; readonly issues: Issue[] } {
  const keys = new Set(parameters.map((one) => routeKey(one.in, one.name)));
  const issues: Issue[] = [];
  const values = parameters.flatMap((parameter) => {
    const { schema, required, allowEmpty } = parameter;
    const name = parameterName(parameter.in, parameter.name);
    const arrived = arrivedValue(document, parameter, texts, keys);
    if (arrived === undefined && required) {
      const expected = expectedType(document, schema?.node) as 'string';
      issues.push({ code: 'invalid_type', expected, input: undefined, path: [name] });
    }
    if (arrived === undefined) return [];
    if (schema === null || (allowEmpty && arrived === '')) return [[name, arrived] as const];
    const { value, found } = fittingValue(document, schemas, schema, arrived, !parameter.json);
    issues.push(...found.map((issue) => ({ ...issue, path: [name, ...(issue.path as PropertyKey[])] }) as Issue));
    return [[name, value] as const];
  });
  return { values: Object.fromEntries(values), issues };
}

/**
 * A value with its texts as the types of a schema, or, where those do not match it, as texts.
 *
 * @param typed whether texts stand for other types at all
 */
export function fittingValue(
  document: Node,
  schemas: Schemas,
  { node, place }: Part,
  arrived: unknown,
  typed = true,
): { readonly value: unknown; readonly found: readonly Issue[] } {
  const validate = schemas.at(place, 'request');
  const value = typed ? typedValue(document, arrived, node, false) : arrived;
  if (validate(value)) return { value, found: [] };
  const found = issuesOf(document, validate.errors as ErrorObject[]);
  const text = typedValue(document, arrived, node, true);
  return typed && validate(text) ? { value: text, found: [] } : { value, found };
}
