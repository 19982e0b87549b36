// Formats variables as lines of a shell or a file, with every value quoted.

/** Names and values, in order. */
type Variables = readonly (readonly [string, string])[];

const lines = (write: (name: string, value: string) => string) => (variables: Variables) =>
  variables.map(([name, value]) => `${write(name, value)}\n`).join('');

/** The formats by name. */
export const FORMATS = {
  sh: lines((name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`),
  fish: lines((name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`),
  // PowerShell treats typographic quotes as quotes.
  powershell: lines((name, value) => `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`),
  // Between single quotes nothing is expanded, and nothing can be escaped either.
  dotenv: lines((name, value) =>
    value.includes("'") ? `${name}="${value.replace(/[\\"$]/g, '\\$&')}"` : `${name}='${value}'`,
  ),
  json: (variables: Variables) => `${JSON.stringify(Object.fromEntries(variables))}\n`,
} as const;
export type Format = keyof typeof FORMATS;
