// Request input: parses the body as JSON, and converts zod's issues to a form that providers format.
import { isUtf8 } from 'node:buffer';
import { parse } from 'secure-json-parse';
import type { z } from 'zod';
import { nestedDeeper, pathText } from '../json-text.ts';
import type { ArrivedBody } from '../provider/arrived-body.ts';
import type { InputIssue, InputPart, ProviderErrors } from '../provider/errors.ts';
import type { OperationBody } from '../provider/provider.ts';
import { validate } from '../provider/validation.ts';

/** Maximum size of a request body, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** Maximum nesting of a body. */
const MAX_NESTING = 500;

const JSON_MEDIA_TYPE = /^\s*application\/json\s*(;|$)/i;

/** A body that was read, and the schema it must match. */
export interface BodyInput {
  readonly schema: z.ZodType;
  readonly value: unknown;
}

/**
 * Reads the body of a request; null when a body that need not be sent was not.
 *
 * @throws Failure of the provider for a body that is missing or unreadable
 */
export function readBody(
  errors: ProviderErrors,
  { schema: strict, example, required, formats }: OperationBody,
  arrived: ArrivedBody,
  contentType: string | undefined,
  mode: 'strict' | 'example',
): BodyInput | null {
  const bytes = arrivedBytes(errors, arrived);
  const schema = mode === 'example' ? example : strict;
  if (bytes === undefined) {
    if (required) throw errors.transport.missingBody();
    return formats === undefined ? { schema, value: {} } : null;
  }
  if (formats === undefined) {
    if (contentType === undefined || !JSON_MEDIA_TYPE.test(contentType)) throw errors.transport.notJson();
    return { schema, value: readJson(errors, bytes) };
  }
  const format = formats.for(contentType);
  if (format !== null) {
    return { schema: format.schema, value: format.json ? readJson(errors, bytes) : { bytes, contentType } };
  }
  if (formats.taken === null) throw errors.transport.notJson();
  const message = `Invalid content type: expected ${formats.taken}, received ${contentType ?? 'none'}`;
  throw errors.transport.invalidInput('body', [{ code: 'format', path: '', message }]);
}

/** The bytes of a body; undefined when it is empty. @throws Failure of the provider for one that did not arrive whole */
function arrivedBytes(errors: ProviderErrors, body: ArrivedBody): Buffer | undefined {
  if (body === 'too-large') throw errors.transport.tooLarge();
  if (body === 'not-json') throw errors.transport.notJson();
  if (body === 'unsupported-encoding') throw errors.transport.unsupportedEncoding();
  return body === undefined || body.length === 0 ? undefined : body;
}

/** The JSON value of a body. @throws Failure of the provider for one that is not JSON */
function readJson(errors: ProviderErrors, body: Buffer): unknown {
  if (!isUtf8(body)) throw errors.transport.invalidJson();
  const text = body.toString('utf8');
  if (text.length > MAX_NESTING && nestedDeeper(text, MAX_NESTING)) throw errors.transport.invalidJson();
  let value: unknown;
  try {
    value = parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    throw errors.transport.invalidJson();
  }
  if (splitsSurrogatePairs(text, value)) throw errors.transport.invalidJson();
  return value;
}

/** Whether a body contains an escaped lone surrogate: SQLite would store different ones as the same character. */
export function splitsSurrogatePairs(text: string, value: unknown): boolean {
  return /\\ud[89a-f]/i.test(text) && !isWellFormed(value);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner));
}

/**
 * Validates one part of a request and returns the parsed value.
 *
 * @throws Failure of the provider with the first issues, and the number of the others
 */
export function check<T>(errors: ProviderErrors, part: InputPart, schema: z.ZodType<T>, value: unknown): T {
  const result = validate(schema, value);
  if ('data' in result) return result.data;
  const { issues, more } = result;
  const message = `has ${more} more invalid value${more === 1 ? '' : 's'}`;
  const rest: InputIssue[] = more === 0 ? [] : [{ code: 'format', path: '', message }];
  throw errors.transport.invalidInput(part, [...toIssues(issues, value), ...rest]);
}

/** Zod's issues for `value`, in a form independent of zod. */
export function toIssues(issues: readonly z.core.$ZodIssue[], value: unknown): InputIssue[] {
  return issues.map((issue): InputIssue => {
    const { message } = issue;
    const path = pathText(issue.path);
    const actual = valueAt(value, issue.path);
    const received = typeName(actual);
    switch (issue.code) {
      case 'invalid_type':
        return { code: actual === undefined ? 'required' : 'type', path, message, expected: issue.expected, received };
      case 'invalid_value':
        if (actual === undefined) return { code: 'required', path, message, expected: 'string', received };
        return { code: 'option', path, message, options: issue.values.map(String), received };
      case 'too_small':
      case 'too_big':
        return { code: 'range', path, message };
      case 'unrecognized_keys':
        return { code: 'unknown', path, message };
      default:
        return { code: 'format', path, message };
    }
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  );
}

/** The JSON type of a value, as error messages name it. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
