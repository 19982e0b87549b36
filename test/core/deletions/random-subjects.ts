// Random subjects in many scripts, and random texts that hold one of them in an encoding.
import fc from 'fast-check';
import { ENCODERS, type Encoder } from './encoders.ts';

/** Letters of a script, or of letters that fold in an unusual way. */
const SCRIPTS = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'éèñüößåøłąčřžæœđ',
  'Iıİiſßẞŉǰ',
  'αβγδεζηθσςωάΐ',
  'абвгдежзийюяё',
  'աբգդեզէըթև',
  'אבגדהוזחט',
  'ابتثجحخدذ',
  'कखगघचछजझ',
  'กขคฆงจฉช',
  '가나다라마바사길동홍',
  '王小明李華张伟',
  'あいうえおカキクケコ',
  'ａｂｃＤＥＦ',
  '𐐀𐐁𐐂𞤀𞤁𞤂',
  'ﬁﬂﬃ™①Ⅷ',
];

const word = fc
  .constantFrom(...SCRIPTS)
  .chain((script) => fc.array(fc.constantFrom(...script), { minLength: 3, maxLength: 8 }))
  .map((letters) => letters.join(''));
const number = fc.nat({ max: 9_999_999 });

/** Names, addresses and ids, also with characters that an encoding treats specially. */
export const subjects: fc.Arbitrary<string> = fc.oneof(
  word,
  fc.tuple(word, word).map((words) => words.join(' ')),
  fc.tuple(word, number).map(([one, other]) => `${one}-${other}`),
  fc.tuple(word, word, number).map(([one, other, n]) => `${one}.${n}@${other}.example`),
  fc.tuple(word, word).map(([one, other]) => `${one}+${other}@mail.example`),
  fc.tuple(word, fc.constantFrom('"', '\\', '/', '%', '&', "'", '?', '_'), word).map((parts) => parts.join('')),
);

/** The subject in upper and lower case by turns, save for letters whose case changes their length. */
function mixed(subject: string): string {
  const letters = [...subject].map((letter, n) => [letter, n % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase()]);
  return letters
    .map(([one, other]) => (Buffer.byteLength(one as string) === Buffer.byteLength(other as string) ? other : one))
    .join('');
}

/** The same subject as somebody else may write it. */
const rewritten = (subject: string) =>
  fc.constantFrom(
    subject,
    subject.toUpperCase(),
    subject.toLowerCase(),
    mixed(subject),
    subject.normalize('NFD'),
    subject.normalize('NFC'),
  );

/** A text with a subject in it. */
export interface Encoded {
  readonly subject: string;
  readonly encoder: Encoder;
  readonly text: string;
}

/** What stands around an encoded value. */
const around = (value: string) =>
  fc.constantFrom(value, `/u/${value}/edit`, `to=${value}&x=1`, `"${value}"`, `{${value}}`, `(see ${value}, please)`);

/** A subject in any spelling and encoding, with or without other text around it. */
export const encoded: fc.Arbitrary<Encoded> = fc
  .tuple(subjects, fc.constantFrom(...ENCODERS))
  .chain(([subject, encoder]) =>
    rewritten(subject)
      .chain((spelling) => around(encoder.encode(spelling)))
      .map((text) => ({ subject, encoder, text })),
  );
