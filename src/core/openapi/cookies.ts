// Reads the cookies of a request as the texts of its parameters.
import type { Texts } from './parameters.ts';

/** The cookies by name, decoded where they are percent-encoded; a repeated name has a list. */
export function cookieTexts(header: unknown): Texts {
  const texts: Record<string, string | string[]> = Object.create(null);
  for (const pair of typeof header === 'string' ? header.split(';') : []) {
    const at = pair.indexOf('=');
    if (at === -1) continue;
    const name = pair.slice(0, at).trim();
    const value = decoded(
      pair
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/s, '$1'),
    );
    const before = texts[name];
    texts[name] = before === undefined ? value : [before, value].flat();
  }
  return texts;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
