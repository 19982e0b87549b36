// People who resemble each other, texts that mention them, and texts that only look like it.

/** Somebody to search for. */
export interface Person {
  readonly external: string;
  readonly email: string;
}

/** External ids that begin or continue each other, and addresses that do not. */
export const PEOPLE: readonly Person[] = [
  { external: 'user-1', email: 'one@example.com' },
  { external: 'user-12', email: 'two@example.com' },
  { external: 'Kate', email: 'three@example.org' },
  { external: 'Kate.B', email: 'four@example.org' },
];

/** Mentions of a person, which are residues, and strings that only look like mentions. */
export const MENTIONS: ((person: Person) => string)[] = [
  ({ external }) => external,
  ({ external }) => `Lesson with ${external.toUpperCase()}, at nine`,
  ({ external }) => `ask ${external}.`,
  ({ external }) => `/avatars/${external}.png`,
  ({ email }) => `mailto:${email}?subject=x`,
  ({ email }) => `Write to ${email.toUpperCase()}.`,
  ({ external }) => `(${[...external].map((one) => (/[a-z]/i.test(one) ? wide(one) : one)).join('')})`,
];
export const LOOKALIKES: typeof MENTIONS = [
  ({ external }) => `${external}7`,
  ({ external }) => `old-${external}`,
  ({ external }) => `${external}_copy`,
  ({ external }) => `x.${external}`,
];

/** The same letter in full width. */
function wide(letter: string): string {
  return String.fromCharCode((letter.codePointAt(0) as number) + 0xfee0);
}
