// The ways to write a person's name that is stored in several columns.

/** Scripts that write full names without a space. */
const WITHOUT_SPACE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

/** In column order, reversed, and reversed with a comma; also without a space in scripts that use none. */
export function nameForms(parts: readonly string[]): string[] {
  const words = parts.map((part) => part.trim()).filter((part) => part !== '');
  if (words.length < 2) return words;
  const turned = [...words].reverse();
  const forms = [words.join(' '), turned.join(' '), turned.join(', ')];
  return words.some((word) => WITHOUT_SPACE.test(word)) ? [...forms, turned.join(''), words.join('')] : forms;
}
