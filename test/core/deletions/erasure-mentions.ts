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
  ({ external }) => `next=%2Fu%2F${external}%2fedit`,
  ({ email }) => encodeURIComponent(email.toUpperCase()),
  ({ email }) => JSON.stringify({ to: email }).replace('@', '\\u0040'),
  ({ external }) => `/avatars/${base64(external.toUpperCase())}.png`,
  ({ email }) => base64(email),
];
export const LOOKALIKES: typeof MENTIONS = [
  ({ external }) => `${external}7`,
  ({ external }) => `old-${external}`,
  ({ external }) => `${external}_copy`,
  ({ external }) => `x.${external}`,
  ({ external }) => `${external}%37`,
  ({ external }) => `old%2D${external}`,
  ({ external }) => `\\u0078${external}`,
  ({ external }) => base64(`${external}7`),
];

function base64(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** The same letter in full width. */
function wide(letter: string): string {
  return String.fromCharCode((letter.codePointAt(0) as number) + 0xfee0);
}
