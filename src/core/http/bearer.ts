// The Authorization header, read the way every provider here reads it: any case, one or more blanks, one token.

const BEARER = /^Bearer +(\S+)$/i;

/** The token of a bearer header, or null when the header is missing, of another scheme or empty. */
export function bearerToken(header: string | undefined): string | null {
  return (header !== undefined && BEARER.exec(header)?.[1]) || null;
}
