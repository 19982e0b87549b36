// Percent-decoding of paths and query names.

/** The decoded text, or the text itself when its escapes are invalid. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
