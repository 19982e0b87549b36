// A request's input: the body's bytes to JSON, and zod's findings to issues a provider can word.
import { isUtf8 } from 'node:buffer';
import { parse } from 'secure-json-parse';
import type { z } from 'zod';
import type { InputIssue, InputPart, ProviderErrors } from '../provider/errors.ts';

/** The largest body any route takes, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** What arrived as body: bytes, or why there are none. */
export type ArrivedBody = Buffer | 'too-large' | 'not-json' | undefined;

/** How deep a body may nest. */
const DEEPEST = 500;

const [QUOTE, BACKSLASH, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [...'"\\{[}]'].map((one) =>
  one.charCodeAt(0),
);

const JSON_MEDIA_TYPE = /^\s*application\/json\s*(;|$)/i;

/**
 * The JSON value of a body; undefined when none came.
 *
 * @throws the provider's failure for a body that is too large, not JSON, or of another content type
 */
export function readBody(errors: ProviderErrors, body: ArrivedBody, contentType: string | undefined): unknown {
  if (body === 'too-large') throw errors.transport.tooLarge();
  if (body === 'not-json') throw errors.transport.notJson();
  if (body === undefined || body.length === 0) return undefined;
  if (contentType === undefined || !JSON_MEDIA_TYPE.test(contentType)) throw errors.transport.notJson();
  if (!isUtf8(body)) throw errors.transport.invalidJson();
  const text = body.toString('utf8');
  if (text.length > DEEPEST && nestedDeeper(text, DEEPEST)) throw errors.transport.invalidJson();
  let value: unknown;
  try {
    value = parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    throw errors.transport.invalidJson();
  }
  if (splitsSurrogatePairs(text, value)) throw errors.transport.invalidJson();
  return value;
}

/** Whether a body escapes half a surrogate pair: SQLite would store two different ones as the same character. */
export function splitsSurrogatePairs(text: string, value: unknown): boolean {
  return /\\ud[89a-f]/i.test(text) && !isWellFormed(value);
}

/** Whether brackets nest deeper than `limit`: what reads the value later would run out of stack. */
export function nestedDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return false;
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner));
}

/**
 * The part's value as its schema reads it.
 *
 * @throws the provider's failure listing every fault
 */
export function check<T>(errors: ProviderErrors, part: InputPart, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw errors.transport.invalidInput(part, toIssues(result.error.issues, value));
}

/** Zod's issues in a form that does not depend on zod. */
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

/** A path in dots and brackets: `members[0].user_id`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => text + (typeof step === 'number' ? `[${step}]` : `${text === '' ? '' : '.'}${String(step)}`),
    '',
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  );
}

/** What a value is called in a message. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
