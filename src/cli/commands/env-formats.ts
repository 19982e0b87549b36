// Variables as the lines of a shell or a file; whatever a value holds, it stays one value.

/** Names and values, in order. */
type Variables = readonly (readonly [string, string])[];

const lines = (write: (name: string, value: string) => string) => (variables: Variables) =>
  variables.map(([name, value]) => `${write(name, value)}\n`).join('');

/** How each format writes variables. */
export const FORMATS = {
  sh: lines((name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`),
  fish: lines((name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`),
  // It takes typographic quotes for quotes.
  powershell: lines((name, value) => `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`),
  // Nothing is replaced between single quotes, and nothing can be escaped there either.
  dotenv: lines((name, value) =>
    value.includes("'") ? `${name}="${value.replace(/[\\"$]/g, '\\$&')}"` : `${name}='${value}'`,
  ),
  json: (variables: Variables) => `${JSON.stringify(Object.fromEntries(variables))}\n`,
} as const;
export type Format = keyof typeof FORMATS;
