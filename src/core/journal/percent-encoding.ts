// Percent-encoding: paths and query names as people write them.

/** A path's text without its percent-escapes; as it is where they do not decode. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
