// Names in base64: where a text may hold one, in either alphabet, with or without padding.
import { foldName } from './caseless.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** How many base64 characters of a name are searched before it is decoded: those of six bytes. */
const PREFIX = 8;

/** One spelling of a name in base64: only the whole name, since a part is encoded differently at each place. */
export interface Base64Name {
  /** The name, folded. */
  readonly name: string;
  /**
   * Regular expression of the first characters, for all letter cases. A `/` may have backslashes before it, as JSON
   * escapes it.
   */
  readonly prefix: string;
  /** The number of characters without padding. */
  readonly length: number;
}

/** All spellings of a name: composed, decomposed, in upper and lower case where that changes the length. */
export function base64Names(raw: string): Base64Name[] {
  const name = foldName(raw);
  const trimmed = raw.trim();
  const spellings = [trimmed, trimmed.toUpperCase(), trimmed.toLowerCase(), name].flatMap((spelling) => [
    spelling,
    spelling.normalize('NFC'),
    spelling.normalize('NFD'),
  ]);
  const found = [...new Set(spellings)].map((spelling) => ({
    name,
    prefix: prefixOf(spelling.slice(0, PREFIX)),
    length: Math.ceil((Buffer.byteLength(spelling) * 4) / 3),
  }));
  return [...new Map(found.map((one) => [`${one.prefix} ${one.length}`, one])).values()];
}

/** The base64 text at an index of a text, without padding, if what it encodes is the name; else null. */
export function base64At(text: string, at: number, { name, length }: Base64Name): string | null {
  const token = text.slice(at, at + length);
  return foldName(Buffer.from(token, 'base64').toString()) === name ? token : null;
}

/** For each base64 character the set of those it can be, as the case of a letter changes its bytes. */
function prefixOf(spelling: string): string {
  const bytes = [...spelling].flatMap(bytesOf);
  const sextets: number[][] = [];
  for (let n = 0; n < bytes.length; n += 3) {
    const [one, two = [0], three = [0]] = bytes.slice(n, n + 3) as [number[], number[]?, number[]?];
    const group = [
      one.map((first) => first >> 2),
      one.flatMap((first) => two.map((second) => ((first & 3) << 4) | (second >> 4))),
      two.flatMap((second) => three.map((third) => ((second & 15) << 2) | (third >> 6))),
      three.map((third) => third & 63),
    ];
    sextets.push(...group.slice(0, bytes.length - n + 1));
  }
  return sextets.slice(0, PREFIX).map(classOf).join('');
}

/** The values that each UTF-8 byte of a character has in its letter cases of the same length. */
function bytesOf(character: string): number[][] {
  const size = Buffer.byteLength(character);
  const cases = [character, character.toLowerCase(), character.toUpperCase()]
    .filter((one) => Buffer.byteLength(one) === size)
    .map((one) => Buffer.from(one));
  return Array.from({ length: size }, (_, n) => [...new Set(cases.map((bytes) => bytes[n] as number))]);
}

function classOf(values: readonly number[]): string {
  const characters = [...new Set(values)]
    .sort((a, b) => a - b)
    .map((value) => ALPHABET[value] ?? ['+-', '/_'][value - 62]);
  const text = characters.join('').replace('+-', '+\\-').replace('/_', '\\/_');
  const one = characters.length === 1 && text.length === 1 ? text : `[${text}]`;
  return values.includes(63) ? `\\\\*${one}` : one;
}
