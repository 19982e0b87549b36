// Empty texts in bodies: in what is new they mean "not sent"; in what is stored they clear a field.
import type { Json } from './company-file.ts';

/**
 * The body of a create without its empty texts, which count as absent (our choice). `refNumber` keeps its own, because
 * an empty number is another thing than the next one.
 */
export function newBody(body: unknown): unknown {
  if (!isObject(body)) return body;
  const { refNumber, ...rest } = body;
  return { ...(withoutBlanks(rest) as Json), ...(refNumber === undefined ? {} : { refNumber }) };
}

/** The body of an update without the empty texts of new entries of its arrays: of those that name no stored entry. */
export function changedBody(body: unknown): unknown {
  if (Array.isArray(body)) return body.map((one) => (isNew(one) ? withoutBlanks(one) : changedBody(one)));
  return isObject(body) ? mapped(body, changedBody) : body;
}

function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (!isObject(value)) return value;
  return mapped(Object.fromEntries(Object.entries(value).filter(([, one]) => one !== '')), withoutBlanks);
}

function isNew(entry: unknown): boolean {
  return isObject(entry) && (entry.id === undefined || entry.id === '-1');
}

function mapped(from: Json, change: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
