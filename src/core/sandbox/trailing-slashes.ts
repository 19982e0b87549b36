// URLs without their trailing slashes.

const SLASH = '/'.charCodeAt(0);

/** The text without trailing slashes. A loop, since `/\/+$/` takes quadratic time on many slashes followed by text. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SLASH) end--;
  return text.slice(0, end);
}
