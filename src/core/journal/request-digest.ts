// Identifies a request by what it asks for, so that equal requests are equal in any order.
import { createHash } from 'node:crypto';

/** Tells equal requests of several clients apart. */
export const CLIENT_HEADER = 'x-understudy-client';

/**
 * A digest of operation, method, URL and body, and of the client that `X-Understudy-Client` names. Other headers are left
 * out, since keys and trace ids differ between runs.
 */
export function requestDigest(
  operation: string | null,
  {
    method,
    url,
    headers = {},
  }: { readonly method: string; readonly url: string; readonly headers?: Readonly<Record<string, unknown>> },
  body: Uint8Array | string,
): string {
  const client = headers[CLIENT_HEADER];
  const head = JSON.stringify([operation, method, url, ...(client === undefined ? [] : [client])]);
  return createHash('sha256').update(head).update(body).digest('base64url').slice(0, 22);
}
