// The ways to write a person's name whose parts are columns of their own.

/** Scripts that write a whole name without a space. */
const WITHOUT_SPACE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

/** In the order of the columns, the other way round, with a comma; without a space where the script has none. */
export function nameForms(parts: readonly string[]): string[] {
  const words = parts.map((part) => part.trim()).filter((part) => part !== '');
  if (words.length < 2) return words;
  const turned = [...words].reverse();
  const forms = [words.join(' '), turned.join(' '), turned.join(', ')];
  return words.some((word) => WITHOUT_SPACE.test(word)) ? [...forms, turned.join(''), words.join('')] : forms;
}
