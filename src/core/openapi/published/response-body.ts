// The text of a response's body, by its media type.
import { jsonType } from './listing.ts';

/** Whether values of a media type are sent as text that we can make from a value. */
export function isText(type: string): boolean {
  return (
    jsonType([type]) !== undefined ||
    /^(text\/|application\/(xml|x-www-form-urlencoded|x-ndjson|jsonl)\b)|\+xml\b/i.test(type)
  );
}

/** A value as the text of a body. Media types that are not text are sent only if the document has them as text. */
export function bodyText(type: string, value: unknown): string {
  if (jsonType([type]) !== undefined) return JSON.stringify(value);
  if (typeof value === 'string') return value;
  if (!isText(type) || value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  if (/ndjson|jsonl/i.test(type))
    return [value]
      .flat()
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('');
  if (/event-stream/i.test(type))
    return [value]
      .flat()
      .map((event) => `data: ${JSON.stringify(event)}\n\n`)
      .join('');
  if (/urlencoded/i.test(type)) {
    return String(
      new URLSearchParams(
        Object.entries(value).map(([name, one]) => [name, bodyText('text/plain', one)] as [string, string]),
      ),
    );
  }
  return JSON.stringify(value);
}
