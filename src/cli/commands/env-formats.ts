// Formats variables as lines of a shell or a file that are safe to evaluate, with every value quoted.
import { UsageError } from '../failures.ts';

/** Names and values, in order. */
type Variables = readonly (readonly [string, string])[];

const lines = (write: (name: string, value: string) => string) => (variables: Variables) =>
  variables.map(([name, value]) => `${write(name, value)}\n`).join('');

/** The formats by name. */
const FORMATS = {
  sh: lines((name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`),
  fish: lines((name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`),
  // PowerShell treats typographic quotes as quotes.
  powershell: lines((name, value) => `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`),
  // Readers agree only on what is between single quotes, and not on how to escape there.
  dotenv: lines((name, value) => `${name}='${value}'`),
  json: (variables: Variables) => `${JSON.stringify(Object.fromEntries(variables))}\n`,
} as const;
export type Format = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as Format[];

/** Control characters, also those that end a line for some readers. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Formats variables.
 *
 * @throws UsageError for a value with control characters, or one that a format cannot hold
 */
export function formatVariables(format: Format, variables: Variables): string {
  for (const [name, value] of variables) {
    if (CONTROL.test(value) || !value.isWellFormed())
      throw new UsageError(`${name} has a control character in ${JSON.stringify(value)}; nothing was printed.`);
    if (format === 'dotenv' && /['\\]/.test(value))
      throw new UsageError(
        `${name}=${value} cannot be written as dotenv, because of its quote or backslash; use json.`,
      );
  }
  return FORMATS[format](variables);
}
