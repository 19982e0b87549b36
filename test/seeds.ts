// Seeds of random tests: from the environment, so that a run can be repeated, else new ones.

/**
 * The integer in an environment variable, or a default.
 *
 * @throws Error when the variable holds something else
 */
export function fromEnvironment(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (!/^-?\d+$/.test(text)) throw new Error(`${name}=${text} is not an integer.`);
  return Number(text);
}

/** The seed in an environment variable, or a new one. */
export function seedFrom(name: string): number {
  return fromEnvironment(name, Math.floor(Math.random() * 2 ** 31));
}
