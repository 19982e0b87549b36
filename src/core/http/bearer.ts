// Parses bearer tokens as all providers here do: scheme in any case, one or more spaces, one token.

const BEARER = /^Bearer +(\S+)$/i;

/** The token of an Authorization header, or null when it is missing, empty, or of another scheme. */
export function bearerToken(header: string | undefined): string | null {
  return (header !== undefined && BEARER.exec(header)?.[1]) || null;
}
