// Caseless matching of names: Unicode folding, and where a name ends inside a text.

const ASCII = /^[ -~\t\n\r]*$/;

/**
 * Folds a text for comparison: NFKC and full case folding, close to NFKC_Casefold (Unicode Standard, section 3.13).
 * Two differences, our choice: dotted and dotless i are the same letter, so that Turkish names match in either case,
 * and runs of white space are one space.
 */
export function fold(text: string): string {
  const folded = ASCII.test(text) ? text.toLowerCase() : foldAny(text);
  return folded.replace(/\s+/g, ' ').trim();
}

function foldAny(text: string): string {
  return (
    text
      .normalize('NFKC')
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      // Lower, upper, lower: `ẞ` has a lower case, `ß` an upper case of two letters.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .replace(/ς/g, 'σ')
      .replace(/i\u0307/g, 'i')
      .normalize('NFKC')
  );
}

/** Folds a name for comparison. */
export function foldName(name: string): string {
  return foldAddress(fold(name));
}

/** Drops a dot at the end of an email address: it belongs to the sentence the address was copied from. */
export function foldAddress(folded: string): string {
  return folded.includes('@') && !folded.includes(' ') ? folded.replace(/\.+$/, '') : folded;
}

/** Whether a folded text is ASCII. */
export function isAscii(folded: string): boolean {
  return ASCII.test(folded);
}

/** Scripts written without spaces between words, or with particles and titles attached to names. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]/u;
const ALNUM = /[\p{L}\p{M}\p{N}]/u;
/** The extension of a file name, up to its end. */
const EXTENSION =
  /^\.(?:avif|bmp|csv|docx?|eml|gif|gz|heic|html?|ico|ics|jpe?g|json|log|m4a|md|mov|mp[34]|odt|ogg|pdf|png|pptx?|rtf|sql|svg|tar|tiff?|tsv|txt|vcf|wav|webm|webp|xlsx?|xml|ya?ml|zip)(?![\p{L}\p{M}\p{N}_-])/u;

/** An escape for a character. */
const ESCAPE = /^(?:%[0-9a-f]{2}|\\u[0-9a-f]{4})/i;

/**
 * How a folded text contains a folded name: `word` as a separate word, `inside` only as part of a longer identifier,
 * null not at all. Letters, digits, `-` and `_` continue an identifier; so does a `.` between letters or digits,
 * except before a file extension. In a text that is `decodable`, so does an escape, since it may stand for a letter.
 */
export function occurrence(text: string, name: string, decodable = false): 'word' | 'inside' | null {
  let found: 'inside' | null = null;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (isWord(text, at, name, decodable)) return 'word';
    found = 'inside';
  }
  return found;
}

/** Whether the name at an index of a text is a separate word, as in `occurrence`. */
export function isWord(text: string, at: number, name: string, decodable = false): boolean {
  return !goesOn(text, at, name, decodable) && !goesBack(text, at, name);
}

function goesOn(text: string, at: number, name: string, decodable: boolean): boolean {
  const end = at + name.length;
  if (decodable && ESCAPE.test(text.slice(end, end + 6))) return true;
  const edge = lastOf(name);
  const next = firstOf(text.slice(end, end + 2));
  if (next === '.') return ALNUM.test(edge) && ALNUM.test(firstOf(text.slice(end + 1, end + 3))) && !isFile(text, end);
  return joined(edge, next);
}

function goesBack(text: string, at: number, name: string): boolean {
  const edge = firstOf(name);
  const before = lastOf(text.slice(Math.max(0, at - 2), at));
  if (before === '.') return ALNUM.test(edge) && ALNUM.test(lastOf(text.slice(Math.max(0, at - 3), at - 1)));
  return joined(edge, before);
}

function isFile(text: string, dot: number): boolean {
  return EXTENSION.test(text.slice(dot, dot + 8));
}

/** Whether two adjacent characters belong to one identifier; '' is the end of the text. */
function joined(one: string, other: string): boolean {
  const part = (character: string) => character === '-' || character === '_' || ALNUM.test(character);
  return part(one) && part(other) && !(UNSPACED.test(one) && UNSPACED.test(other));
}

function firstOf(text: string): string {
  return String.fromCodePoint(...(text === '' ? [] : [text.codePointAt(0) as number]));
}

function lastOf(text: string): string {
  const last = [...text.slice(-2)].at(-1);
  return last ?? '';
}
