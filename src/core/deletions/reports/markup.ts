// Escapes text for XML and HTML documents.

/** Characters that XML 1.0 (section 2.2) does not allow, not even as references. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Escapes text for an element or a quoted attribute; characters that XML does not allow become U+FFFD. */
export function escaped(value: string): string {
  return value.replace(NO_CHARACTER, '\ufffd').replace(/[&<>"'\n\r\t]/g, (one) => ENTITIES[one] as string);
}
