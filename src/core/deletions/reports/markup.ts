// Text made safe for XML and HTML.

/** What XML 1.0 (section 2.2) has no place for, not even as a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must go
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

/** A value as the text of an element or of a quoted attribute; characters that XML cannot hold become U+FFFD. */
export function escaped(value: string): string {
  return value.replace(NO_CHARACTER, '\ufffd').replace(/[&<>"'\n\r\t]/g, (one) => ENTITIES[one] as string);
}
